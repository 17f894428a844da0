"""The three machines of an enrolment: every state and every action, and the one word they make."""

from itertools import product

import pytest

from services.training_api.enrolments import rules
from services.training_api.enrolments.rules import APPLICATION, OUTCOME, PARTICIPATION, Standing
from shared.machines import Machine
from shared.schemas.training.enrolments import ApplicationState as Application
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import EnrolmentStatus as Status
from shared.schemas.training.enrolments import OutcomeState as Outcome
from shared.schemas.training.enrolments import ParticipationState as Participation

WAYS = {
    "application": """
        enrol: - > submitted accepted
        approve: submitted > school_approved district_approved accepted
        approve: school_approved > district_approved accepted
        approve: district_approved > accepted
        reject: submitted school_approved district_approved > rejected
        cancel: submitted school_approved district_approved > cancelled
    """,
    "participation": """
        enrol: - > confirmed waitlisted
        approve: - > confirmed waitlisted
        offer: waitlisted > offered
        accept: offered > confirmed
        decline: offered > declined
        expire: offered > offer_expired
        start: confirmed > started
        complete: confirmed started > finished no_show
        withdraw: waitlisted offered confirmed started deferred > withdrawn
        defer: waitlisted confirmed started > deferred
        resume: deferred > confirmed waitlisted
        transfer: waitlisted offered confirmed started deferred > transferred
        substitute: confirmed > substituted
        cancel: waitlisted offered confirmed started deferred > cancelled
    """,
    "outcome": """
        complete: - > passed attended failed
        resit: attended failed > passed attended failed
        void: passed attended failed > voided
    """,
}
"""Written down once more, so that nobody changes the tables by mistake: action, from, to."""

STATES = {"application": Application, "participation": Participation, "outcome": Outcome}


def ways(name: str) -> set[tuple[str, str | None, str]]:
    found = set()
    for line in WAYS[name].strip().splitlines():
        action, rest = line.strip().split(": ")
        before, after = (part.split() for part in rest.split(" > "))
        found |= {(action, None if one == "-" else one, other) for one, other in product(before, after)}
    return found


@pytest.mark.parametrize("machine", rules.MACHINES, ids=lambda machine: machine.name)
def test_every_action_leads_from_every_state_where_the_table_says_and_nowhere_else(
    machine: Machine[Application, Action],
) -> None:
    known = STATES[machine.name]

    allowed = {
        (action.value, before.value if before else None, after.value)
        for action, before, after in product(Action, [None, *known], known)
        if machine.allows(action, before, after)  # type: ignore[arg-type] # states of this very machine
    }

    assert allowed == ways(machine.name)


@pytest.mark.parametrize("machine", rules.MACHINES, ids=lambda machine: machine.name)
def test_every_state_can_be_reached(machine: Machine[Application, Action]) -> None:
    reached: set[str | None] = {None}
    for _ in STATES[machine.name]:
        reached |= {after for before, after in machine.pairs() if before in reached}

    assert reached - {None} == set(STATES[machine.name])


STANDINGS = [
    *(Standing(state, None, None) for state in Application if state is not Application.ACCEPTED),
    *(Standing(Application.ACCEPTED, state, None) for state in Participation if state is not Participation.FINISHED),
    *(Standing(Application.ACCEPTED, Participation.FINISHED, state) for state in Outcome),
]
"""Every state an enrolment can be in."""


@pytest.mark.parametrize("standing", STANDINGS, ids=lambda one: rules.status_of(*_parts(one)).value)
def test_what_is_not_allowed_is_refused_with_a_reason_and_nothing_is_forgotten(standing: Standing) -> None:
    asked_for = {move.action for machine in rules.MACHINES for move in machine.moves if move.is_command}

    allowed = rules.commands(standing)
    refused = [one.action for one in rules.refusals(standing)]

    assert set(allowed) | set(refused) == asked_for
    assert not set(allowed) & set(refused)
    assert len(allowed) + len(refused) == len(asked_for)
    assert all(text for one in rules.refusals(standing) for text in one.message)


def _parts(standing: Standing) -> tuple[Application, Participation | None, Outcome | None]:
    return standing.application, standing.participation, standing.outcome


def test_the_three_together_make_every_word_of_the_contract() -> None:
    assert {rules.status_of(*_parts(standing)) for standing in STANDINGS} == set(Status)


def test_states_that_are_over_lead_nowhere() -> None:
    over = {rules.status_of(*_parts(one)) for one in STANDINGS if not rules.commands(one)}

    assert over == {
        Status.REJECTED,
        Status.WITHDRAWN,
        Status.DECLINED,
        Status.OFFER_EXPIRED,
        Status.TRANSFERRED,
        Status.SUBSTITUTED,
        Status.NO_SHOW,
        Status.CANCELLED,
        Status.VOIDED,
    }


def test_a_seat_is_held_only_where_something_may_still_happen_or_it_was_used() -> None:
    assert set() == rules.OCCUPYING & rules.WAITING
    assert rules.OCCUPYING <= rules.LIVE
    assert {Participation(status.value) for status in rules.HOLDING} <= rules.OPEN


def test_nobody_leaves_without_a_reason_and_only_the_course_decides_what_is_its_own() -> None:
    reasoned = {move.action for machine in rules.MACHINES for move in machine.moves if move.needs_reason}
    managers = {action for action in Action if rules.is_for_managers(action)}

    assert reasoned == {Action.REJECT, Action.WITHDRAW, Action.DEFER, Action.VOID}
    assert managers == {Action.OFFER, Action.COMPLETE, Action.RESIT, Action.VOID}


def test_the_machines_are_named_as_their_columns() -> None:
    assert [machine.name for machine in (APPLICATION, PARTICIPATION, OUTCOME)] == list(STATES)
