package job

import (
	"encoding/json"
	"fmt"

	"github.com/weftworks/weft/internal/errs"
)

// failures are errors that are kept: worded in both languages, without their
// causes, which the log has.
type failures errs.List

// failure is an error in a run's file.
type failure struct {
	Kind    errs.Kind             `json:"kind"`
	Message errs.Message          `json:"message"`
	Params  map[string]errs.Words `json:"params,omitempty"`
	Place   errs.Place            `json:"place,omitzero"`
}

// MarshalJSON keeps kind, message, parameters and place.
func (f failures) MarshalJSON() ([]byte, error) {
	out := make([]failure, len(f))
	for i, e := range f {
		out[i] = failure{Kind: e.Kind, Message: e.Message, Place: e.Place, Params: map[string]errs.Words{}}
		for k, v := range e.Params {
			if l, ok := v.(errs.Localized); ok {
				out[i].Params[k] = errs.Words{En: l.Text("en"), Ru: l.Text("ru")}
			} else {
				out[i].Params[k] = errs.Words{En: fmt.Sprint(v)}
			}
		}
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (f *failures) UnmarshalJSON(data []byte) error {
	var in []failure
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	*f = nil
	for _, x := range in {
		e := errs.New(x.Kind, x.Message, errs.P{})
		for k, v := range x.Params {
			e.Params[k] = v
		}
		*f = append(*f, e.At(x.Place))
	}
	return nil
}

var errInterrupted = errs.Message{
	ID: "job.interrupted",
	En: "The Server was stopped while this was running. Start it again.",
	Ru: "Сервер был остановлен во время выполнения. Запустите снова.",
}

func interrupted() *errs.Error { return errs.New(errs.Unavailable, errInterrupted, nil) }
