"""Makes documents of rows: columns are bound to fields, cells are read, and pydantic has the last word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from services.registry_api.imports.fields import FIELDS, Field, our_word
from services.registry_api.imports.headings import field_of
from shared.errors import Text
from shared.schemas.registry.import_mappings import AreasMapping, IndicatorsMapping, OrganisationsMapping
from shared.schemas.registry.import_room_mappings import (
    ConstructionMapping,
    EventsMapping,
    MembershipsMapping,
    TargetsMapping,
)
from shared.schemas.registry.import_words import ImportKind
from shared.schemas.sheets import Decimal
from shared.sheets.findings import Finding, shortened
from shared.sheets.opening import Row
from shared.web.messages import MESSAGES, UNKNOWN, WRONG

FieldsMapping = (
    OrganisationsMapping
    | AreasMapping
    | IndicatorsMapping
    | MembershipsMapping
    | TargetsMapping
    | EventsMapping
    | ConstructionMapping
)
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file and the fields it fills."""

    place: int
    heading: str
    fields: tuple[str, ...]
    values: Mapping[str, str]


@dataclass(slots=True)
class Binding:
    """What the columns of a file mean."""

    columns: list[Column] = field(default_factory=list)
    constants: dict[str, str] = field(default_factory=dict)
    decimal: Decimal = Decimal.AUTO
    ignored: list[str] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Document(Generic[M]):
    """A row that is well formed."""

    row: int
    cells: list[str]
    content: M


def bind(kind: ImportKind, headings: Sequence[str], mapping: FieldsMapping | None) -> Binding:
    """Bind the columns as the mapping says, or by our own headings where there is no mapping."""
    return _bind_known(kind, headings) if mapping is None else _bind_mapped(headings, mapping)


def _bind_known(kind: ImportKind, headings: Sequence[str]) -> Binding:
    binding = Binding()
    taken: dict[str, str] = {}
    for place, heading in enumerate(headings):
        name = field_of(kind, heading)
        if name is None:
            binding.faults.append(Finding.of("column_unknown", row=1, column=heading))
        elif name in taken:
            binding.faults.append(Finding.of("column_taken_twice", row=1, column=heading, field=name))
        else:
            taken[name] = heading
            binding.columns.append(Column(place, heading, (name,), {}))
    return binding


def _bind_mapped(headings: Sequence[str], mapping: FieldsMapping) -> Binding:
    binding = Binding(decimal=mapping.decimal, constants={name.value: text for name, text in mapping.constants.items()})
    places = {heading: place for place, heading in enumerate(headings)}
    taken: set[str] = set()
    for heading, told in mapping.columns.items():
        names = tuple(one.value for one in (told if isinstance(told, list) else [told]))
        for name in names:
            if name in taken:
                binding.faults.append(Finding.of("column_taken_twice", row=1, column=heading, field=name))
            taken.add(name)
        if heading not in places:
            binding.faults.append(Finding.of("column_missing", row=1, column=heading))
            continue
        binding.columns.append(Column(places[heading], heading, names, mapping.values.get(heading, {})))
    binding.ignored = [heading for heading in headings if heading not in mapping.columns]
    if not mapping.ignore_other_columns:
        binding.faults += (Finding.of("column_unmapped", row=1, column=heading) for heading in binding.ignored)
    return binding


