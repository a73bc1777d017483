package pack

import "slices"

// keyed is two maps that are compared, by the positions of their keys.
type keyed struct {
	a, b       int // how many keys each has
	keyA, keyB func(i int) string
	common     func(i, j int)     // compares the values of a key that both have
	json       func(j int) []byte // of a value of b
	whole      func() []byte      // of b
}

// keys compares maps: keys go, values change, keys come. A key that both have
// but that stands elsewhere goes and comes.
func (d *differ) keys(path []string, k keyed) {
	if k.sameKeys() {
		for i := range k.a {
			k.common(i, i)
		}
		return
	}
	if k.oddOrder() {
		d.add(PatchSet, path, k.whole(), "")
		return
	}
	was := make(map[string]int, k.a)
	for i := range k.a {
		was[k.keyA(i)] = i
	}
	stays := k.staying(was)
	now := make(map[string]bool, k.b)
	for j := range k.b {
		now[k.keyB(j)] = stays[j]
	}
	for i := range k.a {
		if key := k.keyA(i); !now[key] {
			d.add(PatchRemove, under(path, key), nil, "")
		}
	}
	for j := range k.b {
		if stays[j] {
			k.common(was[k.keyB(j)], j)
		}
	}
	before := ""
	for j := k.b - 1; j >= 0; j-- {
		key := k.keyB(j)
		if !stays[j] {
			d.add(PatchSet, under(path, key), k.json(j), before)
		}
		before = key
	}
}

func (k keyed) sameKeys() bool {
	if k.a != k.b {
		return false
	}
	for i := range k.a {
		if k.keyA(i) != k.keyB(i) {
			return false
		}
	}
	return true
}

// oddOrder reports whether some key of b could not be put before the next: an
// empty key can't be named as the next one.
func (k keyed) oddOrder() bool {
	for j := 1; j < k.b; j++ {
		if k.keyB(j) == "" {
			return true
		}
	}
	return false
}

// staying says which keys of b keep their place: a longest run of keys that
// stand in the same order in a.
func (k keyed) staying(was map[string]int) []bool {
	var tails []int // tails[n]: where the run of n+1 keys ends that ends earliest in a
	prev := make([]int, k.b)
	place := func(j int) int { return was[k.keyB(j)] }
	for j := range k.b {
		if _, ok := was[k.keyB(j)]; !ok {
			continue
		}
		n, _ := slices.BinarySearchFunc(tails, place(j), func(t, at int) int { return place(t) - at })
		prev[j] = -1
		if n > 0 {
			prev[j] = tails[n-1]
		}
		tails = append(tails[:n], append([]int{j}, tails[min(n+1, len(tails)):]...)...)
	}
	stays := make([]bool, k.b)
	if len(tails) == 0 {
		return stays
	}
	for j := tails[len(tails)-1]; j >= 0; j = prev[j] {
		stays[j] = true
	}
	return stays
}
