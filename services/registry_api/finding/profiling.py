"""One organisation on one page, put together of what every capability knows of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.clubs.service import schools as clubs
from services.registry_api.commitments import service as commitments
from services.registry_api.facilities import service as facilities
from services.registry_api.finding import texts
from services.registry_api.finding.service import INCLUSIVE_FROM, INCLUSIVE_INDICATOR, INCLUSIVE_TAG
from services.registry_api.indicators import service as indicators
from services.registry_api.networks.service import stays
from services.registry_api.observations import service as observations
from services.registry_api.organisations import service as organisations
from services.registry_api.organisations.service import around, lists
from services.registry_api.organisations.service.lists import Order, Wanted
from services.registry_api.projects.service import projects
from services.registry_api.targets import service as targets
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import ReadSession
from shared.schemas.registry.indicators import Polarity
from shared.schemas.registry.memberships import MembershipFilters, MembershipStatus
from shared.schemas.registry.projects import ProjectsQuery, ProjectStatus
from shared.schemas.registry.targets import TargetsQuery

_LOAD_INDICATOR = "SCH_LOAD_FACTOR"
_NEARBY, _NEARBY_KM = 5, 5.0
_MOST = 50
_DUE_WITHIN = timedelta(days=30)
_FEWEST_PEERS = 5
"""Of fewer, the middle would tell what one of them has."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """Whose page it is."""

    id: UUID
    document: Mapping[str, Any]
    path: Sequence[str]
    on: date


async def profile(session: ReadSession, organisation_id: UUID, *, actor: Actor | None, now: datetime) -> dict[str, Any]:
    """The page as `OrganisationProfile` reads it. Raises `OrganisationNotFound`, `CreatedInError`."""
    page = await organisations.profile(session, organisation_id, actor=actor, now=now)
    document = page["organisation"]
    subject = _Subject(organisation_id, document, [area["code"] for area in page["area_path"]], day_in_kazakhstan(now))
    measured = await _latest(session, subject, (_LOAD_INDICATOR, INCLUSIVE_INDICATOR))
    load, inclusive = measured.get(_LOAD_INDICATOR), measured.get(INCLUSIVE_INDICATOR)
    return {
        **page,
        "places": {
            "design_capacity": document["design_capacity"],
            "shift_count": document["shift_count"],
            "load": load and load["value"],
            "period": load and load["period"],
        },
        "inclusion": _inclusion(document, inclusive),
        "facilities": await facilities.open_on(session, organisation_id, subject.on),
        "clubs": await clubs.of_school(session, organisation_id, on=subject.on),
        "networks": await _networks(session, subject),
        "projects": await _projects(session, subject, now),
        "nearby": await _nearby(session, subject),
        "ask": await _whom_to_ask(session, subject),
        "helplines": texts.HELPLINES,
        "rating": _rating(document["type"]),
        "valid_on": subject.on,
        "director": await _director(session, subject) if _is_theirs(subject, actor) else None,
    }


def _is_theirs(subject: _Subject, actor: Actor | None) -> bool:
    return (
        actor is not None
        and actor.has(Scope.REGISTRY_READ)
        and actor.reaches(subject.path or None, subject.id, scope=Scope.REGISTRY_READ)
    )


async def _latest(session: ReadSession, subject: _Subject, codes: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """The latest final values of indicators, by their codes."""
    versions = {one.id: code for (code, _), one in (await indicators.versions(session, codes)).items()}
    rows = await observations.latest_final(session, subject.id, list(versions))
    return {versions[row["indicator_id"]]: row for row in reversed(rows)}


def _inclusion(document: Mapping[str, Any], measured: Mapping[str, Any] | None) -> dict[str, Any]:
    score, period = (measured["value"], measured["period"]) if measured else (None, None)
    if INCLUSIVE_TAG in document["programme_tags"]:
        return {"conditions": True, "ground": "tag", "score": score, "period": period}
    if score is None:
        return {"conditions": None, "ground": None, "score": None, "period": None}
    return {"conditions": score >= INCLUSIVE_FROM, "ground": "assessment", "score": score, "period": period}


async def _networks(session: ReadSession, subject: _Subject) -> list[dict[str, Any]]:
    query = MembershipFilters(organisation_id=subject.id, status=MembershipStatus.ACTIVE)
    asked = await stays.wanted(session, query, None, on=subject.on)
    return [document for document, _ in await stays.page(session, asked, after=None, limit=_MOST)][:_MOST]


async def _projects(session: ReadSession, subject: _Subject, now: datetime) -> list[dict[str, Any]]:
    query = ProjectsQuery(owner_id=subject.id, status=[ProjectStatus.ACTIVE])
    wanted = await projects.wanted_by(session, query, now=now)
    return (await projects.page(session, wanted, after=None, limit=_MOST, now=now))[:_MOST]


async def _nearby(session: ReadSession, subject: _Subject) -> list[dict[str, Any]]:
    place = subject.document["location"]
    if place is None:
        return []
    wanted = Wanted(
        on=subject.on,
        one_of={"type": [subject.document["type"]], "status": ["open"]},
        near=(place["latitude"], place["longitude"]),
        radius_km=_NEARBY_KM,
    )
    rows = await organisations.page(session, wanted, Order((("distance", False),)), after=None, limit=_NEARBY + 1)
    return [one for one in lists.told(rows) if one["id"] != str(subject.id)][:_NEARBY]


async def _whom_to_ask(session: ReadSession, subject: _Subject) -> list[dict[str, Any]]:
    contacts = subject.document["contacts"] or {}
    itself = {"id": subject.id, "name": subject.document["name"], **contacts}
    found = await around.authorities(session, subject.path, on=subject.on) if subject.path else []
    departments = [
        {
            "id": row["id"],
            "name": {"kk": row["name_kk"], "ru": row["name_ru"], "en": row["name_en"]},
            **{name: row[name] for name in ("phone", "email", "website")},
        }
        for row in found
        if row["id"] != subject.id
    ]
    return [itself, *departments]


def _rating(type_: str) -> dict[str, Any] | None:
    return {"means": texts.RATING_MEANS, "read_at": texts.PUBLICATIONS} if type_ in texts.RATED else None


async def _director(session: ReadSession, subject: _Subject) -> dict[str, Any]:
    region = subject.path[0] if subject.path else None
    inside = await areas.codes_under(session, region, on=subject.on) if region else []
    values = {
        "on": subject.on,
        "peer_type": subject.document["type"],
        "peer_setting": subject.document["setting"],
        "peer_areas": inside,
    }
    rows = await observations.beside(session, subject.id, around.alike(), values)
    definitions = await indicators.by_id(session, {row["indicator_id"] for row in rows})
    coded = sorted(((definitions[row["indicator_id"]], row) for row in rows), key=lambda pair: pair[0].code)
    asked = await targets.wanted(session, TargetsQuery(organisation=subject.id), today=subject.on)
    return {
        "peers": {"type": subject.document["type"], "setting": subject.document["setting"], "area": region},
        "indicators": [_standing(definition, row) for definition, row in coded if row["period"] is not None],
        "missing": [
            {
                "indicator": definition.code,
                "period": row["newest"],
                "last_period": row["period"],
                "reporting": row["reporting"],
            }
            for definition, row in coded
            if row["period_end"] is None or row["period_end"] < row["newest_end"]
        ],
        "commitments_due": await commitments.due(
            session, until=subject.on + _DUE_WITHIN, on=subject.on, owner=subject.id, limit=_MOST
        ),
        "targets": (await targets.page(session, asked, after=None, limit=_MOST))[:_MOST],
    }


def _standing(definition: indicators.Definition, row: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: row[name] for name in ("period", "value", "missing_reason", "status")}
    enough = row["n"] >= _FEWEST_PEERS
    better: float | None = None
    if enough and row["value"] is not None and definition.polarity in (Polarity.HIGHER, Polarity.LOWER):
        wins = row["lower"] if definition.polarity is Polarity.HIGHER else row["higher"]
        better = wins / row["n"]
    return {
        **told,
        "indicator": definition.code,
        "unit": definition.unit,
        "polarity": definition.polarity,
        "peers": row["n"],
        "median": row["median"] if enough else None,
        "better_than": better,
    }
