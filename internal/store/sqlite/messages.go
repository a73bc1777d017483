package sqlite

import "github.com/weftworks/weft/internal/errs"

var (
	msgOld = errs.Message{
		ID: "sqlite.library_too_old",
		En: "This program was built with SQLite {version}, which can damage the store. It needs {least} or later: build it anew.",
		Ru: "Программа собрана с SQLite {version}, которая может повредить хранилище. Нужна версия {least} или новее: соберите программу заново.",
	}
	msgNewer = errs.Message{
		ID: "sqlite.store_newer",
		En: "The store {file} was written by a newer Weft (its version is {version}, this program knows up to {known}). Use that Weft, or restore a copy that was made before.",
		Ru: "Хранилище {file} записано более новой версией Weft (его версия {version}, эта программа знает не выше {known}). Используйте новую версию или восстановите копию, сделанную раньше.",
	}
	msgForeign = errs.Message{
		ID: "sqlite.not_a_store",
		En: "{file} is not a store of Weft. Nothing was changed. Name another file, or move this one away.",
		Ru: "{file} — не хранилище Weft. Ничего не изменено. Укажите другой файл или уберите этот.",
	}
	msgDamaged = errs.Message{
		ID: "sqlite.damaged",
		En: "The store {file} is damaged. Nothing was changed. Restore it from the latest copy.",
		Ru: "Хранилище {file} повреждено. Ничего не изменено. Восстановите его из последней копии.",
	}
	msgNetwork = errs.Message{
		ID: "sqlite.network_file_system",
		En: "The store {file} would lie on a network file system ({kind}), where SQLite can lose data. Choose a folder on a disk of this machine.",
		Ru: "Хранилище {file} оказалось бы на сетевой файловой системе ({kind}), где SQLite может потерять данные. Выберите папку на диске этой машины.",
	}
	msgOpen = errs.Message{
		ID: "sqlite.cannot_open",
		En: "The store {file} cannot be opened: {reason}.",
		Ru: "Не удаётся открыть хранилище {file}: {reason}.",
	}
	msgBusy = errs.Message{
		ID: "sqlite.busy",
		En: "The store is in use by another program for too long. Try again.",
		Ru: "Хранилище слишком долго занято другой программой. Повторите попытку.",
	}
	msgFull = errs.Message{
		ID: "sqlite.full",
		En: "The disk of the store is full. Nothing was changed. Free some space and try again.",
		Ru: "На диске хранилища нет места. Ничего не изменено. Освободите место и повторите.",
	}
	msgBackup = errs.Message{
		ID: "sqlite.backup",
		En: "The copy {file} of the store cannot be made: {reason}.",
		Ru: "Не удаётся сделать копию хранилища {file}: {reason}.",
	}
)
