package errs

import "strings"

// Suggest returns the words for "did you mean" with the candidate nearest to
// name, or empty words when none is near. It goes at the end of a message as
// {suggest}, after a space.
func Suggest(name string, candidates []string) Words {
	best, dist := "", 1+len([]rune(name))/3
	for _, c := range candidates {
		if strings.EqualFold(c, name) {
			best = c
			break
		}
		if d := distance(strings.ToLower(name), strings.ToLower(c)); d < dist || (d == dist && best == "") {
			best, dist = c, d
		}
	}
	if best == "" {
		return Words{}
	}
	return Words{En: "Did you mean " + best + "?", Ru: "Может быть, " + best + "?"}
}

// distance is the optimal string alignment distance, in characters.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	prev2, prev, cur := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(s); i++ {
		cur[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(t)]
}
