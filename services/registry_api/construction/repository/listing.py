"""Projects as they stand on a day, as it is or was known: one statement, whatever is asked for."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Date, DateTime, Integer, Text, TextClause, Uuid, bindparam, text

from shared.db.sessions import AnySession


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which projects, on which day, as known when."""

    on: date
    known_at: datetime | None = None
    id: UUID | None = None
    programme: str | None = None
    areas: Sequence[str] | None = None
    stages: Sequence[str] | None = None
    funding: str | None = None
    settings: Sequence[str] | None = None
    idle: bool | None = None


def _known(alias: str) -> str:
    return (
        f"CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN upper_inf({alias}.recorded) "
        f"ELSE {alias}.recorded @> CAST(:known_at AS timestamptz) END"
    )


_ADDED = "(CAST(:known_at AS timestamptz) IS NULL OR added.recorded_at <= :known_at)"
_STANDING = f"""
    SELECT project.id, project.reference, project.organisation_id, project.is_synthetic, project.version,
        project.updated_at, state.name_kk, state.name_ru, state.name_en, state.programme, state.area_code,
        state.setting, state.design_capacity, state.gross_area_m2, state.languages_of_instruction, state.latitude,
        state.longitude, state.funding, state.funding_sources, state.parties, step.to_stage AS stage,
        step.from_stage, step.effective_on AS stage_since, facts.built_on, facts.commissioned_on,
        facts.operating_on, opening.text AS opens_on, opening.earliest AS opens_earliest,
        facts.built_on IS NOT NULL AND facts.operating_on IS NULL AS idle, idle.reason AS idle_reason
    FROM construction_projects AS project
    JOIN construction_project_states AS state
        ON state.project_id = project.id AND state.valid @> CAST(:on AS date) AND {_known("state")}
    JOIN LATERAL (
        SELECT added.to_stage, added.from_stage, added.effective_on FROM construction_stage_changes AS added
        WHERE added.project_id = project.id AND added.effective_on <= :on AND {_ADDED}
        ORDER BY added.number DESC LIMIT 1
    ) AS step ON true
    LEFT JOIN LATERAL (
        SELECT min(lower(fact.valid)) FILTER (WHERE fact.fact = 'built') AS built_on,
            min(lower(fact.valid)) FILTER (WHERE fact.fact = 'commissioned') AS commissioned_on,
            min(lower(fact.valid)) FILTER (WHERE fact.fact = 'operating') AS operating_on
        FROM construction_facts AS fact
        WHERE fact.project_id = project.id AND fact.valid @> CAST(:on AS date) AND {_known("fact")}
    ) AS facts ON true
    LEFT JOIN LATERAL (
        SELECT added.text, added.earliest FROM construction_dates AS added
        WHERE added.project_id = project.id AND added.gate = 'operating' AND {_ADDED}
        ORDER BY array_position(ARRAY['actual', 'forecast', 'agreed'], added.kind), added.number DESC LIMIT 1
    ) AS opening ON true
    LEFT JOIN construction_idle_reasons AS idle
        ON idle.project_id = project.id AND idle.valid @> CAST(:on AS date) AND {_known("idle")}
    WHERE (CAST(:id AS uuid) IS NULL OR project.id = :id)
        AND (CAST(:programme AS text) IS NULL OR state.programme = :programme)
        AND (CAST(:areas AS text[]) IS NULL OR state.area_code = ANY (:areas))
        AND (CAST(:stages AS text[]) IS NULL OR step.to_stage = ANY (:stages))
        AND (CAST(:funding AS text) IS NULL OR :funding = ANY (state.funding_sources))
        AND (CAST(:settings AS text[]) IS NULL OR state.setting = ANY (:settings))
        AND (CAST(:idle AS boolean) IS NULL
            OR (facts.built_on IS NOT NULL AND facts.operating_on IS NULL) = :idle)
"""  # noqa: S608 # no word of a caller is in it


