package join

import (
	"testing"

	"github.com/weftworks/weft/internal/component/componenttest"
)

func TestComponent(t *testing.T) { componenttest.Test(t, Definition()) }
