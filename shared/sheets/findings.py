"""What may be wrong or unusual in a file: a stable code and a sentence in three languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.errors import Text, Value

LONGEST_VALUE = 200

TEXTS: Mapping[str, Text] = {
    "encoding_unreadable": Text(
        kk="Файл {encoding} кодтауында емес ({position}-байт)",
        ru="Файл не в кодировке {encoding} (байт {position})",
        en="The file is not in {encoding} (byte {position})",
    ),
    "file_has_nul": Text(
        kk="Файлда NUL таңбасы бар: бұл мәтіндік кесте емес",
        ru="В файле есть знак NUL: это не текстовая таблица",
        en="The file holds a NUL character: it is not a text table",
    ),
    "file_unreadable": Text(
        kk="Файл {format} ретінде оқылмады",
        ru="Файл не читается как {format}",
        en="The file cannot be read as {format}",
    ),
    "workbook_too_large": Text(
        kk="Кітап ашылғанда тым үлкен",
        ru="Книга в распакованном виде слишком велика",
        en="The workbook is too large unpacked",
    ),
    "headings_missing": Text(
        kk="Файлда тақырып жолы жоқ", ru="В файле нет строки заголовков", en="The file has no row of headings"
    ),
    "rows_too_many": Text(
        kk="Файлда жолдар тым көп: ең көбі {limit}",
        ru="В файле слишком много строк: не больше {limit}",
        en="The file has too many rows: at most {limit}",
    ),
    "letters_lost": Text(
        kk="Қазақ әріптерінің орнында сұрақ белгісі тұр: файлды XLSX немесе «CSV UTF-8» етіп қайта сақтаңыз",
        ru="На месте казахских букв вопросительные знаки: сохраните файл заново как XLSX или «CSV UTF-8»",
        en="Question marks stand where Kazakh letters were: save the file again as XLSX or as «CSV UTF-8»",
    ),
    "rows_missing": Text(
        kk="Тақырыптардың астында жол жоқ", ru="Под заголовками нет строк", en="There are no rows below the headings"
    ),
    "heading_empty": Text(
        kk="{place}-бағанның тақырыбы жоқ", ru="У столбца {place} нет заголовка", en="Column {place} has no heading"
    ),
    "heading_repeated": Text(
        kk="Мұндай тақырып екі рет кездеседі", ru="Такой заголовок встречается дважды", en="This heading occurs twice"
    ),
    "headings_too_many": Text(
        kk="Баған тым көп: ең көбі {limit}",
        ru="Столбцов слишком много: не больше {limit}",
        en="Too many columns: at most {limit}",
    ),
    "column_missing": Text(
        kk="Сипаттамада аталған баған файлда жоқ",
        ru="Столбца, названного в описании, в файле нет",
        en="The file has no such column, though the mapping names it",
    ),
    "column_needed": Text(
        kk="«{field}» бағаны керек", ru="Нужен столбец «{field}»", en="A column for “{field}” is needed"
    ),
    "column_unknown": Text(
        kk="Мұндай баған белгісіз; сипаттама (mapping) беріңіз",
        ru="Такой столбец неизвестен; дайте описание (mapping)",
        en="This column is unknown; send a mapping",
    ),
    "column_unmapped": Text(
        kk="Бұл баған сипаттамада жоқ", ru="Этого столбца нет в описании", en="The mapping does not name this column"
    ),
    "column_taken_twice": Text(
        kk="«{field}» үшін екі баған бар", ru="Для «{field}» есть два столбца", en="Two columns are there for “{field}”"
    ),
    "row_ragged": Text(
        kk="Жолда {found} ұяшық, тақырыпта {expected}",
        ru="В строке {found} ячеек, в заголовке {expected}",
        en="The row has {found} cells, the headings have {expected}",
    ),
    "cell_too_long": Text(
        kk="Ұяшық тым ұзын: ең көбі {limit} таңба",
        ru="Ячейка слишком длинна: не больше {limit} знаков",
        en="The cell is too long: at most {limit} characters",
    ),
    "control_character": Text(
        kk="Ұяшықта басқару таңбасы бар", ru="В ячейке управляющий знак", en="The cell holds a control character"
    ),
    "personal_identifier": Text(
        kk="Жолда жеке тұлғаның нөмірі (ЖСН) бар; мұндай жолдар қабылданбайды",
        ru="В строке есть номер физического лица (ИИН); такие строки не принимаются",
        en="The row holds a person's number (IIN); such rows are not taken",
    ),
    "not_a_number": Text(kk="Бұл сан емес", ru="Это не число", en="This is not a number"),
    "not_an_integer": Text(kk="Бұл бүтін сан емес", ru="Это не целое число", en="This is not a whole number"),
    "number_too_large": Text(kk="Сан тым үлкен", ru="Число слишком велико", en="The number is too large"),
    "not_a_yes_or_no": Text(kk="«Иә» немесе «жоқ» күтіледі", ru="Ожидается «да» или «нет»", en="Yes or no is expected"),
    "not_a_date": Text(
        kk="Күн күтіледі: 2025-09-01 немесе 01.09.2025",
        ru="Ожидается дата: 2025-09-01 или 01.09.2025",
        en="A date is expected: 2025-09-01 or 01.09.2025",
    ),
    "percent_unexpected": Text(
        kk="Көрсеткіштің өлшем бірлігі пайыз емес, ал мұнда % белгісі тұр",
        ru="Единица показателя не процент, а здесь стоит знак %",
        en="The indicator's unit is not a percent, yet there is a % sign",
    ),
    "value_missing": Text(
        kk="Мән де, оның жоқ болу себебі де жоқ",
        ru="Нет ни значения, ни причины его отсутствия",
        en="There is neither a value nor a reason for its absence",
    ),
    "value_and_reason": Text(
        kk="Мән мен оның жоқ болу себебі бірге тұр",
        ru="Стоят и значение, и причина его отсутствия",
        en="There is both a value and a reason for its absence",
    ),
    "reason_unknown": Text(
        kk="Мұндай себеп белгісіз; оны сипаттамадағы reasons тізіміне қосыңыз",
        ru="Такая причина неизвестна; внесите её в reasons описания",
        en="This reason is unknown; name it in the mapping's reasons",
    ),
    "status_unknown": Text(
        kk="Мәртебе: provisional, final, corrected немесе withdrawn",
        ru="Статус: provisional, final, corrected или withdrawn",
        en="A status is provisional, final, corrected or withdrawn",
    ),
    "identifier_ambiguous": Text(
        kk="Бұл сәйкестендіргіш бірнеше ұйымға тиесілі: оның орнына id жазыңыз",
        ru="Этот идентификатор носят несколько организаций: укажите вместо него id",
        en="Several organisations bear this identifier: write the id in its place",
    ),
    "row_repeated": Text(
        kk="Мұндай жол файлда бұрын кездескен ({first}-жол)",
        ru="Такая строка в файле уже была (строка {first})",
        en="The same occurs earlier in the file (row {first})",
    ),
    "identifier_missing": Text(
        kk="Ұйымның идентификаторы жоқ",
        ru="Нет идентификатора организации",
        en="The organisation's identifier is missing",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One bad or unusual place in a file."""

    row: int | None
    """As a spreadsheet counts: the headings are row 1."""
    column: str | None
    value: str | None
    code: str
    message: Text

    @classmethod
    def of(
        cls, code: str, *, row: int | None = None, column: str | None = None, value: str | None = None, **values: Value
    ) -> "Finding":
        """A finding whose sentence is in `TEXTS`."""
        return cls(row, column, shortened(value), code, TEXTS[code].filled(values))


class FileFault(Exception):
    """The file as a whole cannot be taken; `finding` tells why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.code)


def shortened(value: str | None) -> str | None:
    """A cell as it is repeated in a report: without control characters, at most 200 characters."""
    if value is None:
        return None
    clean = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in value[: LONGEST_VALUE + 1]
    )
    return clean if len(clean) <= LONGEST_VALUE else clean[: LONGEST_VALUE - 1] + "…"
