"""Holding values against the thresholds of the attestation; nothing is stored."""

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from services.rating_engine.attestations import criteria, rules
from services.rating_engine.attestations.errors import (
    UNIT_TWICE,
    UNKNOWN_CRITERION,
    UNKNOWN_PART,
    WRONG_LENGTH,
    OrganisationNotAttested,
    SchoolsOnly,
    TableMalformed,
)
from services.rating_engine.attestations.rules import Standing, Value
from services.rating_engine.runs import service as runs
from services.rating_engine.runs import stages
from services.rating_engine.runs.rules import sight
from services.rating_engine.snapshots import service as snapshots
from services.rating_engine.snapshots.service import Frozen, Source
from shared.auth import Actor, Scope
from shared.auth.errors import OutOfReach
from shared.db.sessions import AnySession
from shared.errors import FieldError
from shared.schemas.rating.attestations import AttestationTable

INDICATORS = sorted({part.indicator for part in criteria.PARTS.values() if part.is_observed})


def of_table(table: AttestationTable) -> list[tuple[str, Standing]]:
    """How each school of a table stands; raises `TableMalformed`."""
    if found := list(_faults(table)):
        raise TableMalformed(errors=found)
    return [
        (
            unit,
            rules.standing(
                {code: Value(column[place]) for code, column in table.values.items()},
                {int(number): said for number, column in table.judged.items() if (said := column[place]) is not None},
            ),
        )
        for place, unit in enumerate(table.units)
    ]


async def observed(source: Source, organisation_id: UUID, *, period: str, as_of: date) -> Frozen | None:
    """What the services say of an organisation, or nothing where it is not known on that day."""
    return await source.of_one(organisation_id, indicators=INDICATORS, period=period, as_of=as_of)


async def of_run(session: AnySession, actor: Actor, run_id: UUID) -> Frozen:
    """The data of a run; raises `NotInPreview` for those who do not see it yet."""
    run = await runs.get_finished(session, run_id)
    stages.seen_of(run, actor)
    return await snapshots.read(session, run.snapshot_digest or "")


def standing(actor: Actor, frozen: Frozen | None, organisation_id: UUID) -> Standing:
    """How a school stands by these data, small figures included: for those who answer for it or work on ratings.

    Raises `OrganisationNotAttested`, `OutOfReach` and `SchoolsOnly`.
    """
    if frozen is None or organisation_id not in frozen.organisations:
        raise OrganisationNotAttested
    place = list(frozen.organisations).index(organisation_id)
    path = frozen.attributes["area_path"][place] if "area_path" in frozen.attributes else None
    areas = path if isinstance(path, list) else None
    if not sight(actor).is_whole and not actor.reaches(areas, organisation_id, scope=Scope.RATING_READ):
        raise OutOfReach
    if frozen.attributes.get("type", ["school"] * (place + 1))[place] != "school":
        raise SchoolsOnly
    values: dict[str, Value] = {}
    for part in criteria.PARTS.values():
        column = frozen.columns.get(part.indicator)
        if part.is_observed and column is not None:
            values[part.code] = Value(column.value[place], column.n[place], column.reason[place])
    return rules.standing(values, {})


def _faults(table: AttestationTable) -> Iterator[FieldError]:
    if len(set(table.units)) < len(table.units):
        yield FieldError("/units", "unit_repeated", UNIT_TWICE)
    documentary = {str(number) for number in criteria.CRITERIA if number not in criteria.MEASURED}
    columns: tuple[tuple[str, Mapping[str, object], frozenset[str] | set[str]], ...] = (
        ("values", table.values, set(criteria.PARTS)),
        ("judged", table.judged, documentary),
    )
    for name, given, known in columns:
        for code, column in given.items():
            if code not in known:
                unknown = UNKNOWN_PART if name == "values" else UNKNOWN_CRITERION
                yield FieldError(f"/{name}/{code}", "criterion_unknown", unknown)
            elif isinstance(column, list) and len(column) != len(table.units):
                yield FieldError(f"/{name}/{code}", "wrong_length", WRONG_LENGTH)
