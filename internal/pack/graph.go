package pack

import (
	"slices"
	"strings"
)

// graph is the links of a workflow by the nodes' numbers.
type graph struct {
	w     *Workflow
	index map[string]int
}

func newGraph(w *Workflow) *graph {
	g := &graph{w: w, index: make(map[string]int, len(w.Nodes))}
	for i := range w.Nodes {
		if _, twice := g.index[w.Nodes[i].ID]; !twice {
			g.index[w.Nodes[i].ID] = i
		}
	}
	return g
}

func (g *graph) has(id string) bool { _, ok := g.index[id]; return ok }

func (g *graph) names() []string { return g.w.nodeIDs() }

// cycles finds circles of links, each once, as the numbers of its nodes in the
// way of the data; links of a node to itself are left out. Iterative, since a
// chain may have 100,000 nodes.
func (g *graph) cycles() [][]int {
	const (
		unseen = iota
		open
		done
	)
	type frame struct{ node, link int }
	state := make([]uint8, len(g.w.Nodes))
	var found [][]int
	for start := range g.w.Nodes {
		if state[start] != unseen {
			continue
		}
		stack := []frame{{node: start}}
		state[start] = open
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			inputs := g.w.Nodes[top.node].Inputs
			if top.link == len(inputs) {
				state[top.node] = done
				stack = stack[:len(stack)-1]
				continue
			}
			from, ok := g.index[inputs[top.link].From.Node]
			top.link++
			switch {
			case !ok || from == top.node || state[from] == done:
			case state[from] == unseen:
				state[from] = open
				stack = append(stack, frame{node: from})
			default: // on the stack: a circle; the stack goes against the data
				i := slices.IndexFunc(stack, func(f frame) bool { return f.node == from })
				var c []int
				for _, f := range slices.Backward(stack[i:]) {
					c = append(c, f.node)
				}
				found = append(found, c)
			}
		}
	}
	return found
}

// cycleText names a circle from its first node around to it again.
func (g *graph) cycleText(c []int) string {
	const most = 12
	names := make([]string, 0, len(c)+1)
	for _, i := range c {
		names = append(names, g.w.Nodes[i].ID)
	}
	if len(names) > most {
		names = append(names[:most-1], "…", names[len(names)-1])
	}
	return strings.Join(append(names, names[0]), " → ")
}

// path finds a way along the links from one node to another, as the numbers of
// the nodes in the way of the data; nil when there is none.
func (g *graph) path(from, to string) []int {
	target, ok := g.index[from]
	start, ok2 := g.index[to]
	if !ok || !ok2 {
		return nil
	}
	next := map[int]int{start: -1} // the node downstream on the way
	for queue := []int{start}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if at == target {
			var way []int
			for ; at >= 0; at = next[at] {
				way = append(way, at)
			}
			return way
		}
		for _, l := range g.w.Nodes[at].Inputs {
			if up, ok := g.index[l.From.Node]; ok {
				if _, seen := next[up]; !seen {
					next[up] = at
					queue = append(queue, up)
				}
			}
		}
	}
	return nil
}
