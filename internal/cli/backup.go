package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/grid"
)

func (p *program) backupCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "backup DIR",
		Short: "Save all that a Server has into a new folder",
		Long: `Saves the store, people's files and the journals of their packages into a new
folder, while the Server runs or not. The folder has its name only when all of it is
on the disk. Runs, kept results, unfinished uploads and the file of first passwords
are left out.`,
		Example: "  weft admin backup /backup/weft-2026-11-26\n  weft admin backup /backup/weft-2026-11-26 --data /var/lib/weft",
		Args:    usage(cobra.ExactArgs(1)),
	}
	return p.adminAct(cmd, func(ctx context.Context, a *app.Admin, args []string) error {
		saved, err := a.Backup(ctx, args[0], version())
		if err != nil {
			return err
		}
		p.say(errs.Words{En: "Saved into %s: files %s, journals %s, in all %s.", Ru: "Сохранено в %s: файлов %s, журналов %s, всего %s."},
			grid.Visible(args[0]), p.count(int64(saved.Files)), p.count(int64(saved.Journals)), p.bytes(saved.Bytes))
		for _, name := range saved.Damaged {
			fmt.Fprintf(p.err, errs.Words{
				En: "The journal of %s is damaged in the data folder itself, and was saved as it is there.",
				Ru: "Журнал пакета %s повреждён в самом каталоге данных и сохранён таким, какой он там.",
			}.Text(p.lang)+"\n", grid.Visible(name))
		}
		return nil
	})
}

func (p *program) restoreCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "restore DIR",
		Short: "Make the data folder of a Server out of a backup",
		Long: `Makes a data folder, which must be empty or not there, out of what weft admin backup
has saved. Everything is checked before anything has its place. All sessions end, so
that everybody signs in anew; passwords, tokens and rights are those of the backup.`,
		Example: "  weft admin restore /backup/weft-2026-11-26 --data /var/lib/weft",
		Args:    usage(cobra.ExactArgs(1)),
	}
	var data string
	dataFlag(cmd, &data)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		done, err := app.Restore(cmd.Context(), args[0], data)
		if err != nil {
			return err
		}
		p.say(errs.Words{En: "Restored into %s as of %s UTC: files %s, in all %s.", Ru: "Восстановлено в %s на %s UTC: файлов %s, всего %s."},
			grid.Visible(done.Dir), p.moment(done.Made), p.count(int64(done.Files)), p.bytes(done.Bytes))
		p.say(errs.Words{
			En: "Passwords, tokens and rights are those of then. What was taken away since holds again: look through weft admin user list and weft admin token list before the Server starts.",
			Ru: "Пароли, токены и права — на тот момент. Отозванное с тех пор снова действует: до запуска Сервера просмотрите weft admin user list и weft admin token list.",
		})
		return nil
	}
	return cmd
}

// bytes spells a size.
func (p *program) bytes(n int64) string {
	units := strings.Fields(errs.Words{En: "B KiB MiB GiB TiB", Ru: "Б КиБ МиБ ГиБ ТиБ"}.Text(p.lang))
	size, i := float64(n), 0
	for size >= 1024 && i < len(units)-1 {
		size, i = size/1024, i+1
	}
	text := fmt.Sprintf("%.1f", size)
	if i == 0 {
		text = fmt.Sprint(n)
	}
	if p.lang == "ru" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text + " " + units[i]
}
