package cli

import "strconv"

// told ends the command with an exit code after its errors have been told.
type told struct{ code int }

// Error names the code.
func (e told) Error() string { return "exit " + strconv.Itoa(e.code) }
