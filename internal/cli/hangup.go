package cli

import "syscall"

// hangup asks a component to read its certificate again.
const hangup = syscall.SIGHUP
