package rel

// Given is a table that comes with each execution of a query, as the callers
// of a published workflow give one. It is in no file and in no text.
type Given struct {
	Name string // of the node in whose place it stands
}

// Paths is empty: what is given is no file.
func (*Given) Paths() []string { return nil }

// Words tells the name.
func (g *Given) Words() string { return "given " + g.Name }

// Params returns the variables that the expressions of a plan hold, by name.
func Params(r Rel) map[string]*Param {
	out := map[string]*Param{}
	Visit(r, func(x Rel) {
		for _, e := range Expressions(x) {
			Walk(e, func(e Expr) bool {
				if p, ok := e.(*Param); ok {
					out[p.Name] = p
				}
				return true
			})
		}
	})
	return out
}
