"""A snapshot as a value: canonical content, digest, and the table the core computes on."""

import hashlib
import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from services.rating_engine.core.types import MISSING, PREVIOUS_BAND, Column, Dataset
from shared.schemas.tables import Attribute, IndicatorColumn, IndicatorTable, MissingReason

_SOURCES = b'"sources":{'
"""The key of what stands last in a canonical content; a quote within a text is written otherwise."""


class Carried(NamedTuple):
    """Where a value of an earlier period is from."""

    period: str
    age: int
    """How many periods ago."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """What both services said, in the order of organisation ids."""

    period: str
    as_of: date
    organisations: Sequence[UUID]
    attributes: Mapping[str, Sequence[Attribute]]
    columns: Mapping[str, IndicatorColumn]
    sources: Mapping[str, str]
    """For each indicator the service that gave it."""
    carried: Mapping[str, Mapping[UUID, Carried]] = field(default_factory=dict)
    """For an indicator whose gaps are filled from earlier periods: whose value is from which."""
    previous: Mapping[str, Sequence[float | None]] = field(default_factory=dict)
    """By indicator, the values of the edition in force when the data were frozen; in the order of `organisations`."""
    shares: Mapping[str, float] = field(default_factory=dict)
    """Of the indicators that are shares, what the whole is written as."""

    def content(self) -> bytes:
        """Canonical JSON: sorted keys, no spaces, shortest floats. Equal data, equal bytes."""
        told = {
            "period": self.period,
            "as_of": self.as_of.isoformat(),
            "organisations": [str(organisation) for organisation in self.organisations],
            "attributes": {name: list(values) for name, values in self.attributes.items()},
            "columns": {code: column.model_dump(mode="json") for code, column in self.columns.items()},
            "sources": dict(self.sources),
        }
        if self.carried:
            told["carried"] = {
                code: {str(organisation): [one.period, one.age] for organisation, one in sorted(cells.items())}
                for code, cells in self.carried.items()
            }
        if self.previous:
            told["previous"] = {code: list(values) for code, values in self.previous.items()}
        if self.shares:
            told["shares"] = dict(self.shares)
        return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()

    def without(self, cells: Collection[tuple[UUID, str]]) -> "Frozen":
        """The same with these values (organisation, indicator) taken out, for the reason `invalidated`."""
        places = {organisation: place for place, organisation in enumerate(self.organisations)}
        columns = {code: column.model_copy(deep=True) for code, column in self.columns.items()}
        for organisation, code in cells:
            column, place = columns.get(code), places.get(organisation)
            if column is not None and place is not None:
                column.value[place] = column.n[place] = column.variance[place] = None
                column.reason[place] = MissingReason.INVALIDATED
        return replace(self, columns=columns)

    def only(self, places: Sequence[int]) -> "Frozen":
        """The same of the organisations at these places."""
        kept = [self.organisations[place] for place in places]
        return replace(
            self,
            organisations=kept,
            attributes={name: [values[place] for place in places] for name, values in self.attributes.items()},
            columns={code: cut(column, places) for code, column in self.columns.items()},
            previous={code: [values[place] for place in places] for code, values in self.previous.items()},
        )

    def after(self, earlier: "Frozen", bands: Mapping[UUID, str]) -> "Frozen":
        """The same with what the edition in force says of each organisation: its values, and its band."""
        there = {organisation: place for place, organisation in enumerate(earlier.organisations)}
        places = [there.get(organisation) for organisation in self.organisations]

        def last(column: IndicatorColumn) -> list[float | None]:
            return [None if place is None else column.value[place] for place in places]

        held: list[Attribute] = [bands.get(organisation) for organisation in self.organisations]
        return replace(
            self,
            previous={code: last(earlier.columns[code]) for code in self.columns if code in earlier.columns},
            attributes={**self.attributes, PREVIOUS_BAND: held},
        )

    def _age(self, code: str) -> Any:
        cells = self.carried.get(code)
        if not cells:
            return None
        ages = [cells[organisation].age if organisation in cells else 0 for organisation in self.organisations]
        return np.array(ages, dtype=np.float64)

    def dataset(self) -> Dataset:
        """The same for the core: arrays, with `MISSING` where there is no value."""

        def array(values: Sequence[float | int | None]) -> Any:
            return np.array([MISSING if value is None else float(value) for value in values], dtype=np.float64)

        return Dataset(
            units=tuple(str(organisation) for organisation in self.organisations),
            columns={
                code: Column(
                    values=array(column.value),
                    n=array(column.n),
                    variance=array(column.variance) if any(v is not None for v in column.variance) else None,
                    reasons=tuple(str(reason) if reason else None for reason in column.reason),
                    age=self._age(code),
                    previous=array(self.previous[code]) if code in self.previous else None,
                )
                for code, column in self.columns.items()
            },
            attributes={name: tuple(map(text_of, values)) for name, values in self.attributes.items()},
        )


def _whose(told: Mapping[str, Mapping[str, list[Any]]]) -> dict[str, dict[UUID, Carried]]:
    return {
        code: {UUID(organisation): Carried(*one) for organisation, one in cells.items()} for code, cells in told.items()
    }


def text_of(attribute: Attribute) -> str | None:
    """An attribute as the core groups by it: `true` and `false`, and several words in ascending order as one."""
    if isinstance(attribute, list):
        return ",".join(sorted(attribute))
    return None if attribute is None else str(attribute).lower() if isinstance(attribute, bool) else attribute


def cut(column: IndicatorColumn, places: Sequence[int]) -> IndicatorColumn:
    """The column at these places."""
    return IndicatorColumn(
        value=[column.value[place] for place in places],
        n=[column.n[place] for place in places],
        variance=[column.variance[place] for place in places],
        reason=[column.reason[place] for place in places],
    )


def digest_of(content: bytes) -> str:
    """The name of a content."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def pack(content: bytes) -> bytes:
    """The content as it is stored."""
    return zlib.compress(content, 1)


