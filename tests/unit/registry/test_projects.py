"""Rules of projects and visits: the course of a life, what it needs, how many items, where links may lead."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry_api.projects import errors, rules
from shared.schemas.registry.projects import ProjectLevel, ProjectStatus


def test_every_step_that_is_not_in_the_table_is_refused() -> None:
    for current in ProjectStatus:
        for wanted in ProjectStatus:
            if wanted in rules.TRANSITIONS[current]:
                rules.check_transition(current, wanted, reason="қаржы жоқ")
            else:
                with pytest.raises(errors.ProjectTransitionRefused):
                    rules.check_transition(current, wanted, reason="қаржы жоқ")


def test_a_project_is_not_stopped_without_a_reason() -> None:
    with pytest.raises(errors.ReasonNeeded):
        rules.check_transition(ProjectStatus.ACTIVE, ProjectStatus.STOPPED, reason=None)


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(errors.ProjectNotReady) as refusal:
        rules.check_ready(has_owner=False, has_goal=True, stakeholder_count=0)

    assert refusal.value.values == {"missing": "owner_id, stakeholders"}
    rules.check_ready(has_owner=True, has_goal=True, stakeholder_count=1)


@given(planned=st.integers(1, 1000))
def test_a_project_takes_exactly_as_many_items_as_were_planned(planned: int) -> None:
    rules.check_room(planned - 1, planned)

    with pytest.raises(errors.ItemsLimit):
        rules.check_room(planned, planned)


@given(departs=st.dates(date(2000, 1, 1), date(2100, 1, 1)), days=st.integers(-400, 400))
def test_a_visit_is_refused_exactly_when_it_returns_before_it_departs(departs: date, days: int) -> None:
    if days >= 0:
        rules.check_visit(departs, departs + timedelta(days=days))
    else:
        with pytest.raises(errors.ReturnBeforeDeparture):
            rules.check_visit(departs, departs + timedelta(days=days))


def test_a_programme_belongs_to_a_programme_and_a_project_to_either() -> None:
    for parent in ProjectLevel:
        rules.check_parent(ProjectLevel.PROJECT, parent)
    rules.check_parent(ProjectLevel.PROGRAMME, ProjectLevel.PROGRAMME)

    with pytest.raises(errors.ParentNotProgramme):
        rules.check_parent(ProjectLevel.PROGRAMME, ProjectLevel.PROJECT)


@pytest.mark.parametrize(
    "url", ["https://kitap.kz", "https://WWW.Kitap.KZ/a?b#c", "https://kitap.kz:443/", "https://kitap.kz./"]
)
def test_a_listed_site_and_its_sub_sites_are_led_to(url: str) -> None:
    rules.check_link(url, [])


@pytest.mark.parametrize(
    "url", ["https://kitap.kz.evil.example/", "https://notkitap.kz/", "https://kz/", "https://.kz"]
)
def test_a_site_that_only_looks_like_a_listed_one_is_not_led_to(url: str) -> None:
    with pytest.raises(errors.LinkHostNotListed):
        rules.check_link(url, ["gutenberg.org"])


def test_the_countrys_list_holds_names_of_sites_only() -> None:
    assert all(host == host.lower() and "/" not in host and "." in host for host in rules.LINK_HOSTS)
