package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/grid"
	"github.com/weftworks/weft/internal/pack"
)

func (p *program) fmtCommand() *cobra.Command {
	var only bool
	cmd := &cobra.Command{
		Use:   "fmt PACKAGE...",
		Short: "Write packages in their canonical form",
		Long: `Writes packages in their one canonical form, in which a changed setting is a
changed line. A file that has it already is left alone. With --check nothing is
written: the files that would change are listed, and the exit code is 3.`,
		Example:           "  weft fmt flights.weft\n  weft fmt --check *.weft",
		Args:              usage(cobra.MinimumNArgs(1)),
		ValidArgsFunction: packageArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.format(cmd.Context(), args, only)
		},
	}
	cmd.Flags().BoolVar(&only, "check", false, "only list the files that would change")
	return cmd
}

// format formats each package; one that is wrong does not keep the others
// from it.
func (p *program) format(ctx context.Context, paths []string, only bool) error {
	var all []checked
	for _, path := range paths {
		if err := ctx.Err(); err != nil {
			return err
		}
		changes, err := p.formatOne(path, only)
		switch {
		case err != nil:
			p.report(err)
		case changes:
			fmt.Fprintln(p.out, grid.Visible(path))
			if only {
				err = told{code: exitInvalid}
			}
		}
		all = append(all, checked{path: path, err: err})
	}
	return worst(all)
}

func (p *program) formatOne(path string, only bool) (changes bool, err error) {
	src, err := app.ReadFile(path)
	if err != nil {
		return false, err
	}
	text, err := pack.Format(src, path)
	if err != nil {
		return false, invalidPackage{errs.All(err)}
	}
	if bytes.Equal(src, text) {
		return false, nil
	}
	if only {
		return true, nil
	}
	return true, replaceFile(path, text)
}

// replaceFile puts text in the place of a file, in one step and with its
// rights. A symbolic link stays one.
func replaceFile(path string, text []byte) error {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return writable(path, err)
	}
	info, err := os.Stat(real)
	if err != nil {
		return writable(path, err)
	}
	temp, err := writeBeside(real, text, info.Mode().Perm())
	if err == nil {
		if err = os.Rename(temp, real); err != nil {
			err = errors.Join(err, os.Remove(temp))
		}
	}
	return writable(path, err)
}

// writeBeside writes a temporary file in the folder of path and returns its
// name.
func writeBeside(path string, text []byte, mode os.FileMode) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".weft-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// createFile writes a file that must not be there yet.
func createFile(path string, text []byte) error {
	temp, err := writeBeside(path, text, 0o644)
	if err != nil {
		return writable(path, err)
	}
	defer os.Remove(temp)
	return writable(path, os.Link(temp, path))
}