class Reader(Generic[M]):
    """Reads rows of one file into documents of one form."""

    def __init__(self, kind: ImportKind, form: type[M], binding: Binding) -> None:
        self._fields = FIELDS[kind]
        self._form = form
        self._binding = binding
        self._identifiers = kind is ImportKind.ORGANISATIONS

    def read(self, rows: Sequence[Row]) -> tuple[list[Document[M]], list[Finding]]:
        """The documents of these rows, and what is wrong with the others."""
        documents: list[Document[M]] = []
        findings: list[Finding] = []
        for number, cells in rows:
            content, faults = self._fill(number, cells)
            if not faults:
                try:
                    documents.append(Document(number, cells, self._form.model_validate(content)))
                    continue
                except ValidationError as error:
                    faults = [self._wrong(number, cells, one) for one in error.errors(include_url=False)]
            findings += faults
        return documents, findings

    def column_of(self, name: str) -> Column | None:
        """The column that fills a field."""
        return next((column for column in self._binding.columns if name in column.fields), None)

    def column_at(self, path: Sequence[str | int]) -> Column | None:
        """The column that fills the field at a path of the document, or a field around or inside it."""
        steps = [str(step) for step in path]
        best: tuple[int, Column] | None = None
        for column in self._binding.columns:
            for name in column.fields:
                common = _common(self._fields[name].path, steps)
                if common and (best is None or common > best[0]):
                    best = common, column
        return best[1] if best else None

    def _fill(self, number: int, cells: list[str]) -> tuple[dict[str, Any], list[Finding]]:
        content: dict[str, Any] = {}
        faults: list[Finding] = []
        for column in self._binding.columns:
            text = cells[column.place]
            text = column.values.get(text, text)
            if not text:
                continue
            for name in column.fields:
                finding = self._put(content, name, text)
                if finding is not None:
                    faults.append(Finding.of(finding, row=number, column=column.heading, value=cells[column.place]))
        for name, text in self._binding.constants.items():
            if text and not _is_filled(content, self._fields[name].path):
                finding = self._put(content, name, text)
                if finding is not None:
                    faults.append(Finding.of(finding, row=number, value=text))
        if self._identifiers:
            content["identifiers"] = _identifiers(content.pop("identifiers", {}))
        return content, faults

    def _put(self, content: dict[str, Any], name: str, text: str) -> str | None:
        """Read a text into a field; what is wrong if it cannot be."""
        told: Field = self._fields[name]
        value = told.read(our_word(name, text), self._binding.decimal)
        if value is None:
            return told.fault
        *outer, inner = told.path
        inside = content
        for step in outer:
            inside = inside.setdefault(step, {})
        inside[inner] = value
        return None

    def _wrong(self, number: int, cells: list[str], error: Mapping[str, Any]) -> Finding:
        column = self.column_at(error["loc"])
        code, message = _told(error)
        value = cells[column.place] if column and error["type"] != "missing" else None
        return Finding(number, column.heading if column else _dotted(error["loc"]), shortened(value), code, message)


def _common(path: Sequence[str], steps: Sequence[str]) -> int:
    count = 0
    for ours, theirs in zip(path, steps, strict=False):
        if ours != theirs:
            break
        count += 1
    return count


def _is_filled(content: Mapping[str, Any], path: Sequence[str]) -> bool:
    inside: Any = content
    for step in path:
        if not isinstance(inside, Mapping) or step not in inside:
            return False
        inside = inside[step]
    return True


def _identifiers(told: Mapping[str, str]) -> list[dict[str, str]]:
    """`value` under `scheme`, and those that are named by their scheme."""
    found = [{"scheme": scheme, "value": value} for scheme, value in told.items() if scheme not in ("value", "scheme")]
    if "value" in told:
        found.append({key: told[key] for key in ("scheme", "value") if key in told})
    return found


def _told(error: Mapping[str, Any]) -> tuple[str, Text]:
    kind, context = str(error["type"]), error.get("ctx") or {}
    if {"kk", "ru", "en"} <= context.keys():
        return kind, Text(str(context["kk"]), str(context["ru"]), str(context["en"]))
    template = UNKNOWN if kind == "extra_forbidden" else MESSAGES.get(kind, WRONG)
    try:
        return kind, template.filled({name: str(value)[:200] for name, value in context.items()})
    except KeyError:
        return kind, WRONG


def _dotted(location: Sequence[str | int]) -> str | None:
    return ".".join(str(step) for step in location)[:300] or None