def unpack(stored: bytes) -> bytes:
    """The content behind a stored one."""
    return zlib.decompress(stored)


def sources_of(content: bytes) -> Mapping[str, str]:
    """For each indicator the service that gave it: the last part of a canonical content, read without the others."""
    return dict(json.loads(content[content.rindex(_SOURCES) + len(_SOURCES) - 1 : -1]))


def parse(content: bytes) -> Frozen:
    """The snapshot that a content tells; raises `ValueError`, `KeyError` or `TypeError` for what is none."""
    told = json.loads(content)
    return Frozen(
        period=told["period"],
        as_of=date.fromisoformat(told["as_of"]),
        organisations=[UUID(organisation) for organisation in told["organisations"]],
        attributes=told["attributes"],
        columns={code: IndicatorColumn.model_validate(column) for code, column in told["columns"].items()},
        sources=told["sources"],
        carried=_whose(told.get("carried", {})),
        previous=told.get("previous", {}),
        shares=told.get("shares", {}),
    )


def join(
    registry: IndicatorTable,
    training: IndicatorTable | None,
    *,
    period: str,
    as_of: date,
    indicators: Sequence[str],
) -> Frozen:
    """One snapshot from the tables of both services.

    The registry says which organisations there are and what they are. Where training has a value of its own for an
    indicator it is taken; where it has none, the registry's observation (or its reason) stands.
    """
    places = {organisation: place for place, organisation in enumerate(registry.organisations)}
    columns: dict[str, IndicatorColumn] = {}
    sources: dict[str, str] = {}
    for code in indicators:
        own = registry.columns.get(code)
        other = training.columns.get(code) if training else None
        sources[code] = "training" if other is not None else "registry"
        columns[code] = _merged(own, other, training.organisations if training else (), places)
    return Frozen(
        period=period,
        as_of=as_of,
        organisations=registry.organisations,
        attributes=registry.attributes,
        columns=columns,
        sources=sources,
    )


def _merged(
    own: IndicatorColumn | None,
    other: IndicatorColumn | None,
    others: Sequence[UUID],
    places: Mapping[UUID, int],
) -> IndicatorColumn:
    size = len(places)
    nothing: list[None] = [None] * size
    value: list[float | None] = list(own.value if own else nothing)
    n: list[int | None] = list(own.n if own else nothing)
    variance: list[float | None] = list(own.variance if own else nothing)
    reason: list[Any] = list(own.reason) if own else ["not_reported"] * size
    if other is not None:
        for position, organisation in enumerate(others):
            place = places.get(organisation)
            if place is None or (other.value[position] is None and value[place] is not None):
                continue
            value[place], n[place] = other.value[position], other.n[position]
            variance[place], reason[place] = other.variance[position], other.reason[position]
    return IndicatorColumn(value=value, n=n, variance=variance, reason=reason)
