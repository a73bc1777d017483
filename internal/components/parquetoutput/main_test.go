package parquetoutput

import (
	"testing"

	"github.com/weftworks/weft/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }
