"""Codes hold for one session and one moment; minutes follow from scans in whatever order they arrive."""

import contextlib
import itertools
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.training_api.attendance import errors
from services.training_api.attendance.rules import codes, presence
from services.training_api.attendance.rules.codes import Code
from services.training_api.attendance.rules.machine import MACHINE
from services.training_api.attendance.rules.presence import Hours, Presence, Seen
from shared.schemas.training.attendance import AttendanceAction as Action
from shared.schemas.training.attendance import AttendanceStatus as Status
from shared.schemas.training.attendance import KnownBy, MarkedStatus
from shared.schemas.training.attendance_scans import ScanDirection

KEY = b"k" * 32
SESSION = UUID("0198c0de-0000-7000-8000-000000000321")
NINE = datetime(2030, 1, 5, 4, 0, tzinfo=UTC)  # 09:00 in Kazakhstan
DAY = Hours(NINE, NINE + timedelta(hours=7))
IN, OUT = ScanDirection.IN, ScanDirection.OUT

moments = st.integers(0, 2_400_000_000_000).map(
    lambda ms: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)
directions = st.sampled_from(ScanDirection)
near_by = st.integers(-3600, 3600).map(lambda seconds: timedelta(seconds=seconds))


def taken(session_id: UUID, text: str, now: datetime, *, key: bytes = KEY) -> bool:
    code = codes.read(key, session_id, text, near=now)
    return code is not None and 0 <= codes.age(code, now) <= codes.GRACE_STEPS


@settings(max_examples=500)
@given(moments, directions, near_by)
def test_a_code_is_taken_in_its_half_minute_and_the_next_and_at_no_other_moment(
    shown_at: datetime, direction: ScanDirection, later: timedelta
) -> None:
    slot = codes.slot_at(shown_at)
    text = codes.make(KEY, SESSION, Code(direction, slot))
    scanned_at = shown_at + later

    found = codes.read(KEY, SESSION, text, near=scanned_at)

    assert found == Code(direction, slot)
    begun = codes.begins(slot)
    assert taken(SESSION, text, scanned_at) == (begun <= scanned_at < begun + timedelta(seconds=60))


@settings(max_examples=500)
@given(st.uuids(), st.uuids(), moments, directions)
def test_no_code_of_one_session_is_one_of_another(
    one: UUID, other: UUID, now: datetime, direction: ScanDirection
) -> None:
    text = codes.make(KEY, one, Code(direction, codes.slot_at(now)))

    assert taken(one, text, now)
    assert taken(other, text, now) == (one == other)
    assert not taken(one, text, now, key=b"another" * 5)


