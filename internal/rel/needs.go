package rel

// Needs returns, for each scan of a plan, the columns that the plan's result
// depends on: those whose values it holds, and those that choose, group or
// order its rows.
func Needs(r Rel) map[*Scan]map[string]bool {
	n := needs{scans: map[*Scan]map[string]bool{}, seen: map[visit]bool{}}
	n.all(r)
	return n.scans
}

type needs struct {
	scans map[*Scan]map[string]bool
	seen  map[visit]bool
}

// all asks for every column of r.
func (n needs) all(r Rel) {
	n.rows(r)
	n.columns(r, r.Schema().Names())
}

func (n needs) columns(r Rel, names []string) {
	for _, name := range names {
		n.column(r, name)
	}
}

// exprs asks for what expressions over in refer to.
func (n needs) exprs(in Rel, list ...Expr) {
	for _, e := range list {
		if e == nil {
			continue
		}
		for name := range Refs(e) {
			n.column(in, name)
		}
	}
}

func (n needs) order(in Rel, keys []SortKey) {
	for _, k := range keys {
		n.column(in, k.Column)
	}
}

// rows asks for what decides which rows r has, and in which order.
func (n needs) rows(r Rel) {
	if n.seen[visit{rel: r}] {
		return
	}
	n.seen[visit{rel: r}] = true
	for _, in := range r.Inputs() {
		n.rows(in)
	}
	switch r := r.(type) {
	case *Scan:
		if n.scans[r] == nil {
			n.scans[r] = map[string]bool{}
		}
	case *Filter:
		n.exprs(r.Input, r.Cond)
	case *Join:
		n.join(r)
	case *Aggregate:
		for _, k := range r.Keys {
			n.exprs(r.Input, k.Expr)
		}
	case *Limit:
		n.counted(r.Input)
	case *Sample:
		n.counted(r.Input)
		n.columns(r.Input, r.By)
	case *Sort:
		n.order(r.Input, r.Keys)
	case *Distinct:
		n.all(r.Input)
	}
}

// counted asks for what decides the places of in's rows: all columns part ties
// where an order by keys, or none, does not tell.
func (n needs) counted(in Rel) {
	if !in.Ordering().Natural || len(in.Ordering().Keys) > 0 {
		n.columns(in, in.Schema().Names())
	}
}

func (n needs) join(r *Join) {
	for _, k := range r.Keys {
		n.column(r.Left, k.Left)
		n.column(r.Right, k.Right)
	}
	if a := r.AsOf; a != nil {
		n.column(r.Left, a.Left)
		n.all(r.Right) // the least right row by all columns parts ties
	}
	if r.Extra == nil {
		return
	}
	Walk(r.Extra, func(e Expr) bool {
		if ref, ok := e.(*Ref); ok {
			n.column(side(r, ref), ref.Column.Name)
		}
		return true
	})
}

func side(r *Join, ref *Ref) Rel {
	if ref.Side == Right {
		return r.Right
	}
	return r.Left
}

// column asks for the values of one column.
func (n needs) column(r Rel, name string) {
	if n.seen[visit{r, name}] {
		return
	}
	n.seen[visit{r, name}] = true
	switch r := r.(type) {
	case *Scan:
		if n.scans[r] == nil {
			n.scans[r] = map[string]bool{}
		}
		n.scans[r][name] = true
	case *Values:
	case *Project:
		if i := r.schema.Index(name); i >= 0 {
			n.exprs(r.Input, r.Items[i].Expr)
		}
	case *Join:
		if i := r.schema.Index(name); i >= 0 {
			n.column(side(r, r.Items[i].From), r.Items[i].From.Column.Name)
		}
	case *Aggregate:
		n.aggregate(r, name)
	case *Window:
		n.window(r, name)
	default:
		for _, in := range r.Inputs() {
			n.column(in, name)
		}
	}
}

func (n needs) aggregate(r *Aggregate, name string) {
	for _, m := range r.Measures {
		if m.Column.Name != name {
			continue
		}
		n.exprs(r.Input, m.Arg)
		n.order(r.Input, m.Order)
	}
}

func (n needs) window(r *Window, name string) {
	for _, it := range r.Items {
		if it.Column.Name != name {
			continue
		}
		n.exprs(r.Input, it.Arg)
		n.columns(r.Input, it.Partition)
		n.order(r.Input, it.Order)
		n.counted(r.Input)
		if len(it.Order) > 0 {
			n.columns(r.Input, r.Input.Schema().Names()) // ties are parted by all columns
		}
		return
	}
	n.column(r.Input, name)
}
