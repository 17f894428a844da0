"""Which seats are kept for whom: matching, the order of release, sharing out."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.training_api.cohorts import rules as cohorts
from services.training_api.reservations.rules import (
    Pool,
    facts,
    fitting,
    in_order_of_release,
    share_out,
    wanted_facts,
)
from shared.clock import KAZAKHSTAN
from shared.schemas.training.reservations import PoolKind, key_fits

SCHOOL = UUID("0198c0de-0000-7000-8000-000000000001")
KNOWN = facts(
    organisation_id=SCHOOL,
    area_path=["790000000", "791310000"],
    subjects=("physics", "informatics"),
    category="expert",
    languages=("kk",),
)


def pool(kind: PoolKind, key: str = "", *, priority: int = 0, hold: bool = False, due: datetime | None = None) -> Pool:
    return Pool(uuid4(), uuid4(), None, kind, key, hold, priority, due)


def test_what_pools_ask_of_a_person_goes_from_the_narrow_to_the_wide() -> None:
    assert [
        f"school:{SCHOOL}",
        "district:791310000",
        "district:790000000",
        "subject:informatics",
        "subject:physics",
        "category:expert",
        "language:kk",
    ] == KNOWN


def test_the_best_pool_is_what_is_held_then_the_narrowest_then_what_is_released_last() -> None:
    everybody = pool(PoolKind.OPEN)
    language = pool(PoolKind.LANGUAGE, "kk")
    region, district = pool(PoolKind.DISTRICT, "790000000"), pool(PoolKind.DISTRICT, "791310000")
    soon, late = (pool(PoolKind.SCHOOL, str(SCHOOL), priority=one) for one in (1, 2))
    held = pool(PoolKind.SCHOOL, str(SCHOOL), hold=True)
    strange = [pool(PoolKind.SUBJECT, "music"), pool(PoolKind.CATEGORY, "master"), pool(PoolKind.DISTRICT, "750000000")]

    found = fitting([everybody, language, region, *strange, district, soon, late, held], KNOWN)

    assert found == [one.id for one in (held, late, soon, district, region, language, everybody)]


def test_only_who_fits_a_pool_with_a_free_seat_is_wanted() -> None:
    language, subject, everybody = pool(PoolKind.LANGUAGE, "kk"), pool(PoolKind.SUBJECT, "art"), pool(PoolKind.OPEN)
    pools = [language, subject, everybody]

    assert wanted_facts(pools, {language.id}) == ["language:kk"]
    assert wanted_facts(pools, {language.id, subject.id}) == ["language:kk", "subject:art"]
    assert wanted_facts(pools, {language.id, None}) is None
    assert wanted_facts(pools, {everybody.id}) is None
    assert wanted_facts(pools, set()) == []


def test_pools_are_released_by_their_moment_then_by_priority_and_some_never() -> None:
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    second, first = (pool(PoolKind.OPEN, priority=one, due=moment) for one in (2, 1))
    earlier = pool(PoolKind.OPEN, priority=9, due=moment - timedelta(seconds=1))
    never = pool(PoolKind.OPEN)

    assert in_order_of_release([never, second, first, earlier]) == [earlier, first, second]
    assert [one.is_due(moment) for one in (earlier, first, never)] == [True, True, False]
    assert not first.is_due(moment - timedelta(microseconds=1))


@given(st.lists(st.integers(0, 500), min_size=1, max_size=12), st.data())
def test_seats_shared_out_are_all_there_and_nowhere_more_than_is_free(free: list[int], data: st.DataObject) -> None:
    venues = {uuid4(): count for count in free}
    seats = data.draw(st.integers(0, sum(free)))

    shared = share_out(seats, venues)

    assert sum(shared.values()) == seats
    assert all(0 < count <= venues[venue_id] for venue_id, count in shared.items())
    assert all(abs(shared.get(one, 0) - seats * venues[one] / sum(free)) < 1 for one in venues if sum(free))


def test_a_key_is_of_its_kind() -> None:
    fits = {
        (PoolKind.SCHOOL, str(SCHOOL)),
        (PoolKind.DISTRICT, "791310000"),
        (PoolKind.CATEGORY, "expert"),
        (PoolKind.LANGUAGE, "kk"),
        (PoolKind.SUBJECT, "physics"),
        (PoolKind.OPEN, ""),
    }
    keys = {key for _, key in fits} | {str(SCHOOL).upper(), "{" + str(SCHOOL) + "}", "79131000", "Expert", "кк", "x"}

    assert {(kind, key) for kind in PoolKind for key in keys if key_fits(kind, key)} - fits == {
        (PoolKind.SUBJECT, "expert"),
        (PoolKind.SUBJECT, "kk"),
    }


def test_hours_of_sessions_meet_only_where_a_moment_belongs_to_both() -> None:
    day = date(2030, 2, 4)
    morning = cohorts.hours(day, time(9), time(12))
    noon = cohorts.hours(day, time(12), time(13))
    late = cohorts.hours(day, time(11, 59), time(12, 30))

    assert not cohorts.overlap([morning], [noon])
    assert cohorts.overlap([morning], [noon, late])
    assert cohorts.whole_days(day, day) == (
        datetime(2030, 2, 4, tzinfo=KAZAKHSTAN),
        datetime(2030, 2, 5, tzinfo=KAZAKHSTAN),
    )
