package document

import (
	"encoding/json"
	"strings"

	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/store/journal"
)

// recordEvent is the type of a record that holds an event. The types stand in
// journals: add only at the end.
const recordEvent = 1

func record(e pack.Event) journal.Record {
	return journal.Record{Seq: e.Seq, Type: recordEvent, Payload: pack.EncodeEvent(e)}
}

// snapshot is the state of a document in its journal.
type snapshot struct {
	Text    string       `json:"text"` // of the package's file
	Answers []keptAnswer `json:"answers,omitempty"`
}

type keptAnswer struct {
	Account string   `json:"account"`
	Client  string   `json:"client"`
	Number  int64    `json:"number"`
	Nodes   []string `json:"nodes,omitempty"`
}

func (d *Document) snapshot() ([]byte, error) {
	s := snapshot{Text: string(pack.Encode(d.doc.Package()))}
	for _, key := range d.answers.order {
		account, client, _ := strings.Cut(key, "\x00")
		a := d.answers.by[key]
		s.Answers = append(s.Answers, keptAnswer{account, client, a.Number, a.Nodes})
	}
	return json.Marshal(s)
}

// restore makes the document of a snapshot.
func (d *Document) restore(b []byte, seq int64) error {
	var s snapshot
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	p, err := pack.Decode([]byte(s.Text), d.Path())
	if err != nil {
		return err
	}
	for _, a := range s.Answers {
		d.answers.add(answerKey(a.Account, a.Client), Answer{a.Number, a.Nodes})
	}
	d.doc = pack.NewDocument(p, seq)
	return nil
}

// maxTold is how many events are known after an opening, for those who come
// back.
const maxTold = 512

// replay applies records, as they were applied before, and returns the changes
// of the last of them.
func (d *Document) replay(records []journal.Record) ([]Change, error) {
	var changes []Change
	for i, r := range records {
		event, err := pack.DecodeEvent(r.Payload)
		if err != nil {
			return changes, err
		}
		told := len(records)-i <= maxTold
		var before *pack.Outline
		if told {
			before = d.doc.Outline()
		}
		if event, err = d.doc.Replay(event); err != nil {
			return changes, err
		}
		d.doc.Settle()
		d.answers.add(answerKey(event.Person, event.Client), Answer{event.Seq, event.Made})
		if told {
			changes = append(changes, newChange(event, before, d.doc.Outline()))
		}
		d.weight.add(r)
	}
	return changes, nil
}
