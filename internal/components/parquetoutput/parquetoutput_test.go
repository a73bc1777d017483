package parquetoutput

import (
	"testing"

	"github.com/weftworks/weft/internal/component/componenttest"
)

func TestConformance(t *testing.T) { componenttest.Test(t, Definition()) }
