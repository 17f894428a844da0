"""What can go wrong, told once: a stable code for programs and a sentence in three languages for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

Value = str | int | float | bool | None
"""What may stand in a problem's context: plain JSON scalars."""


class Text(NamedTuple):
    """One sentence in Kazakh, Russian and English; `{names}` are filled by `str.format`."""

    kk: str
    ru: str
    en: str

    def filled(self, values: Mapping[str, Value]) -> "Text":
        """The sentence with its names replaced by `values`."""
        return Text(*(sentence.format_map(values) for sentence in self))

    def in_language(self, language: str) -> str:
        """The sentence in `kk`, `ru` or `en`; English for anything else."""
        return str(getattr(self, language, self.en))


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong place in what was sent."""

    pointer: str
    """JSON pointer into the body (`/name/kk`), or `?limit` for a query parameter, `#If-Match` for a header."""
    code: str
    message: Text


class Problem(Exception):
    """Base of everything a caller may be told. A subclass names one cause and never changes its `code`.

    `values` fill `title` and `detail` and are repeated in the document's `context`, so that a program
    need not read prose. Only values of checked types belong there: never raw input, never a person's data.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    title: ClassVar[Text] = Text(kk="Ішкі қате", ru="Внутренняя ошибка", en="Internal error")
    detail: ClassVar[Text | None] = None

    def __init__(
        self,
        *,
        pointer: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **values: Value,
    ) -> None:
        self.values = values
        self.headers = dict(headers or {})
        self.errors = tuple(errors)
        if pointer is not None and not self.errors:
            self.errors = (FieldError(pointer, self.code, self.sentence()),)
        super().__init__(self.sentence().en)

    def sentence(self) -> Text:
        """The most telling text this problem has: its detail if there is one, else its title."""
        return (self.detail or self.title).filled(self.values)


class NotFound(Problem):
    """The thing named in the path does not exist, or the caller may not know that it does."""

    code = "not_found"
    status = 404
    title = Text(kk="Табылмады", ru="Не найдено", en="Not found")


class Conflict(Problem):
    """The request is well formed, but what is already so forbids it."""

    code = "conflict"
    status = 409
    title = Text(kk="Қайшылық", ru="Конфликт", en="Conflict")


class Unprocessable(Problem):
    """The request can be read, but what it says cannot be done."""

    code = "unprocessable"
    status = 422
    title = Text(kk="Сұрауды орындау мүмкін емес", ru="Запрос нельзя выполнить", en="The request cannot be carried out")
