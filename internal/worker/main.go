package worker

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
)

// Main is the whole of the subcommand `weft worker`: it confines the process,
// opens the engine and serves the parent on standard input and output until
// the parent ends, cancels or dies. It returns the exit status; the caller
// must exit with it at once, since a call that did not stop may be left.
func Main(open Open) int {
	setup, err := readSetup()
	if err != nil {
		fmt.Fprintln(os.Stderr, "weft worker is started by weft itself:", err)
		return 2
	}
	if err := confine(); err != nil {
		fmt.Fprintln(os.Stderr, "confine:", err)
		return 1
	}
	in, out, err := takeStdio()
	if err != nil {
		fmt.Fprintln(os.Stderr, "standard input and output:", err)
		return 1
	}
	if err := Serve(context.Background(), in, out, setup, open); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func readSetup() (Setup, error) {
	var s Setup
	text, ok := os.LookupEnv(setupVariable)
	if !ok {
		return s, fmt.Errorf("%s is not set", setupVariable)
	}
	err := json.Unmarshal([]byte(text), &s)
	return s, err
}
