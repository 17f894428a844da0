"""A house that is running is upgraded with what it holds: who was booked stays booked, by the hour."""

import json

import asyncpg
import pytest

from shared.db.migrations.upgrade import upgrade
from tests.support.cluster import Databases, driver_url

_BEFORE = "20261122_words"
_NAMES = ("school", "provider", "programme", "days", "hours", "at_days", "at_hours", "seat", "other", "person")
_IDS = {name: f"0198c0de-0000-7000-8000-0000000000{number:02d}" for number, name in enumerate((*_NAMES, "one", "two"))}
_HELD = """
INSERT INTO organisations (id, type, status, area, area_path, is_synthetic, deleted, position)
VALUES (:school, 'school', 'open', '791310000', '{790000000,791310000}', true, false, 1);
INSERT INTO providers (id, organisation_id, code, version, created_at, updated_at)
VALUES (:provider, :school, 'P', 1, now(), now());
INSERT INTO programmes (id, provider_id, code, number, name_kk, name_ru, kind, academic_hours, audience,
                        min_attendance, tasks_required, approval, version, created_at, updated_at)
VALUES (:programme, :provider, 'P-1', 1, 'Б', 'П', 'course', 36, '[]', 0.8, true, 'draft', 1, now(), now());
INSERT INTO cohorts (id, programme_id, code, name_kk, name_ru, starts_on, ends_on, status, version, created_at,
                     updated_at)
VALUES (:days, :programme, 'C-1', 'А', 'П', '2026-01-05', '2026-01-08', 'open', 1, now(), now()),
       (:hours, :programme, 'C-2', 'А', 'П', '2026-02-04', '2026-02-05', 'open', 1, now(), now());
INSERT INTO venues (id, cohort_id, organisation_id, place, capacity, version, created_at, updated_at)
VALUES (:at_days, :days, :school, 1, 1, 1, now(), now()), (:at_hours, :hours, :school, 1, 1, 1, now(), now());
INSERT INTO course_sessions (id, cohort_id, venue_id, held_on, starts_at, ends_at, version, created_at, updated_at)
VALUES (uuidv7(), :hours, NULL, '2026-02-04', '09:00', '12:00', 1, now(), now()),
       (uuidv7(), :hours, :at_hours, '2026-02-04', '12:00', '13:00', 1, now(), now()),
       (uuidv7(), :hours, :at_hours, '2026-02-05', '14:00', '15:00', 1, now(), now());
INSERT INTO seats (id, venue_id, number, free) VALUES (:seat, :at_days, 1, false), (:other, :at_hours, 1, false);
INSERT INTO educators (id, family_kk, given_kk, sort_key, search_key, category, consent_public, is_synthetic, version,
                       created_at, updated_at)
VALUES (:person, 'Үлгі', 'Мысал', 'a', 'a', 'expert', false, true, 1, now(), now());
INSERT INTO employments (id, educator_id, organisation_id, role, subjects, period, version, created_at, updated_at)
VALUES (uuidv7(), :person, :school, 'teacher', '{physics,art}', '[2015-09-01,)', 1, now(), now());
INSERT INTO enrolments (id, cohort_id, venue_id, educator_id, organisation_id, seat_id, status, dates, version,
                        created_at, updated_at)
VALUES (:one, :days, :at_days, :person, :school, :seat, 'confirmed', '[2026-01-05,2026-01-08]', 1, now(), now()),
       (:two, :hours, :at_hours, :person, :school, :other, 'confirmed', '[2026-02-04,2026-02-05]', 1, now(), now());
INSERT INTO enrolment_transitions (enrolment_id, number, action, to_status, actor, effective_on, recorded_at)
VALUES (:one, 1, 'enrol', 'confirmed', 'x', '2026-01-01', now()),
       (:two, 1, 'enrol', 'confirmed', 'x', '2026-01-01', now());
"""


