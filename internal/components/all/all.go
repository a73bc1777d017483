// Package all lists every component of Weft, in the order of the palette. A
// new component is added here by hand: nothing registers itself.
package all

import (
	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/components/calculate"
	"github.com/weftworks/weft/internal/components/distinct"
	"github.com/weftworks/weft/internal/components/fields"
	"github.com/weftworks/weft/internal/components/filter"
	"github.com/weftworks/weft/internal/components/group"
	"github.com/weftworks/weft/internal/components/join"
	"github.com/weftworks/weft/internal/components/parquetinput"
	"github.com/weftworks/weft/internal/components/parquetoutput"
	"github.com/weftworks/weft/internal/components/sample"
	"github.com/weftworks/weft/internal/components/sort"
	"github.com/weftworks/weft/internal/components/table"
	"github.com/weftworks/weft/internal/components/textinput"
	"github.com/weftworks/weft/internal/components/textoutput"
)

// All lists the components, each a fresh definition.
func All() []*component.Definition {
	return []*component.Definition{
		textinput.Definition(),
		parquetinput.Definition(),
		table.Definition(),
		filter.Definition(),
		sort.Definition(),
		distinct.Definition(),
		sample.Definition(),
		join.Definition(),
		calculate.Definition(),
		group.Definition(),
		fields.Definition(),
		textoutput.Definition(),
		parquetoutput.Definition(),
	}
}
