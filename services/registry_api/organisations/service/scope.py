"""Whole sets of organisations for other capabilities: tables of indicators, and files that name organisations."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.organisations.repository import scope
from shared.db.sessions import AnySession
from shared.schemas.registry.organisation_words import IdentifierScheme, OrganisationStatus, OrganisationType

PRESENT = frozenset({OrganisationStatus.OPEN, OrganisationStatus.CLOSING})
"""Statuses in which an organisation works."""

_SIZE_CLASSES = ((300, "small"), (900, "medium"), (1500, "large"))
"""Most places of each class; the typical projects of schools have 300, 600, 900, 1200, 1500, 2000 or 2500."""

_PROFILE = "profile-"


@dataclass(frozen=True, slots=True)
class Brief:
    """What a value about an organisation is checked against."""

    type: OrganisationType
    area: str | None
    kind: str | None = None
    ownership: str | None = None
    status: str = OrganisationStatus.OPEN.value


@dataclass(frozen=True, slots=True)
class Scope:
    """Organisations in ascending order of id, and their attributes in the same order."""

    ids: list[UUID]
    attributes: dict[str, list[Any]]


async def present(
    session: AnySession,
    *,
    type_: OrganisationType,
    area: str | None,
    on: date,
    known_at: datetime | None,
) -> Scope:
    """The organisations of a type that work on a day, in an area and the areas inside it or everywhere."""
    inside = None if area is None else await areas.codes_under(session, area, on=on, known_at=known_at)
    rows = await scope.present(
        session,
        type_=type_.value,
        statuses=[status.value for status in PRESENT],
        areas=inside,
        on=on,
        known_at=known_at,
    )
    paths = await areas.paths(session, {row["area_code"] for row in rows if row["area_code"]}, on=on)
    names = ("type", "kind", "ownership", "setting", "multigrade", "selective", "name_kk", "name_ru", "name_en")
    attributes: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in names}
    attributes["languages"] = [list(row["languages_of_instruction"]) for row in rows]
    attributes["size_class"] = [_size_class(row["design_capacity"]) for row in rows]
    attributes["programmes"] = [list(row["programme_tags"]) for row in rows]
    attributes["profile"] = [_profile(row["programme_tags"]) for row in rows]
    attributes["area"] = [row["area_code"] for row in rows]
    attributes["area_path"] = [list(paths[row["area_code"]]) if row["area_code"] else [] for row in rows]
    return Scope([row["id"] for row in rows], attributes)


async def briefly(session: AnySession, ids: Collection[UUID], *, on: date) -> dict[UUID, Brief]:
    """What those of `ids` are that are organisations, on a day or, failing that, as first known."""
    rows = await scope.briefly(session, ids, on=on)
    return {
        row["id"]: Brief(OrganisationType(row["type"]), row["area_code"], row["kind"], row["ownership"], row["status"])
        for row in rows
        if row["status"] != OrganisationStatus.CREATED_IN_ERROR
    }


async def names(session: AnySession, ids: Collection[UUID], *, on: date) -> dict[UUID, dict[str, str | None]]:
    """What each is called on a day, in the languages it has a name in."""
    rows = await scope.names(session, ids, on=on) if ids else ()
    return {row["id"]: {code: row[f"name_{code}"] for code in ("kk", "ru", "en")} for row in rows}


async def shifts(session: AnySession, ids: Collection[UUID], *, on: date, known_at: datetime | None) -> dict[UUID, int]:
    """In how many shifts each works on a day, for those whose timetable tells it."""
    rows = await scope.shifts(session, ids, on=on, known_at=known_at) if ids else ()
    return {row["id"]: row["shift_count"] for row in rows}


async def bearers(session: AnySession, scheme: IdentifierScheme, values: Collection[str]) -> dict[str, UUID]:
    """Who bears or bore each of these identifiers."""
    return await scope.bearers(session, scheme.value, values)


async def bearers_of_any(session: AnySession, values: Collection[str]) -> dict[str, set[UUID]]:
    """Who bears or bore each of these identifiers, whatever its scheme; persons' numbers are not looked at."""
    return await scope.bearers_of_any(session, values)


def _profile(tags: Collection[str]) -> str | None:
    """What a college teaches, where exactly one of its tags tells it: `profile-medical` is `medical`."""
    told = {tag.removeprefix(_PROFILE) for tag in tags if tag.startswith(_PROFILE)}
    return told.pop() if len(told) == 1 else None


def _size_class(design_capacity: int | None) -> str | None:
    if design_capacity is None:
        return None
    return next((name for most, name in _SIZE_CLASSES if design_capacity <= most), "very_large")
