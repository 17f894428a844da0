"""A thousand random histories: what held on a day, as known at a moment, is what a simple model says."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import services.registry_api.models  # noqa: F401 -- tables refer to tables of other rooms
from services.registry_api.indicators import service as indicators
from services.registry_api.networks.models import Membership, Network
from services.registry_api.networks.repository import writing
from services.registry_api.observations import repository as observations
from services.registry_api.observations import staging
from services.registry_api.observations.rules import period
from services.registry_api.observations.staging import Staged
from services.registry_api.organisations import attributes, repository
from services.registry_api.organisations.models import Organisation, OrganisationIdentifier, OrganisationState
from shared.db import bitemporal
from shared.db.engine import Database
from shared.db.sessions import WriteSession
from shared.ids import new_id
from shared.schemas.registry.organisations import OrganisationAttributes
from tests.support.cluster import Databases
from tests.support.registry import ALATAU, AUEZOV, SHYMKENT

DAYS = 12
FIRST = date(2020, 1, 1)
NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
INDICATOR = "SCH_TEXTBOOK_PROVISION"

CHANGES: dict[str, list[Any]] = {
    "name_ru": ["Школа № 1", "Гимназия № 1", "Лицей № 1"],
    "type": ["school", "college"],
    "kind": ["general", "lyceum"],
    "status": ["open", "suspended", "closed"],
    "area_code": [SHYMKENT, ALATAU, AUEZOV],
    "design_capacity": [300, 600, None],
    "head_held": ["appointed", "acting", "vacant"],
}
"""What changes with time, and what it changes to."""


@dataclass(frozen=True)
class Step:
    """Something recorded of an organisation."""

    kind: str
    first: int
    length: int | None
    attribute: str
    choice: int


steps = st.builds(
    Step,
    kind=st.sampled_from(("amend", "amend", "amend", "identify", "join", "leave", "take back")),
    first=st.integers(0, DAYS - 1),
    length=st.one_of(st.none(), st.integers(1, DAYS)),
    attribute=st.sampled_from(sorted(CHANGES)),
    choice=st.integers(0, 1),
)


@dataclass
class Known:
    """What is held true after one step: by day, one value of everything."""

    states: list[dict[str, Any] | None] = field(default_factory=lambda: [None] * DAYS)
    numbers: list[str | None] = field(default_factory=lambda: [None] * DAYS)
    roles: list[str | None] = field(default_factory=lambda: [None] * DAYS)

    def copy(self) -> "Known":
        return Known([dict(one) if one else None for one in self.states], list(self.numbers), list(self.roles))


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def ends(step: Step) -> int | None:
    return None if step.length is None or step.first + step.length >= DAYS else step.first + step.length


@pytest.fixture(scope="module")
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with databases.database_for("registry") as url:
        database = Database(url, application_name="histories")
        yield database
        await database.close()


@pytest.fixture(scope="module")
async def network(database: Database) -> UUID:
    network = Network(
        id=new_id(),
        code="random",
        kind="other",
        name_kk="Желі",
        name_ru="Сеть",
        eligibility=[],
        created_at=NOON,
        updated_at=NOON,
    )
    async with database.writing() as session:
        session.add(network)
    return network.id


class History:
    """One organisation, what was recorded of it, and a model of what is therefore known."""

    def __init__(self, session: WriteSession, network: UUID) -> None:
        self.session, self.network, self.id, self.stay = session, network, new_id(), new_id()
        self.versions: list[tuple[datetime, Known]] = []
        self.kinds: set[str] = set()

    async def begin(self, first: int) -> None:
        described = OrganisationAttributes.model_validate(
            {"name": {"kk": "№1 мектеп", "ru": "Школа № 0"}, "type": "school", "area": SHYMKENT}
        )
        state = {**attributes.columns(described), "status": "proposed"}
        organisation = Organisation(id=self.id, is_synthetic=True, created_at=NOON, updated_at=NOON)
        await repository.add(self.session, organisation, state, [], valid_from=day(first), now=NOON)
        known = Known()
        for number in range(first, DAYS):
            known.states[number] = {name: state[name] for name in CHANGES}
        self.versions.append((NOON, known))

    async def take(self, step: Step) -> None:
        self.kinds.add(step.kind)
        now = NOON + len(self.versions) * HOUR
        known = self.versions[-1][1].copy()
        affected = range(step.first, ends(step) or DAYS)
        until = None if ends(step) is None else day(ends(step) or 0)
        match step.kind:
            case "amend":
                value = CHANGES[step.attribute][step.choice]
                changes = {step.attribute: value}
                try:
                    await repository.amend(
                        self.session, self.id, changes, valid_from=day(step.first), valid_to=until, now=now
                    )
                except bitemporal.NothingToAmendError:
                    assert not any(known.states[number] for number in affected)
                for number in affected:
                    if (state := known.states[number]) is not None:
                        state[step.attribute] = value
            case "identify":
                value = f"{self.id.hex[:20]}-{step.choice}"
                row = repository.identifier(self.id, scheme="nobd", value=value, key=value, valid_from=day(step.first))
                await repository.give(self.session, row, now=now)
                known.numbers[step.first :] = [value] * (DAYS - step.first)
            case "join":
                if any(known.roles[number] for number in affected):
                    return
                role = ("leading", "member")[step.choice]
                part = Membership(
                    membership_id=self.stay,
                    network_id=self.network,
                    organisation_id=self.id,
                    role=role,
                    granted_by="rule",
                    granted_on=day(step.first),
                    trace=[],
                    valid=writing.period(day(step.first), until),
                )
                await writing.add(self.session, [part], now=now)
                for number in affected:
                    known.roles[number] = role
            case "leave":
                await bitemporal.end(
                    self.session, Membership, {"membership_id": self.stay}, valid_from=day(step.first), now=now
                )
                known.roles[step.first :] = [None] * (DAYS - step.first)
            case _:
                last, known = self.versions[-1][0], (self.versions[-2][1] if len(self.versions) > 1 else Known()).copy()
                for model, owner in (
                    (OrganisationState, {"organisation_id": self.id}),
                    (OrganisationIdentifier, {"organisation_id": self.id}),
                    (Membership, {"membership_id": self.stay}),
                ):
                    await bitemporal.take_back(self.session, model, owner, recorded_at=last, now=now)
        self.versions.append((now, known))

    async def check(self, *, probe: int) -> None:
        """Every day of every version as it is listed, and one of them as it is read by itself."""
        owner = {"membership_id": self.stay}
        for known_at, known in self.versions:
            rows = await repository.states(self.session, self.id, known_at=known_at)
            states = [one_on(rows, day(number)) for number in range(DAYS)]
            assert [one and {name: one[name] for name in CHANGES} for one in states] == known.states
            if "identify" in self.kinds:
                held = await repository.identifiers(self.session, [self.id], known_at=known_at)
                numbers = [one_on(held, day(number)) for number in range(DAYS)]
                assert [one and one["value"] for one in numbers] == known.numbers
            if "join" in self.kinds:
                parts = await bitemporal.history(self.session, Membership, owner, known_at=known_at)
                roles = [next((one.role for one in parts if one.valid.contains(day(n))), None) for n in range(DAYS)]
                assert roles == known.roles
        known_at, known = self.versions[probe % len(self.versions)]
        latest, number = self.versions[-1][1], probe % DAYS
        for moment, expected in ((known_at, known), (None, latest)):
            found = await repository.state(self.session, self.id, on=day(number), known_at=moment)
            assert (found and {name: found[name] for name in CHANGES}) == expected.states[number]


def one_on(rows: Any, on: date) -> Any:
    found = [
        row
        for row in rows
        if (row["valid_from"] or on) <= on and (row["valid_until"] is None or on < row["valid_until"])
    ]
    assert len(found) <= 1
    return found[0] if found else None


@settings(
    max_examples=5 * int(os.environ.get("BILIM_HISTORIES", "60")),
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(start=st.integers(0, DAYS - 1), probe=st.integers(0, DAYS * DAYS), taken=st.lists(steps, min_size=1, max_size=4))
async def test_random_histories_of_states_identifiers_and_memberships_are_as_a_model_says(
    database: Database, network: UUID, start: int, probe: int, taken: list[Step]
) -> None:
    async with database.writing() as session:
        history = History(session, network)
        await history.begin(start)
        for step in taken:
            await history.take(step)
        await history.check(probe=probe)


SCHOOLS = 50
PERIODS = ("2023-2024", "2024-2025")
Revision = tuple[int, int, float]
"""A school, a period and a value."""
moments = st.lists(
    st.lists(
        st.tuples(st.integers(0, SCHOOLS - 1), st.integers(0, 1), st.integers(0, 3).map(float)),
        max_size=60,
        unique_by=lambda one: one[:2],
    ),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="module")
async def indicator(database: Database) -> UUID:
    async with database.reading() as session:
        found = await indicators.latest(session, [INDICATOR])
        return found[INDICATOR].id


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(recorded=moments)
async def test_random_histories_of_observations_are_as_a_model_says(
    database: Database, indicator: UUID, recorded: list[list[Revision]]
) -> None:
    schools = [new_id() for _ in range(SCHOOLS)]
    known: dict[tuple[int, int], float] = {}
    versions: list[dict[tuple[int, int], float]] = [{}]
    async with database.writing() as session:
        session.add_all(Organisation(id=one, is_synthetic=True, created_at=NOON, updated_at=NOON) for one in schools)
    for number, revisions in enumerate(recorded, start=1):
        async with database.writing() as session:
            await staging.begin(session)
            await staging.add(session, [staged(indicator, schools, place, one) for place, one in enumerate(revisions)])
            await staging.compare(session, NOON + number * HOUR)
            await staging.merge(session, NOON + number * HOUR, recorded_by="test", import_id=None)
        known = known | {(school, which): value for school, which, value in revisions}
        versions.append(known)

    async with database.writing() as session:
        for known_at, expected in [*((NOON + n * HOUR, one) for n, one in enumerate(versions)), (None, known)]:
            for which, text in enumerate(PERIODS):
                of = period(text)
                assert of is not None
                found = await observations.columns(
                    session,
                    indicators=[indicator],
                    organisations=schools,
                    period=text,
                    first=of.first,
                    last=of.last,
                    known_at=known_at,
                )
                assert found[indicator].value == [expected.get((school, which)) for school in range(SCHOOLS)]


def staged(indicator: UUID, schools: list[UUID], place: int, revision: Revision) -> Staged:
    school, which, value = revision
    of = period(PERIODS[which])
    assert of is not None
    return Staged(
        place=place,
        organisation_id=schools[school],
        area_code=None,
        indicator_id=indicator,
        period=of.text,
        period_end=of.last,
        value=value,
        missing_reason=None,
        missing_code=None,
        n=None,
        variance=None,
        status="provisional",
        source_system="test",
        source_ref="",
        as_of=None,
        break_in_series=False,
        note="",
    )