async def test_who_was_booked_by_the_day_is_booked_by_the_hour_after_the_upgrade(databases: Databases) -> None:
    held = _HELD
    for name in sorted(_IDS, key=len, reverse=True):
        held = held.replace(f":{name}", f"'{_IDS[name]}'")
    async with databases.empty() as url:
        await upgrade(url, "training_api", to=_BEFORE)
        connection = await asyncpg.connect(driver_url(url))
        try:
            await connection.execute(held)
            applied = await upgrade(url, "training_api")
            rows = await connection.fetch(
                "SELECT busy = hours AS same, facts, (SELECT jsonb_agg(jsonb_build_array(lower(one), upper(one)))"
                " FROM unnest(busy) AS one) AS busy"
                " FROM enrolments JOIN venues ON venues.id = venue_id ORDER BY enrolments.id"
            )
            overlapping = "UPDATE enrolments SET busy = '{[2026-01-08 15:00+05,2026-02-04 11:00+05)}' WHERE id = $1"
            with pytest.raises(asyncpg.ExclusionViolationError):
                await connection.execute(overlapping, _IDS["two"])
        finally:
            await connection.close()

    assert "20261122_reservations" in applied
    assert [row["same"] for row in rows] == [True, True]
    assert [json.loads(row["busy"]) for row in rows] == [
        [["2026-01-04T19:00:00+00:00", "2026-01-08T19:00:00+00:00"]],
        [
            ["2026-02-04T04:00:00+00:00", "2026-02-04T08:00:00+00:00"],
            ["2026-02-05T09:00:00+00:00", "2026-02-05T10:00:00+00:00"],
        ],
    ]
    assert rows[0]["facts"] == [
        f"school:{_IDS['school']}",
        "district:791310000",
        "district:790000000",
        "subject:art",
        "subject:physics",
        "category:expert",
    ]


_OVER = """
INSERT INTO seats (id, venue_id, number, free) VALUES (:other_seat, :at_days, 2, false);
INSERT INTO educators (id, family_kk, given_kk, sort_key, search_key, consent_public, is_synthetic, version, created_at,
                       updated_at)
VALUES (:passer, 'Үлгі', 'Мысал', 'a', 'a', false, true, 1, now(), now()),
       (:absent, 'Үлгі', 'Мысал', 'a', 'a', false, true, 1, now(), now());
INSERT INTO enrolments (id, cohort_id, venue_id, educator_id, organisation_id, seat_id, status, dates, attendance,
                        tasks_done, score, completed_on, unmet, version, created_at, updated_at)
VALUES (:passed, :days, :at_days, :passer, :school, :other_seat, 'completed_passed', '[2026-01-05,2026-01-08]', 1, true,
        90, '2026-01-09', '{}', 1, now(), now()),
       (:missed, :days, :at_days, :absent, :school, NULL, 'no_show', '[2026-01-05,2026-01-08]', 0, false, NULL,
        '2026-01-09', '{attendance}', 1, now(), now());
INSERT INTO enrolment_transitions (enrolment_id, number, action, from_status, to_status, actor, effective_on,
                                   recorded_at)
VALUES (:passed, 1, 'enrol', NULL, 'confirmed', 'x', '2026-01-01', now()),
       (:passed, 2, 'complete', 'confirmed', 'completed_passed', 'y', '2026-01-09', now()),
       (:missed, 1, 'enrol', NULL, 'confirmed', 'x', '2026-01-01', now()),
       (:missed, 2, 'complete', 'confirmed', 'no_show', 'y', '2026-01-09', now());
"""
_MORE = ("other_seat", "passer", "absent", "passed", "missed")


async def test_what_one_word_said_three_machines_say_after_the_upgrade(databases: Databases) -> None:
    ids = {**_IDS, **{name: f"0198c0de-0000-7000-8000-0000000001{at:02d}" for at, name in enumerate(_MORE)}}
    held = _HELD + _OVER
    for name in sorted(ids, key=len, reverse=True):
        held = held.replace(f":{name}", f"'{ids[name]}'")
    async with databases.empty() as url:
        await upgrade(url, "training_api", to=_BEFORE)
        connection = await asyncpg.connect(driver_url(url))
        try:
            await connection.execute(held)
            await upgrade(url, "training_api")
            rows = await connection.fetch(
                "SELECT id::text, application, participation, outcome, status FROM enrolments ORDER BY id"
            )
            steps = await connection.fetch(
                "SELECT number, machine, action, from_status, to_status, actor FROM enrolment_transitions "
                "WHERE enrolment_id = $1 ORDER BY number",
                ids["passed"],
            )
        finally:
            await connection.close()

    assert {row["id"]: tuple(row)[1:] for row in rows} == {
        ids["one"]: ("accepted", "confirmed", None, "confirmed"),
        ids["two"]: ("accepted", "confirmed", None, "confirmed"),
        ids["passed"]: ("accepted", "finished", "passed", "completed_passed"),
        ids["missed"]: ("accepted", "no_show", None, "no_show"),
    }
    assert [tuple(step) for step in steps] == [
        (1, "application", "enrol", None, "accepted", "x"),
        (2, "participation", "enrol", None, "confirmed", "x"),
        (3, "participation", "complete", "confirmed", "finished", "y"),
        (4, "outcome", "complete", None, "passed", "y"),
    ]
