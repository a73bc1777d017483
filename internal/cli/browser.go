package cli

import (
	"os"
	"os/exec"
	"runtime"
)

// openBrowser asks the system to open a file in the browser, and says whether
// there is anybody to see it. It does not wait.
func openBrowser(file string) bool {
	var cmd *exec.Cmd
	switch runtime.GOOS {
	case "darwin":
		cmd = exec.Command("open", file)
	case "windows":
		cmd = exec.Command("rundll32", "url.dll,FileProtocolHandler", file)
	default:
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
			return false
		}
		cmd = exec.Command("xdg-open", file)
	}
	if cmd.Start() != nil {
		return false
	}
	go func() { _ = cmd.Wait() }() // whether it worked, the person sees
	return true
}
