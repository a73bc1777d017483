package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

const products = 5000

// makeData writes orders.csv and products.csv, unless they are there in the
// right size. The same seed gives the same bytes.
func makeData(ctx context.Context, c config) error {
	if err := os.MkdirAll(c.data, 0o755); err != nil {
		return err
	}
	if err := make1(filepath.Join(c.data, "products.csv"), writeProducts); err != nil {
		return err
	}
	return make1(c.orders(), func(w *bufio.Writer) error { return writeOrders(ctx, w, c.rows) })
}

func (c config) orders() string { return filepath.Join(c.data, c.ordersName()) }

func (c config) ordersName() string { return fmt.Sprintf("orders-%d.csv", c.rows) }

// make1 writes a file under another name first, so that a file that is there
// is whole.
func make1(path string, write func(*bufio.Writer) error) (err error) {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	fmt.Println("making", filepath.Base(path))
	f, err := os.Create(path + ".part")
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	if err := errors.Join(write(w), w.Flush(), f.Close()); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

func writeProducts(w *bufio.Writer) error {
	fmt.Fprintln(w, "code,category,weight")
	for i := range products {
		fmt.Fprintf(w, "P%04d,Category %d,%d.%d\n", i, i%40, i%90+1, i%10)
	}
	return nil
}

func writeOrders(ctx context.Context, w *bufio.Writer, rows int) error {
	r := rand.New(rand.NewPCG(1, 2))
	day := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	var dates [2000]string
	for i := range dates {
		dates[i] = day.AddDate(0, 0, i).Format(time.DateOnly)
	}
	fmt.Fprintln(w, "id,day,region,product,quantity,price")
	for i := range rows {
		if i%100_000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		fmt.Fprintf(w, "%d,%s,Region %02d,P%04d,%d,%d.%02d\n", i, dates[r.IntN(len(dates))], r.IntN(50),
			r.IntN(products), r.IntN(100)+1, r.IntN(900)+10, r.IntN(100))
	}
	return nil
}
