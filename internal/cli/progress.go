package cli

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/grid"
	"github.com/weftworks/weft/internal/run"
)

// progress tells how far a run has come: on a terminal in one line that is
// written anew and goes at the end, elsewhere in a line for each step.
type progress struct {
	program *program
	begin   time.Time
	stop    chan struct{}
	wg      sync.WaitGroup

	mu     sync.Mutex
	latest *run.Event // of the step under way
}

// every is how often the line on a terminal is written anew.
const every = 100 * time.Millisecond

func (p *program) newProgress() *progress {
	g := &progress{program: p, begin: time.Now(), stop: make(chan struct{})}
	if p.live && !p.quiet {
		g.wg.Go(g.draw)
	}
	return g
}

// observe takes an event of the run.
func (g *progress) observe(e run.Event) {
	p := g.program
	if p.quiet {
		return
	}
	if p.live {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.latest = &e
		return
	}
	if e.State == run.Done {
		fmt.Fprintf(p.err, "%s %s: %s, %s\n", e.Step.ID, grid.Shorten(strings.Join(e.Step.Nodes, ", "), 100),
			p.rows(e.Rows), seconds(e.Elapsed, p.lang))
	}
}

// draw writes the line until the run ends, then removes it.
func (g *progress) draw() {
	tick := time.NewTicker(every)
	defer tick.Stop()
	shown := false
	for {
		select {
		case <-g.stop:
			if shown {
				fmt.Fprint(g.program.err, "\r\x1b[K")
			}
			return
		case <-tick.C:
			if text := g.text(); text != "" {
				shown = true
				fmt.Fprint(g.program.err, "\r\x1b[K"+text)
			}
		}
	}
}

// text is the line: step, percent where it is known, time, nodes.
func (g *progress) text() string {
	g.mu.Lock()
	e := g.latest
	g.mu.Unlock()
	if e == nil {
		return ""
	}
	p := g.program
	percent := errs.Words{En: "working", Ru: "идёт"}.Text(p.lang)
	if e.Percent >= 0 {
		percent = fmt.Sprintf("%3.0f %%", e.Percent)
	}
	text := fmt.Sprintf("%s  %s  %s  %s", e.Step.ID, percent, seconds(time.Since(g.begin), p.lang), strings.Join(e.Step.Nodes, ", "))
	return grid.Shorten(text, p.warn.Width-1)
}

// end removes the line; nothing is written after it.
func (g *progress) end() {
	close(g.stop)
	g.wg.Wait()
}
