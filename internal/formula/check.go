package formula

// Check finds what is wrong with a formula whose columns are not known: its
// spelling, and the functions and variables that there are none of. The error
// is as Compile's.
func Check(src string, env Env) error {
	root, err := Parse(src)
	if err != nil {
		return err
	}
	b := binder{env: env}
	root.Walk(func(n *Node) {
		switch n.Kind {
		case Variable:
			b.variable(n)
		case Call:
			if _, found := env.Functions.Lookup(n.Text); !found {
				b.fail(n.Name, b.noFunction(n))
			}
		}
	})
	return b.wrong()
}

// wrong is what was noted: nil, one error, or a list.
func (b *binder) wrong() error {
	if len(b.errs) == 1 {
		return b.errs[0]
	}
	return b.errs.Err()
}
