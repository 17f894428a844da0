"""Of whom a survey is: frames in counts alone, and how many of them have answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.rating_engine.surveys import errors, rules
from services.rating_engine.surveys.models import SurveyOrganisation
from services.rating_engine.surveys.repository import boxes, lives
from services.rating_engine.surveys.service.lives import claim, find
from shared import audit
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession, WriteSession
from shared.errors import FieldError
from shared.schemas.base import TextOut
from shared.schemas.rating.survey_ballots import Participation, ParticipationStratum
from shared.schemas.rating.surveys import MOST_PERSONS, FrameOrganisation, FrameRead, FrameStratum, SurveyStatus
from shared.schemas.tables import IndicatorTable


async def replace_frame(
    session: WriteSession,
    survey_id: UUID,
    given: Sequence[FrameOrganisation] | None,
    registry: IndicatorTable,
    *,
    indicator: str,
    now: datetime,
) -> FrameRead:
    """Set who is asked: as given, or where nothing is given by the `n` of the indicator in the registry's table.

    Raises `SurveyNotFound`, `SurveyStepRefused`, `FrameRefused`.
    """
    survey = await claim(session, survey_id)
    if survey.status != SurveyStatus.DRAFT:
        raise errors.SurveyStepRefused(status=survey.status)
    places = {organisation: place for place, organisation in enumerate(registry.organisations)}
    frames = list(given) if given is not None else _by_indicator(registry, indicator)
    if not frames:
        raise errors.FrameRefused(errors=[FieldError("/from_registry", "frame_empty", errors.FRAME_EMPTY)])
    faults = _faults(frames, places)
    if faults:
        raise errors.FrameRefused(errors=faults)
    attributes = registry.attributes
    rows: list[dict[str, Any]] = [
        {
            "organisation_id": frame.organisation_id,
            "name": _name(attributes, places[frame.organisation_id]),
            "area_path": _path(attributes, places[frame.organisation_id]),
            "population": sum(stratum.population for stratum in frame.strata),
            "strata": [stratum.model_dump(mode="json") for stratum in frame.strata],
        }
        for frame in frames
    ]
    await lives.replace_frame(session, survey_id, rows)
    survey.updated_at = now
    population = sum(row["population"] for row in rows)
    await audit.note(
        session, action="frame", resource_type="survey", resource_id=survey_id, rows=len(rows), population=population
    )
    await session.flush()
    left_out = len(places) - len(rows) if given is None else 0
    return FrameRead(survey_id=survey_id, organisations=len(rows), population=population, left_out=left_out)


async def participation(
    session: AnySession, actor: Actor, survey_id: UUID, *, only: UUID | None, after: UUID | None, limit: int
) -> list[Participation]:
    """How many have answered, of the organisations within the caller's reach. Raises `SurveyNotFound`."""
    await find(session, survey_id)
    rows = await lives.organisations(session, survey_id, reach=_reach(actor), only=only, after=after, limit=limit)
    ids = [row.organisation_id for row in rows]
    unused, used = await boxes.unused(session, survey_id, ids), await boxes.used(session, survey_id, ids)
    return [_taken_part(row, unused, used) for row in rows]


async def count_participation(session: AnySession, actor: Actor, survey_id: UUID, *, only: UUID | None) -> int:
    """How many organisations the list has."""
    return await lives.count_organisations(session, survey_id, reach=_reach(actor), only=only)


def _reach(actor: Actor) -> lives.Reach | None:
    """The area and the organisation that a bounded caller reaches; None for one who reaches all."""
    scope = Scope.RATING_READ
    if actor.reaches(None, None, scope=scope):
        return None
    own = actor.organisation if actor.reaches(None, actor.organisation, scope=scope) else None
    return (actor.area if actor.area and actor.reaches([actor.area], None, scope=scope) else None), own


def _taken_part(
    row: SurveyOrganisation, unused: Mapping[boxes.Key, int], used: Mapping[boxes.Key, int]
) -> Participation:
    strata, ballots = [], 0
    for stratum in map(FrameStratum.model_validate, row.strata):
        key = (row.organisation_id, (stratum.grade_group, stratum.language))
        ballots += used.get(key, 0)
        issued = unused.get(key, 0) + used.get(key, 0)
        strata.append(ParticipationStratum(**stratum.model_dump(), issued=issued))
    return Participation(
        organisation_id=row.organisation_id,
        name=TextOut.model_validate(row.name),
        population=row.population,
        issued=sum(stratum.issued for stratum in strata),
        ballots=ballots,
        strata=strata,
    )


def _by_indicator(registry: IndicatorTable, indicator: str) -> list[FrameOrganisation]:
    column = registry.columns[indicator]
    return [
        FrameOrganisation(organisation_id=organisation, strata=[FrameStratum(population=n)])
        for organisation, n in zip(registry.organisations, column.n, strict=True)
        if n is not None and 1 <= n <= MOST_PERSONS
    ]


def _faults(frames: Sequence[FrameOrganisation], places: Mapping[UUID, int]) -> list[FieldError]:
    faults, seen = [], set()
    for number, frame in enumerate(frames):
        pointer = f"/organisations/{number}"
        if frame.organisation_id in seen:
            faults.append(FieldError(pointer, "organisation_repeated", errors.ORGANISATION_REPEATED))
        elif frame.organisation_id not in places:
            faults.append(FieldError(pointer, "organisation_unknown", errors.ORGANISATION_UNKNOWN))
        else:
            faults.extend(rules.frame_faults(pointer, frame.strata, most=MOST_PERSONS))
        seen.add(frame.organisation_id)
    return faults[:100]


def _name(attributes: Mapping[str, Sequence[Any]], place: int) -> dict[str, str]:
    found = {language: attributes.get(f"name_{language}") for language in ("kk", "ru", "en")}
    return {language: values[place] for language, values in found.items() if values and values[place]}


def _path(attributes: Mapping[str, Sequence[Any]], place: int) -> list[str]:
    path = attributes.get("area_path")
    return list(path[place] or []) if path else []
