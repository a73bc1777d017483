package grid

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/weftworks/weft/internal/rel"
)

// Stream writes a table row by row. Close writes what is left, not closing
// the writer below.
type Stream interface {
	Rows(rows [][]rel.Value) error
	Close() error
}

// CSV writes comma-separated text as RFC 4180 has it, in UTF-8 with lines that
// end in a line feed: labels in the first line, null as an empty field, empty
// text as "".
func CSV(w io.Writer, schema rel.Schema) Stream {
	c := &csvStream{out: bufio.NewWriter(w), alone: len(schema) == 1}
	for i, col := range schema {
		c.separate(i)
		c.field(col.Title())
	}
	c.out.WriteByte('\n')
	return c
}

type csvStream struct {
	out   *bufio.Writer
	alone bool // the only column: an empty field would be an empty line
}

func (c *csvStream) separate(i int) {
	if i > 0 {
		c.out.WriteByte(',')
	}
}

// Rows writes rows. The buffered writer keeps its first error for Close.
func (c *csvStream) Rows(rows [][]rel.Value) error {
	for _, row := range rows {
		for i, v := range row {
			c.separate(i)
			switch v := v.(type) {
			case nil:
				if c.alone {
					c.out.WriteString(`""`)
				}
			case string:
				c.field(v)
			case float64:
				c.out.WriteString(number(v))
			default:
				fmt.Fprint(c.out, v)
			}
		}
		if err := c.out.WriteByte('\n'); err != nil {
			return err
		}
	}
	return nil
}

func (c *csvStream) field(s string) {
	if s != "" && !strings.ContainsAny(s, ",\"\r\n") && s[0] != ' ' && s[len(s)-1] != ' ' {
		c.out.WriteString(s)
		return
	}
	c.out.WriteByte('"')
	c.out.WriteString(strings.ReplaceAll(s, `"`, `""`))
	c.out.WriteByte('"')
}

// Close writes what is left.
func (c *csvStream) Close() error { return c.out.Flush() }

// JSON writes an array with one object a row and line, keyed by the columns'
// names. Integers and reals are numbers, spelled in full; decimals are text,
// so that no reader rounds them; days and times are text.
func JSON(w io.Writer, schema rel.Schema) Stream {
	j := &jsonStream{out: bufio.NewWriter(w)}
	j.text = json.NewEncoder(&j.buf)
	j.text.SetEscapeHTML(false)
	for i, c := range schema {
		key := "{"
		if i > 0 {
			key = ", "
		}
		j.keys = append(j.keys, key+string(j.quote(c.Name))+": ")
	}
	j.out.WriteString("[")
	return j
}

type jsonStream struct {
	out  *bufio.Writer
	buf  bytes.Buffer
	text *json.Encoder // into buf
	keys []string      // with what stands before them
	some bool
}

// Rows writes rows. The buffered writer keeps its first error for Close.
func (j *jsonStream) Rows(rows [][]rel.Value) error {
	for _, row := range rows {
		if j.some {
			j.out.WriteByte(',')
		}
		j.some = true
		j.out.WriteString("\n  ")
		for i, v := range row {
			j.out.WriteString(j.keys[i])
			j.value(v)
		}
		if len(row) == 0 {
			j.out.WriteByte('{')
		}
		if err := j.out.WriteByte('}'); err != nil {
			return err
		}
	}
	return nil
}

func (j *jsonStream) value(v rel.Value) {
	switch v := v.(type) {
	case nil:
		j.out.WriteString("null")
	case bool, int64:
		fmt.Fprint(j.out, v)
	case float64:
		j.out.WriteString(number(v))
	case string:
		j.out.Write(j.quote(v))
	default:
		j.out.Write(j.quote(fmt.Sprint(v)))
	}
}

func (j *jsonStream) quote(s string) []byte {
	j.buf.Reset()
	if err := j.text.Encode(s); err != nil {
		// Text always encodes.
		return []byte(`""`)
	}
	return bytes.TrimRight(j.buf.Bytes(), "\n")
}

// Close ends the array.
func (j *jsonStream) Close() error {
	if j.some {
		j.out.WriteByte('\n')
	}
	j.out.WriteString("]\n")
	return j.out.Flush()
}
