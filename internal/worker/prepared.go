package worker

import (
	"context"

	"github.com/apache/arrow-go/v18/arrow"
)

// Prepare plans one query under a name, to be executed again and again; a
// query that had the name is dropped.
func (c *Client) Prepare(ctx context.Context, name, sql string) error {
	_, err := c.do(ctx, request{Op: opPrepare, Name: name, SQL: sql}, nil)
	return err
}

// Execute runs a prepared query with the values of its places and hands out
// its rows as Query does.
func (c *Client) Execute(ctx context.Context, name string, args []Argument, maxRows int64, each func(arrow.RecordBatch) error) error {
	return c.rows(ctx, request{Op: opExecute, Name: name, Args: args, Rows: maxRows}, each)
}

// Resident is the memory of the process in bytes; 0 where it cannot be known.
func (c *Client) Resident() int64 { return residentMemory(c.proc.pid) }
