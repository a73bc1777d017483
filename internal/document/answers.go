package document

// maxAnswers is how many answers are kept for repeats.
const maxAnswers = 4096

// answers remembers what was answered to whom, the latest of them.
type answers struct {
	by    map[string]Answer
	order []string
}

// key is under what a request's answer is kept; empty: not at all.
func (r *request) key() string { return answerKey(r.Account, r.Client) }

func answerKey(account, client string) string {
	if client == "" {
		return ""
	}
	return account + "\x00" + client
}

func (a *answers) find(key string) (Answer, bool) {
	found, ok := a.by[key]
	return found, ok && key != ""
}

func (a *answers) add(key string, answer Answer) {
	if key == "" {
		return
	}
	if a.by == nil {
		a.by = map[string]Answer{}
	}
	if _, known := a.by[key]; !known {
		a.order = append(a.order, key)
	}
	a.by[key] = answer
	if len(a.order) > maxAnswers {
		delete(a.by, a.order[0])
		a.order = a.order[1:]
	}
}
