package server

import (
	"io"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/document"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rpc"
)

// wireEvent is an event as a client is told. The id of a command is told to
// its sender alone.
func (w *packageWatch) wireEvent(c document.Change) *weftv1.DocumentEvent {
	can := w.d.Can(w.caller.Account)
	e := &weftv1.DocumentEvent{
		Number: c.Number, Account: c.Account, Name: c.Name, Action: wireAction(c.Action), Of: c.Of, Reload: c.Reload,
		CanUndo: can.Undo, CanRedo: can.Redo,
	}
	switch c.Account {
	case w.caller.Account:
		e.ClientId = c.Client
	case pack.Outside:
		e.Name = errs.Words{En: "Outside Weft", Ru: "Вне Weft"}.Text(w.lang)
	}
	for _, p := range c.Patches {
		e.Patches = append(e.Patches, wirePatch(p))
	}
	return e
}

func wirePatch(p pack.Patch) *weftv1.Patch {
	out := &weftv1.Patch{Path: p.Path, Before: p.Before}
	switch p.Op {
	case pack.PatchRemove:
		out.Change = &weftv1.Patch_Remove{Remove: true}
	case pack.PatchInsert:
		out.Change = &weftv1.Patch_Insert{Insert: string(p.JSON)}
	default:
		out.Change = &weftv1.Patch_Value{Value: string(p.JSON)}
	}
	return out
}

func wireAction(a pack.Action) weftv1.Action {
	switch a {
	case pack.ActionUndo:
		return weftv1.Action_ACTION_UNDO
	case pack.ActionRedo:
		return weftv1.Action_ACTION_REDO
	default:
		return weftv1.Action_ACTION_DO
	}
}

func (w *packageWatch) wireFile(s document.State) *weftv1.FileState {
	f := &weftv1.FileState{Saved: s.File.Saved, Path: w.path}
	if s.File.Conflict != nil {
		f.Conflict = rpc.WireErrors(s.File.Conflict, w.lang)[0]
	}
	if s.Refusal != nil {
		f.Refusal = rpc.WireErrors(s.Refusal, w.lang)[0]
	}
	return f
}

// whole is a package as a client asked to have it.
type whole struct {
	number int64
	size   int64
	write  func(io.Writer) error
}

func (w *packageWatch) whole(s document.State) whole {
	if w.form == weftv1.Form_FORM_TREE {
		return whole{s.Number, int64(s.Outline.Size()), func(out io.Writer) error {
			_, err := s.Outline.WriteTo(out)
			return err
		}}
	}
	p, number := w.d.Current()
	text := pack.Encode(p)
	return whole{number, int64(len(text)), func(out io.Writer) error {
		_, err := out.Write(text)
		return err
	}}
}

// snapshot sends the whole in pieces.
func (w *packageWatch) snapshot(all whole) error {
	w.number = all.number
	c := &chunker{send: func(data []byte, last bool) error {
		return w.send(&weftv1.OpenPackageResponse{What: &weftv1.OpenPackageResponse_Snapshot{Snapshot: &weftv1.Chunk{Data: data, Last: last}}})
	}}
	if err := all.write(c); err != nil {
		return err
	}
	return c.send(c.data, true)
}

// chunker makes pieces of a snapshot. The last one is left in data.
type chunker struct {
	data []byte
	send func(data []byte, last bool) error
}

// Write implements io.Writer.
func (c *chunker) Write(b []byte) (int, error) {
	n := len(b)
	for len(c.data)+len(b) > piece {
		fits := piece - len(c.data)
		if err := c.send(append(c.data, b[:fits]...), false); err != nil {
			return 0, err
		}
		c.data, b = nil, b[fits:] // sent messages are not to be written over
	}
	c.data = append(c.data, b...)
	return n, nil
}
