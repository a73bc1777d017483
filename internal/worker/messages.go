package worker

import "github.com/weftworks/weft/internal/errs"

var (
	msgStart = errs.Message{
		ID: "worker.start",
		En: "The worker process could not be started.",
		Ru: "Не удалось запустить рабочий процесс.",
	}
	msgSetup = errs.Message{
		ID: "worker.setup",
		En: "The worker cannot use the folder or file {name}.",
		Ru: "Рабочий процесс не может использовать папку или файл {name}.",
	}
	msgKilled = errs.Message{
		ID: "worker.killed",
		En: "The worker process was killed from outside, most likely because the machine ran out of memory. Use less data at a time, or give the machine more memory.",
		Ru: "Рабочий процесс был завершён извне, скорее всего потому, что на машине закончилась память. Обрабатывайте меньше данных за раз или добавьте памяти.",
	}
	msgMemory = errs.Message{
		ID: "worker.memory",
		En: "The work needed more memory than its limit of {limit} allows, so it was stopped. Use less data at a time, or raise the limit.",
		Ru: "Для работы понадобилось больше памяти, чем разрешает предел {limit}, и она была остановлена. Обрабатывайте меньше данных за раз или увеличьте предел.",
	}
	msgCrashed = errs.Message{
		ID: "worker.crashed",
		En: "The worker process crashed ({signal}). If this happens again with the same file, the file is probably damaged.",
		Ru: "Рабочий процесс аварийно завершился ({signal}). Если это повторяется с одним и тем же файлом, он, вероятно, повреждён.",
	}
	msgExited = errs.Message{
		ID: "worker.exited",
		En: "The worker process ended unexpectedly with exit status {status}.",
		Ru: "Рабочий процесс неожиданно завершился с кодом {status}.",
	}
	msgProtocol = errs.Message{
		ID: "worker.protocol",
		En: "The worker process gave an answer that makes no sense and was ended.",
		Ru: "Рабочий процесс дал бессмысленный ответ и был завершён.",
	}
	msgStopped = errs.Message{
		ID: "worker.stopped",
		En: "The worker process was ended because it did not stop in time when its work was canceled.",
		Ru: "Рабочий процесс был завершён, так как не остановился вовремя после отмены работы.",
	}
	msgInternal = errs.Message{
		ID: "worker.internal",
		En: "The worker process was ended because of an internal error in it.",
		Ru: "Рабочий процесс был завершён из-за внутренней ошибки в нём.",
	}
	msgClosed = errs.Message{
		ID: "worker.closed",
		En: "The worker process has been closed.",
		Ru: "Рабочий процесс закрыт.",
	}
	msgCanceled = errs.Message{
		ID: "worker.canceled",
		En: "Canceled.",
		Ru: "Отменено.",
	}
	msgTimeout = errs.Message{
		ID: "worker.timeout",
		En: "The time limit was reached before the work was done.",
		Ru: "Предел времени был достигнут раньше, чем работа закончилась.",
	}
	msgTooLarge = errs.Message{
		ID: "worker.too_large",
		En: "The query text or the inline data it holds are too large: {size} MiB, at most {limit} MiB are possible. Put the data into a file.",
		Ru: "Текст запроса или данные в нём слишком велики: {size} МиБ, допустимо не более {limit} МиБ. Поместите данные в файл.",
	}
	msgAnswerTooLarge = errs.Message{
		ID: "worker.answer_too_large",
		En: "The description of the result is larger than {limit} MiB.",
		Ru: "Описание результата больше {limit} МиБ.",
	}
	msgRowTooLarge = errs.Message{
		ID: "worker.row_too_large",
		En: "A row of the result is larger than {limit} MiB.",
		Ru: "Строка результата больше {limit} МиБ.",
	}
	msgOutside = errs.Message{
		ID: "worker.outside",
		En: "The file {name} is not in a folder that may be used.",
		Ru: "Файл {name} находится вне разрешённых папок.",
	}
	msgNoFile = errs.Message{
		ID: "worker.no_file",
		En: "There is no file {name}.",
		Ru: "Файла {name} нет.",
	}
	msgRead = errs.Message{
		ID: "worker.read",
		En: "The file {name} cannot be read.",
		Ru: "Не удаётся прочитать файл {name}.",
	}
	msgWrite = errs.Message{
		ID: "worker.write",
		En: "The file {name} cannot be written.",
		Ru: "Не удаётся записать файл {name}.",
	}
	msgDiskFull = errs.Message{
		ID: "worker.disk_full",
		En: "There is no space left on the disk to write {name}.",
		Ru: "На диске не осталось места, чтобы записать {name}.",
	}
	msgUnencodable = errs.Message{
		ID: "worker.unencodable",
		En: "The text cannot be written in {encoding}: line {line} holds the character {char}, which it does not have. Choose UTF-8.",
		Ru: "Текст нельзя записать в кодировке {encoding}: в строке {line} есть символ {char}, которого в ней нет. Выберите UTF-8.",
	}
	msgUndecodable = errs.Message{
		ID: "worker.undecodable",
		En: "This line is not text in {encoding}, as the lines before it are. Correct the file, or choose its encoding in the settings.",
		Ru: "Эта строка — не текст в кодировке {encoding}, в отличие от строк перед ней. Исправьте файл или выберите в параметрах его кодировку.",
	}
	msgPanic = errs.Message{
		ID: "worker.panic",
		En: "Something went wrong inside the worker. The log says more.",
		Ru: "Внутренняя ошибка рабочего процесса. Подробности в журнале.",
	}
)
