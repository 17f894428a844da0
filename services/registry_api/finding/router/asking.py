"""What a list is asked for, out of its query parameters."""

import difflib
from collections.abc import Collection
from typing import cast

from services.registry_api.finding import errors
from services.registry_api.organisations import service as organisations
from services.registry_api.organisations.service import lists
from services.registry_api.organisations.service.lists import Among, Order, SortField, Wanted
from shared import clock
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.errors import FieldError
from shared.schemas.registry.organisation_lists import OrganisationFilter
from shared.schemas.registry.organisation_words import OrganisationStatus
from shared.web.errors import ValidationFailed
from shared.web.messages import UNKNOWN, UNKNOWN_WITH_SUGGESTION


def wanted(query: OrganisationFilter, actor: Actor | None, *, among: tuple[Among, ...] = ()) -> Wanted:
    """Which organisations; strangers are not shown what is hidden from them, whatever they ask for."""
    hidden: Collection[OrganisationStatus] = () if query.status else (OrganisationStatus.CREATED_IN_ERROR,)
    if not organisations.trusts(actor):
        hidden = lists.HIDDEN_FROM_STRANGERS
    if None not in (query.capacity_min, query.capacity_max) and query.capacity_min > query.capacity_max:  # type: ignore[operator] # mypy does not see through `in`
        raise errors.CapacityUpsideDown(pointer="?capacity_min")
    return Wanted(
        on=query.as_of or day_in_kazakhstan(clock.now()),
        known_at=query.known_at,
        words=lists.understood(query.q or ""),
        one_of={
            name: [one.value for one in getattr(query, name)]
            for name in ("type", "kind", "ownership", "setting", "status", "head_held")
        },
        not_in_status=[status.value for status in hidden],
        area=query.area,
        languages=query.language,
        programme=query.programme,
        shifts=query.shift,
        least_capacity=query.capacity_min,
        most_capacity=query.capacity_max,
        parent_id=query.parent_id,
        near=_point(query.near),
        radius_km=query.radius_km,
        box=_box(query.bbox),
        among=among,
    )


def order(query: OrganisationFilter, sort: str | None, *, russian: bool) -> Order:
    """In which order: as asked for, else by distance, by how well names fit what was typed, or by name."""
    words = bool(lists.understood(query.q or ""))
    by_itself = "distance" if query.near else "relevance,name" if words else "name"
    asked = (sort or by_itself).split(",")
    sorted_by = tuple((cast(SortField, name.removeprefix("-")), name.startswith("-")) for name in asked)
    fields = {name for name, _ in sorted_by}
    if "distance" in fields and query.near is None:
        raise errors.PointNeeded(pointer="?sort")
    if "relevance" in fields and query.q is None:
        raise errors.WordsNeeded(pointer="?sort")
    return Order(sorted_by, russian=russian)


def names(text: str | None, known: Collection[str], pointer: str) -> list[str]:
    """The names in a list of them; each must be known, or the nearest one is suggested."""
    found = list(dict.fromkeys(text.split(","))) if text else []
    unknown = [name for name in found if name not in known]
    if unknown:
        raise ValidationFailed(errors=[_unknown(name, known, pointer) for name in unknown])
    return found


def _unknown(name: str, known: Collection[str], pointer: str) -> FieldError:
    close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    message = UNKNOWN_WITH_SUGGESTION.filled({"suggestion": close[0]}) if close else UNKNOWN
    return FieldError(pointer, "unknown_field", message)


def _point(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    latitude, longitude = (float(part) for part in text.split(","))
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise errors.PlaceMalformed(pointer="?near")
    return latitude, longitude


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    if text is None:
        return None
    west, south, east, north = (float(part) for part in text.split(","))
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90 or south > north:
        raise errors.PlaceMalformed(pointer="?bbox")
    return west, south, east, north
