package component

import (
	"strings"
	"testing"

	"github.com/weftworks/weft/internal/errs"
)

func TestCheckPath(t *testing.T) {
	tests := map[string]struct {
		path  string
		write bool
		want  string // id of the message
	}{
		"plain":                        {"data/out.csv", true, ""},
		"from the workspace's root":    {"/out/a b.csv", true, ""},
		"up and down":                  {"../out/./x.csv", true, ""},
		"hidden":                       {".out.csv", true, ""},
		"Cyrillic":                     {"отчёты/итог.csv", true, ""},
		"a pattern to read":            {"data/*.csv", false, ""},
		"a colon to read":              {"10:30.csv", false, ""},
		"a pattern to write":           {"data/*.csv", true, "component.path_character"},
		"a drive":                      {"C:/x.csv", true, "component.path_character"},
		"backslashes":                  {`data\x.csv`, false, "component.path_character"},
		"a line end":                   {"a\nb.csv", false, "component.path_character"},
		"turned direction":             {"a\u202evsc.exe", false, "component.path_character"},
		"a folder":                     {"data/", true, "component.path_folder"},
		"the folder above":             {"..", false, "component.path_folder"},
		"a device":                     {"out/nul.csv", true, "component.path_name"},
		"a device to read":             {"out/nul.csv", false, ""},
		"a port":                       {"com1", true, "component.path_name"},
		"a port with superscript":      {"LPT².txt", true, "component.path_name"},
		"no port":                      {"com", true, ""},
		"a trailing dot":               {"out./x.csv", true, "component.path_name"},
		"a trailing blank":             {"x.csv ", true, "component.path_name"},
		"an empty part":                {"a//x.csv", true, "component.path_name"},
		"not composed":                 {"e\u0301.csv", true, "component.path_name"},
		"a long name":                  {strings.Repeat("x", 256), true, "component.path_long"},
		"a name as long as may be":     {strings.Repeat("x", 255), true, ""},
		"many parts, too long in all":  {strings.Repeat("x/", 2048) + "x", true, "component.path_long"},
		"many parts, just long enough": {strings.Repeat("x/", 2047) + "x", true, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := ""
			if err := checkPath(tt.path, tt.write); err != nil {
				got = errs.All(err)[0].Message.ID
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
