package worker

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/weftworks/weft/internal/errs"
)

// setupVariable is the environment variable that tells the worker its Setup,
// so that every stage of it can read it.
const setupVariable = "WEFT_WORKER"

// maxSetup bounds that text in bytes: Linux allows 128 KiB for one variable.
const maxSetup = 120 << 10

// killReason says why the parent killed the process.
type killReason int

const (
	killNone killReason = iota
	killClose
	killStopped
	killMemory
	killProtocol
	killInternal
)

// process is the operating system's side of a worker.
type process struct {
	pid    int
	in     *os.File // to the worker
	out    *os.File // from the worker
	stderr tail
	limit  int64 // of watchMemory

	write  sync.Mutex // held for a frame
	exited chan struct{}
	state  *os.ProcessState // set before exited is closed
	wg     sync.WaitGroup

	mu     sync.Mutex
	reason killReason
}

// startProcess starts command with pipes as its standard input and output, an
// environment of its own, and a session and process group of its own.
func startProcess(command []string, setup Setup) (*process, error) {
	if len(command) == 0 {
		return nil, errors.New("no command")
	}
	env, err := environment(setup)
	if err != nil {
		return nil, err
	}
	childIn, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer childIn.Close()
	out, childOut, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	defer childOut.Close()

	p := &process{in: in, out: out, exited: make(chan struct{})}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir, cmd.Env = setup.Dir, env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = childIn, childOut, &p.stderr
	cmd.SysProcAttr = processAttributes()
	cmd.WaitDelay = time.Second
	started := make(chan error, 1)
	p.wg.Go(func() { p.run(cmd, started) })
	if err := <-started; err != nil {
		p.wg.Wait()
		return nil, errors.Join(err, in.Close(), out.Close())
	}
	return p, nil
}

// run starts the process and waits for it, on a thread that lives as long as
// the process: Linux's parent-death signal comes when the thread that forked
// ends, not the process.
func (p *process) run(cmd *exec.Cmd, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := cmd.Start()
	if err == nil {
		p.pid = cmd.Process.Pid
	}
	started <- err
	if err != nil {
		return
	}
	_ = cmd.Wait() // what it says stands in the state
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state = cmd.ProcessState
	close(p.exited)
}

// environment is all that a worker sees of the parent's.
func environment(setup Setup) ([]string, error) {
	text, err := json.Marshal(setup)
	if err != nil {
		return nil, err
	}
	if len(text) > maxSetup {
		return nil, fmt.Errorf("the list of readable paths takes %d bytes, at most %d are possible", len(text), maxSetup)
	}
	return append([]string{
		"LANG=C.UTF-8",
		"TZ=UTC",
		"HOME=" + setup.Dir,
		"TMPDIR=" + setup.Temp,
		setupVariable + "=" + string(text),
	}, platformEnvironment()...), nil
}

// send writes a frame to the worker.
func (p *process) send(t frameType, payload []byte) error {
	p.write.Lock()
	defer p.write.Unlock()
	return writeFrame(p.in, t, payload)
}

// sendBefore is send that gives up at deadline, and makes a send that is
// under way give up then too.
func (p *process) sendBefore(deadline time.Time, t frameType, payload []byte) error {
	if err := p.in.SetWriteDeadline(deadline); err != nil {
		return err
	}
	defer p.in.SetWriteDeadline(time.Time{})
	return p.send(t, payload)
}

// kill ends the process and its group at once. The first reason stays.
func (p *process) kill(why killReason) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state != nil {
		return
	}
	if p.reason == killNone {
		p.reason = why
	}
	killGroup(p.pid)
}

// finish waits for the end of a process that has closed its output or broken
// the protocol, and closes the pipes.
func (p *process) finish() {
	timer := time.NewTimer(time.Second)
	defer timer.Stop()
	select {
	case <-p.exited:
	case <-timer.C:
		p.kill(killProtocol)
	}
	p.wg.Wait()
	p.in.Close()
	p.out.Close()
}

// watchMemory kills the process when more than limit bytes of it are resident.
// The engine's own limit does not count everything, so this one is above it.
func (p *process) watchMemory(limit int64) {
	if limit <= 0 {
		return
	}
	p.limit = limit
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-p.exited:
			return
		case <-tick.C:
			if residentMemory(p.pid) > limit {
				p.kill(killMemory)
			}
		}
	}
}

// verdict says why the process ended; it is called after finish. The cause
// err is what was wrong with its output, if anything.
func (p *process) verdict(err error) error {
	cause := errors.Join(err, fmt.Errorf("%v; stderr: %q", p.state, p.stderr.String()))
	switch p.reason {
	case killClose:
		return errs.New(errs.Crashed, msgClosed, nil)
	case killStopped:
		return errs.New(errs.Crashed, msgStopped, nil)
	case killInternal:
		return errs.New(errs.Crashed, msgInternal, nil)
	case killMemory:
		return errs.New(errs.Exhausted, msgMemory, errs.P{"limit": fmt.Sprintf("%d MiB", p.limit>>20)}).Because(cause)
	case killProtocol:
		return errs.New(errs.Crashed, msgProtocol, nil).Because(cause)
	}
	if ws, ok := p.state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		if ws.Signal() == syscall.SIGKILL {
			return errs.New(errs.Crashed, msgKilled, nil).Because(cause)
		}
		return errs.New(errs.Crashed, msgCrashed, errs.P{"signal": ws.Signal()}).Because(cause)
	}
	// Go's runtime turns a signal in foreign code into a report and status 2.
	if m := signalReport().FindStringSubmatch(p.stderr.String()); m != nil {
		return errs.New(errs.Crashed, msgCrashed, errs.P{"signal": m[1]}).Because(cause)
	}
	return errs.New(errs.Crashed, msgExited, errs.P{"status": p.state.ExitCode()}).Because(cause)
}

func signalReport() *regexp.Regexp { return regexp.MustCompile(`(?m)^(SIG[A-Z]+): `) }