@given(moments, st.data())
def test_a_mistyped_sign_or_two_that_changed_places_is_noticed_or_leads_nowhere(
    now: datetime, data: st.DataObject
) -> None:
    text = codes.make(KEY, SESSION, Code(IN, codes.slot_at(now)))
    place = data.draw(st.integers(0, 11))
    sign = data.draw(st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
    swapped = data.draw(st.integers(0, 10))
    wrong = [
        text[:place] + sign + text[place + 1 :],
        text[:swapped] + text[swapped + 1] + text[swapped] + text[swapped + 2 :],
    ]

    for other in wrong:
        if other != text:
            with contextlib.suppress(errors.CodeMalformed):
                assert not taken(SESSION, other, now)


@given(moments, st.text(max_size=20))
def test_no_text_makes_a_fault(now: datetime, text: str) -> None:
    with contextlib.suppress(errors.CodeMalformed):
        assert not taken(SESSION, text, now)


def test_small_letters_dashes_and_look_alikes_do_not_matter() -> None:
    text = codes.make(KEY, SESSION, Code(OUT, codes.slot_at(NINE)))
    sloppy = codes.grouped(text).lower().replace("0", "o").replace("1", "l")

    assert codes.grouped(text).count("-") == 2
    assert taken(SESSION, sloppy, NINE)


@given(st.uuids(), st.integers(0, 42), st.sampled_from("ABCdef012-_"))
def test_a_badge_stands_for_one_enrolment_and_cannot_be_made_up(enrolment_id: UUID, place: int, sign: str) -> None:
    badge = codes.badge(KEY, enrolment_id)
    forged = badge[:place] + sign + badge[place + 1 :]

    assert codes.enrolment_of(KEY, badge) == enrolment_id
    if forged[:42] != badge[:42]:
        with pytest.raises(errors.BadgeInvalid):
            codes.enrolment_of(KEY, forged)


def seen(*moments_: tuple[int, ScanDirection]) -> list[Seen]:
    return [Seen(NINE + timedelta(minutes=minutes), direction) for minutes, direction in moments_]


@pytest.mark.parametrize(
    ("scans", "status", "minutes"),
    [
        ([(-10, IN)], Status.PRESENT, 420),
        ([(-10, IN), (425, OUT)], Status.PRESENT, 420),
        ([(5, IN), (415, OUT)], Status.PRESENT, 410),
        ([(15, IN)], Status.PRESENT, 405),
        ([(16, IN)], Status.LATE, 404),
        ([(0, IN), (404, OUT)], Status.LEFT_EARLY, 404),
        ([(0, IN), (405, OUT)], Status.PRESENT, 405),
        ([(0, IN), (100, OUT), (160, IN)], Status.PRESENT, 360),
        ([(0, IN), (100, OUT), (160, IN), (200, OUT)], Status.LEFT_EARLY, 140),
        ([(0, IN), (30, IN)], Status.PRESENT, 420),
        ([(200, OUT)], Status.LEFT_EARLY, 0),
        ([(420, OUT)], Status.LATE, 0),
    ],
)
def test_minutes_are_those_between_coming_and_leaving_within_the_session(
    scans: list[tuple[int, ScanDirection]], status: Status, minutes: int
) -> None:
    reckoned = presence.reckon(DAY, seen(*scans))

    assert (reckoned.status, reckoned.minutes) == (status, minutes)


@given(st.lists(st.tuples(st.integers(-60, 500), directions), min_size=1, max_size=8), st.randoms())
def test_in_which_order_scans_arrive_does_not_matter(
    scans: list[tuple[int, ScanDirection]], chance: random.Random
) -> None:
    shuffled = list(scans)
    chance.shuffle(shuffled)

    reckoned = presence.reckon(DAY, seen(*scans))

    assert presence.reckon(DAY, seen(*shuffled)) == reckoned
    assert 0 <= reckoned.minutes <= DAY.minutes
    assert MACHINE.allows(Action.CHECK_IN, reckoned.status)


@pytest.mark.parametrize(
    ("status", "minutes", "meant"),
    [
        (MarkedStatus.PRESENT, None, 420),
        (MarkedStatus.PRESENT, 0, -1),
        (MarkedStatus.PRESENT, 421, -1),
        (MarkedStatus.LATE, None, None),
        (MarkedStatus.LEFT_EARLY, 200, 200),
        (MarkedStatus.ABSENT, None, 0),
        (MarkedStatus.ABSENT, 5, -1),
        (MarkedStatus.EXCUSED, 0, 0),
    ],
)
def test_a_trainers_word_needs_minutes_that_go_with_it(
    status: MarkedStatus, minutes: int | None, meant: int | None
) -> None:
    assert presence.by_hand(DAY, status, minutes) == meant


@pytest.mark.parametrize(
    ("known_by", "status", "minutes_after", "stands"),
    [
        (None, Status.EXPECTED, 5, False),
        (KnownBy.CODE, Status.PRESENT, 5, False),
        (KnownBy.CLOSING, Status.ABSENT, -5, False),
        (KnownBy.HAND, Status.PRESENT, 5, True),
        (KnownBy.HAND, Status.ABSENT, 5, False),
        (KnownBy.HAND, Status.ABSENT, -5, True),
        (KnownBy.CODE, Status.LATE, -5, True),
        (KnownBy.CORRECTION, Status.ABSENT, 5, True),
    ],
)
def test_a_correction_always_stands_and_who_was_away_may_come_later(
    known_by: KnownBy | None, status: Status, minutes_after: int, stands: bool
) -> None:
    settled = None if known_by in (None, KnownBy.CLOSING) else NINE
    if known_by is KnownBy.CODE and status is Status.PRESENT:
        settled = None

    assert presence.word_stands(known_by, status, settled, NINE + timedelta(minutes=minutes_after)) is stands


def test_nobody_is_expected_again_once_something_was_said() -> None:
    pairs = MACHINE.pairs()

    assert all(after is not Status.EXPECTED for _, after in pairs)
    assert {before for before, _ in pairs} == set(Status)
    assert [action for action in Action if MACHINE.by_action[action].needs_reason] == [Action.CORRECT]
    assert not any(MACHINE.allows(Action.MARK, status) for status in set(Status) - {Status.EXPECTED})


def test_codes_of_a_day_differ() -> None:
    slots = range(codes.slot_at(NINE), codes.slot_at(NINE) + 2880)
    made = [codes.make(KEY, SESSION, Code(direction, slot)) for slot, direction in itertools.product(slots, (IN, OUT))]

    assert len(set(made)) == len(made)


def test_a_presence_is_what_it_says() -> None:
    reckoned = presence.reckon(DAY, seen((0, IN), (60, OUT)))

    assert reckoned == Presence(Status.LEFT_EARLY, 60, NINE, NINE + timedelta(hours=1))
