"""A snapshot as a value: canonical content, digest, and the table the core computes on."""

import hashlib
import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np

from services.rating_engine.core.types import MISSING, Column, Dataset
from shared.schemas.tables import Attribute, IndicatorColumn, IndicatorTable, MissingReason


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
                )
                for code, column in self.columns.items()
            },
            attributes={name: tuple(map(_text, values)) for name, values in self.attributes.items()},
        )


def _text(attribute: Attribute) -> str | None:
    """An attribute as the core groups by it."""
    if isinstance(attribute, list):
        return ",".join(sorted(attribute))
    return None if attribute is None else str(attribute).lower() if isinstance(attribute, bool) else attribute


def digest_of(content: bytes) -> str:
    """The name of a content."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def pack(content: bytes) -> bytes:
    """The content as it is stored."""
    return zlib.compress(content, 1)


def unpack(stored: bytes) -> Frozen:
    """The snapshot behind a stored content."""
    told = json.loads(zlib.decompress(stored))
    return Frozen(
        period=told["period"],
        as_of=date.fromisoformat(told["as_of"]),
        organisations=[UUID(organisation) for organisation in told["organisations"]],
        attributes=told["attributes"],
        columns={code: IndicatorColumn.model_validate(column) for code, column in told["columns"].items()},
        sources=told["sources"],
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
