"""What can go wrong with imports as a whole; what is wrong with a row stands in `findings`."""

from shared.errors import Conflict, NotFound, Text, Unprocessable


class ImportNotFound(NotFound):
    """There is no such import, or it is another's."""

    code = "import_not_found"
    title = Text(kk="Импорт табылмады", ru="Импорт не найден", en="Import not found")


class FileEmpty(Unprocessable):
    """The file holds nothing."""

    code = "file_empty"
    title = Text(kk="Файл бос", ru="Файл пуст", en="The file is empty")


class FileTooLarge(Unprocessable):
    """The file is larger than a service takes."""

    code = "file_too_large"
    status = 413
    title = Text(kk="Файл тым үлкен", ru="Файл слишком велик", en="The file is too large")
    detail = Text(kk="Ең көбі {limit_bytes} байт", ru="Не больше {limit_bytes} байт", en="At most {limit_bytes} bytes")


class MappingUnreadable(Unprocessable):
    """The mapping is not a JSON document of the form this kind of import takes."""

    code = "mapping_invalid"
    title = Text(
        kk="Бағандар сипаттамасында қате бар", ru="В описании столбцов есть ошибки", en="The mapping has mistakes in it"
    )


class ImportRefused(Unprocessable):
    """The file was read, something in it is wrong, and so nothing was changed."""

    code = "import_refused"
    title = Text(
        kk="Импорт қабылданбады, ештеңе өзгерген жоқ",
        ru="Импорт не принят, ничего не изменено",
        en="The import was refused; nothing was changed",
    )
    detail = Text(
        kk="{rows} жолдың {rejected}-інде қате бар. Толық есеп: {report}.",
        ru="Строк: {rows}, с ошибками: {rejected}. Полный отчёт: {report}.",
        en="{rejected} of {rows} rows have errors. The full report: {report}.",
    )


class ImportNotApplied(Conflict):
    """Only what was applied can be undone."""

    code = "import_not_applied"
    title = Text(
        kk="Бұл импортты болдырмау мүмкін емес", ru="Этот импорт нельзя отменить", en="This import cannot be undone"
    )
    detail = Text(
        kk="Импорттың күйі: {state}. Тек қолданылған импорт болдырылмайды.",
        ru="Состояние импорта: {state}. Отменить можно только применённый импорт.",
        en="The import is {state}. Only an applied import can be undone.",
    )


class ImportStoodUpon(Conflict):
    """Something newer stands on what the import brought."""

    code = "import_stood_upon"
    title = Text(
        kk="Импортталған деректер кейін өзгертілген",
        ru="Данные импорта с тех пор изменены",
        en="What the import brought has been changed since",
    )
    detail = Text(
        kk="Кейін өзгертілген жазбалар: {count}. Алдымен соңғы өзгерістерді болдырмаңыз.",
        ru="Записей изменено позже: {count}. Сначала отмените более поздние изменения.",
        en="{count} records have been changed since. Undo the later changes first.",
    )


class ImportKindNotUndone(Conflict):
    """Definitions and the classifier are amended by a new file, not undone."""

    code = "import_kind_not_undone"
    title = Text(
        kk="Мұндай импорт болдырылмайды", ru="Импорт этого вида не отменяется", en="Imports of this kind are not undone"
    )
    detail = Text(
        kk="Анықтамалар мен жіктеуіш жаңа файлмен түзетіледі.",
        ru="Определения и классификатор исправляют новым файлом.",
        en="Definitions and the classifier are mended by a new file.",
    )