def _statement(sql: str, *more: Any) -> TextClause:
    return text(sql).bindparams(
        bindparam("on", type_=Date),
        bindparam("known_at", type_=DateTime(timezone=True)),
        bindparam("id", type_=Uuid),
        bindparam("programme", type_=Text),
        bindparam("areas", type_=ARRAY(Text)),
        bindparam("stages", type_=ARRAY(Text)),
        bindparam("funding", type_=Text),
        bindparam("settings", type_=ARRAY(Text)),
        bindparam("idle", type_=Boolean),
        *more,
    )


_ALL = _statement(f"{_STANDING} ORDER BY project.id")
_PAGE = _statement(
    f"{_STANDING} AND (CAST(:after AS uuid) IS NULL OR project.id > :after) ORDER BY project.id LIMIT :most",
    bindparam("after", type_=Uuid),
    bindparam("most", type_=Integer),
)
_COUNT = _statement(f"SELECT count(*) FROM ({_STANDING}) AS standing")  # noqa: S608 # no word of a caller is in it
_SLIPS = text(
    """
    SELECT reached.earliest - agreed.earliest AS days
    FROM unnest(CAST(:projects AS uuid[])) AS project (id)
    JOIN LATERAL (
        SELECT earliest FROM construction_dates
        WHERE project_id = project.id AND gate = :gate AND kind = 'agreed'
            AND (CAST(:known_at AS timestamptz) IS NULL OR recorded_at <= :known_at)
        ORDER BY number LIMIT 1
    ) AS agreed ON true
    JOIN LATERAL (
        SELECT earliest FROM construction_dates
        WHERE project_id = project.id AND gate = :gate AND kind = 'actual' AND latest <= :on
            AND (CAST(:known_at AS timestamptz) IS NULL OR recorded_at <= :known_at)
        ORDER BY number DESC LIMIT 1
    ) AS reached ON true
    """
).bindparams(
    bindparam("projects", type_=ARRAY(Uuid)),
    bindparam("gate", type_=Text),
    bindparam("on", type_=Date),
    bindparam("known_at", type_=DateTime(timezone=True)),
)
_REASONS = text(
    """
    SELECT reason, count(*) AS statements FROM construction_dates
    WHERE project_id = ANY (CAST(:projects AS uuid[])) AND gate = :gate AND reason IS NOT NULL
        AND (CAST(:known_at AS timestamptz) IS NULL OR recorded_at <= :known_at)
    GROUP BY reason ORDER BY reason
    """
).bindparams(
    bindparam("projects", type_=ARRAY(Uuid)),
    bindparam("gate", type_=Text),
    bindparam("known_at", type_=DateTime(timezone=True)),
)


async def one(session: AnySession, wanted: Wanted) -> dict[str, Any] | None:
    """The project that is wanted, if it stood on that day."""
    row = (await session.execute(_ALL, asdict(wanted))).mappings().one_or_none()
    return None if row is None else dict(row)


async def every(session: AnySession, wanted: Wanted) -> list[dict[str, Any]]:
    """All projects wanted, by id."""
    return [dict(row) for row in (await session.execute(_ALL, asdict(wanted))).mappings()]


async def page(session: AnySession, wanted: Wanted, *, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Projects by id behind one, up to `limit`."""
    rows = await session.execute(_PAGE, {**asdict(wanted), "after": after, "most": limit})
    return [dict(row) for row in rows.mappings()]


async def count(session: AnySession, wanted: Wanted) -> int:
    """How many there are."""
    return int((await session.execute(_COUNT, asdict(wanted))).scalar_one())


async def slips(
    session: AnySession, projects: Sequence[UUID], gate: str, *, on: date, known_at: datetime | None
) -> list[int]:
    """For each project that agreed on a date for the gate and passed it by `on`, the days between."""
    values = {"projects": list(projects), "gate": gate, "on": on, "known_at": known_at}
    return [row.days for row in await session.execute(_SLIPS, values)]


async def reasons(
    session: AnySession, projects: Sequence[UUID], gate: str, *, known_at: datetime | None
) -> dict[str, int]:
    """Why dates of the gate moved, and how often that was said."""
    values = {"projects": list(projects), "gate": gate, "known_at": known_at}
    return {row.reason: row.statements for row in await session.execute(_REASONS, values)}
