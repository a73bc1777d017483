package document

import (
	"slices"
	"strings"
)

// Presence says where somebody is who has the document open.
type Presence struct {
	Session  string
	Name     string // of the person
	Workflow string // that is looked at
	Nodes    []string
	Version  int64 // another after each change
}

// MaxSelected is how many nodes of a selection others are told.
const MaxSelected = 100

// Arrive tells the others that a session has the document open. Each is
// followed by a Leave.
func (d *Document) Arrive(session, name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.sessions[session]++; d.sessions[session] == 1 {
		d.putPresence(Presence{Session: session, Name: name})
	}
}

// Leave tells the others that a session has gone, once it has nothing open.
func (d *Document) Leave(session string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.sessions[session]--; d.sessions[session] > 0 {
		return
	}
	delete(d.sessions, session)
	d.showLocked(func(s *State) {
		s.Presence = slices.DeleteFunc(slices.Clone(s.Presence), func(p Presence) bool { return p.Session == session })
	})
}

// Place tells the others where a session is, of which at most MaxSelected
// nodes. errs.NotFound: it has not got the document open.
func (d *Document) Place(session, workflow string, nodes []string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	i, there := find(d.state.Presence, session)
	if !there {
		return NotOpen()
	}
	p := d.state.Presence[i]
	p.Workflow, p.Nodes = workflow, slices.Clone(nodes[:min(len(nodes), MaxSelected)])
	d.putPresence(p)
	return nil
}

// putPresence shows a presence. d.mu is held.
func (d *Document) putPresence(p Presence) {
	p.Version = d.state.Version + 1
	list := slices.Clone(d.state.Presence)
	if i, there := find(list, p.Session); there {
		list[i] = p
	} else {
		list = slices.Insert(list, i, p)
	}
	d.showLocked(func(s *State) { s.Presence = list })
}

func find(list []Presence, session string) (int, bool) {
	return slices.BinarySearchFunc(list, session, func(p Presence, s string) int { return strings.Compare(p.Session, s) })
}
