import { readPath } from "../graph/path";
import type { Language } from "../i18n/catalogues";

// Words for settings and choices that the catalogue gives no label for. They
// belong to no component: the same key reads the same everywhere.

const ru: Readonly<Record<string, string>> = {
  path: "Файл", encoding: "Кодировка", delimiter: "Разделитель", quote: "Кавычки", header: "Заголовок", skip: "Пропустить строк",
  nulls: "Пустые значения", decimal: "Десятичный знак", thousands: "Разделитель тысяч", dates: "Шаблоны дат", columns: "Столбцы",
  name: "Имя", field: "Поле файла", label: "Метка", type: "Тип", format: "Шаблон", misfits: "Неподходящие значения", rows: "Строки",
  formula: "Формула", conditions: "Условия", join: "Связка", column: "Столбец", operator: "Сравнение", value: "Значение", to: "До",
  values: "Значения", ignore_case: "Без учёта регистра", keys: "Ключи", direction: "Направление", collation: "Сравнение текста",
  order: "Порядок", method: "Способ", share: "Доля", seed: "Начальное число", by: "По группам", kind: "Вид", left: "Слева",
  right: "Справа", nulls_equal: "Пустые равны", condition: "Условие", nearest: "Ближайшее", strict: "Строго", outer: "Оставить без пары",
  from: "Откуда", keep_right_keys: "Оставить правые ключи", clash: "Одинаковые имена", prefix: "Приставка", suffix: "Окончание",
  formulas: "Формулы", intermediate: "Промежуточный", measures: "Показатели", function: "Функция", at: "Уровень", separator: "Между значениями",
  fields: "Поля", usage: "Назначение", drop: "Убрать", others: "Остальные столбцы", if_exists: "Если файл есть", bom: "Метка порядка байтов",
  null_text: "Текст пустой ячейки", timestamps: "Шаблон даты со временем", true_text: "Текст для «да»", false_text: "Текст для «нет»",
  spreadsheet_safe: "Безопасно для таблиц", compression: "Сжатие",
};

const en: Readonly<Record<string, string>> = {
  path: "File", nulls: "Null values", dates: "Date patterns", misfits: "Values that do not fit", join: "Combine", by: "By group",
  to: "Up to", at: "Level", others: "Other columns", if_exists: "If the file exists", bom: "Byte order mark", null_text: "Text of an empty cell",
};

const ruChoices: Readonly<Record<string, string>> = {
  auto: "авто", yes: "да", no: "нет", null: "пусто", error: "ошибка", and: "и", or: "или", equal: "=", not_equal: "≠", less: "<",
  less_or_equal: "≤", greater: ">", greater_or_equal: "≥", between: "от и до", not_between: "вне", in: "в списке", not_in: "не в списке",
  is_null: "пусто", is_not_null: "не пусто", contains: "содержит", not_contains: "не содержит", starts_with: "начинается с",
  not_starts_with: "не начинается с", ends_with: "кончается на", not_ends_with: "не кончается на", is_true: "да", is_false: "нет",
  ascending: "по возрастанию", descending: "по убыванию", last: "в конце", first: "первые", every: "каждая", share: "доля", count: "количество",
  inner: "внутреннее", left: "левое", right: "правое", full: "полное", semi: "есть пара", anti: "нет пары", cross: "все пары", asof: "ближайшее",
  before: "до", after: "после", count_distinct: "разных", sum: "сумма", mean: "среднее", min: "наименьшее", max: "наибольшее",
  median: "медиана", percentile: "процентиль", stddev: "отклонение", concat: "через запятую", keep: "оставить", drop: "убрать",
  replace: "заменить", fail: "ошибка", labels: "метки", names: "имена", none: "нет", unset: "не задано", key: "ключ", measure: "показатель",
  dimension: "измерение", input: "вход", predicted: "прогноз", weight: "вес", excluded: "исключено", discrete: "дискретный", continuous: "непрерывный",
};

const enChoices: Readonly<Record<string, string>> = {
  equal: "=", not_equal: "≠", less: "<", less_or_equal: "≤", greater: ">", greater_or_equal: "≥",
};

/** Label of a setting. */
export function fieldWord(key: string, language: Language): string {
  return (language === "ru" ? ru[key] : en[key]) ?? humanise(key);
}

/** A setting by its path, as people read it: Measures 2 Column. */
export function settingWord(path: string, language: Language): string {
  return (readPath(path) ?? [path]).map((step) => (typeof step === "number" ? String(step + 1) : fieldWord(step, language))).join(" ");
}

/** A choice of an enum as people read it. */
export function choiceWord(choice: string, language: Language): string {
  return (language === "ru" ? ruChoices[choice] : enChoices[choice]) ?? humanise(choice, false);
}

/** ignore_case as Ignore case. */
function humanise(key: string, capital = true): string {
  const words = key.replace(/_/g, " ");
  return capital ? words.charAt(0).toUpperCase() + words.slice(1) : words;
}
