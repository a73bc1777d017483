package archtest

import "testing"

func TestCheckHelp(t *testing.T) {
	tests := map[string]struct {
		help Help
		want string
	}{
		"both":               {Help{"x", "Rounds a number.", "Округляет число."}, ""},
		"code in the other":  {Help{"x", "Finds `ё` in a text.", "Функция `round`."}, ""},
		"no English":         {Help{"x", " ", "Округляет число."}, "x: has no help in English\n"},
		"no Russian":         {Help{"x", "Rounds a number.", ""}, "x: has no help in Russian\n"},
		"not translated":     {Help{"x", "Rounds a number.", "Rounds a number."}, "x: the Russian help holds no Russian\n"},
		"Russian in English": {Help{"x", "Округляет число.", "Округляет число."}, "x: the English help holds Russian\n"},
		"only code":          {Help{"x", "Rounds.", "`число`"}, "x: the Russian help holds no Russian\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := render(CheckHelp([]Help{tt.help})); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
