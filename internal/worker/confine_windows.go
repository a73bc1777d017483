package worker

import "os"

// confine raises no walls here.
func confine() error { return nil }

func takeStdio() (in, out *os.File, err error) { return os.Stdin, os.Stdout, nil }
