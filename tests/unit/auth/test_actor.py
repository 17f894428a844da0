"""Roles, scopes and reach."""

from uuid import UUID

import pytest

from shared.auth.actor import SCOPES, Actor, Role, Scope
from shared.auth.errors import OutOfReach, ScopeMissing

ALMATY, ALATAU_DISTRICT, ABAI = "750000000", "751110000", "100000000"
SCHOOL, OTHER_SCHOOL = UUID(int=1), UUID(int=2)


def test_the_table_of_roles_and_scopes_is_the_one_that_was_agreed() -> None:
    granted = {role.value: sorted(scopes) for role, scopes in SCOPES.items()}

    assert granted == {
        "admin": sorted(scope.value for scope in Scope),
        "region_officer": [
            "rating:read",
            "registry:approve",
            "registry:read",
            "registry:write",
            "training:enrol",
            "training:read",
        ],
        "director": ["rating:read", "registry:read", "registry:write", "training:enrol", "training:read"],
        "training_coordinator": ["registry:read", "training:enrol", "training:manage", "training:read"],
        "rating_analyst": ["rating:read", "rating:run", "registry:read", "training:read"],
        "rating_publisher": ["rating:publish", "rating:read", "registry:read"],
        "integration": ["rating:read", "registry:read", "registry:write", "training:read"],
        "auditor": ["audit:read", "rating:read", "registry:read", "training:read"],
    }


def test_whoever_computes_a_rating_does_not_publish_it() -> None:
    both = [role for role, scopes in SCOPES.items() if {Scope.RATING_RUN, Scope.RATING_PUBLISH} <= scopes]

    assert both == [Role.ADMIN]


@pytest.mark.parametrize("role", ["region_officer", "training_coordinator"])
def test_an_area_role_reaches_the_subtree_of_its_area(role: str) -> None:
    officer = Actor.of(role, subject="a", area=ALMATY)

    assert officer.reaches([ALMATY, ALATAU_DISTRICT], SCHOOL)
    assert officer.reaches([ALMATY], None)
    assert not officer.reaches([ABAI], SCHOOL)
    assert not officer.reaches([], SCHOOL)
    assert not officer.reaches(None, SCHOOL)


def test_a_district_officer_does_not_reach_the_region_above() -> None:
    officer = Actor.of("region_officer", subject="a", area=ALATAU_DISTRICT)

    assert not officer.reaches([ALMATY], None)


def test_a_director_reaches_one_organisation_wherever_it_lies() -> None:
    director = Actor.of("director", subject="d", organisation=SCHOOL)

    assert director.reaches([ABAI], SCHOOL)
    assert director.reaches(None, SCHOOL)
    assert not director.reaches([ALMATY], OTHER_SCHOOL)
    assert not director.reaches([ALMATY], None)


def test_a_director_who_also_bears_an_area_claim_does_not_reach_the_area() -> None:
    director = Actor.of("director", subject="d", organisation=SCHOOL, area=ALMATY)

    assert not director.reaches([ALMATY], OTHER_SCHOOL)


@pytest.mark.parametrize("role", ["region_officer", "training_coordinator", "director"])
def test_a_bounded_role_without_its_bound_reaches_nothing(role: str) -> None:
    nowhere = Actor.of(role, subject="x")

    assert not nowhere.reaches([ALMATY], SCHOOL)
    assert not nowhere.reaches(None, None)


@pytest.mark.parametrize("role", ["admin", "integration", "auditor", "rating_analyst", "rating_publisher"])
def test_a_role_without_bounds_reaches_everything(role: str) -> None:
    assert Actor.of(role, subject="x").reaches([ABAI], OTHER_SCHOOL)
    assert Actor.of(role, subject="x").reaches(None, None)


def test_a_caller_without_roles_reaches_nothing() -> None:
    assert not Actor.of(subject="x").reaches([ALMATY], SCHOOL)


def test_a_second_role_does_not_lend_its_reach_to_the_rights_of_the_first() -> None:
    both = Actor.of("training_coordinator", "director", subject="x", area=ALMATY, organisation=SCHOOL)

    assert both.reaches([ALMATY], OTHER_SCHOOL, scope="training:manage")
    assert not both.reaches([ALMATY], OTHER_SCHOOL, scope="registry:write")
    assert both.reaches([ABAI], SCHOOL, scope="registry:write")
    assert not both.reaches([ALMATY], OTHER_SCHOOL)


def test_a_reader_of_everything_who_is_also_a_director_writes_to_one_school() -> None:
    both = Actor.of("auditor", "director", subject="x", organisation=SCHOOL)

    assert both.reaches([ALMATY], OTHER_SCHOOL, scope="registry:read")
    assert not both.reaches([ALMATY], OTHER_SCHOOL, scope="registry:write")
    assert not both.reaches([ALMATY], OTHER_SCHOOL)


def test_a_narrowed_token_reaches_nothing_by_a_right_it_lost() -> None:
    narrowed = Actor("x", frozenset({Role.ADMIN}), frozenset({Scope.REGISTRY_READ}))

    assert not narrowed.reaches([ALMATY], SCHOOL, scope="registry:write")
    assert narrowed.reaches([ALMATY], SCHOOL, scope="registry:read")


def test_demanding_tells_a_missing_right_from_a_short_reach() -> None:
    director = Actor.of("director", subject="d", organisation=SCHOOL)

    director.demand("registry:write", [ALMATY], SCHOOL)
    with pytest.raises(ScopeMissing):
        director.demand("registry:approve", [ALMATY], SCHOOL)
    with pytest.raises(OutOfReach):
        director.demand("registry:write", [ALMATY], OTHER_SCHOOL)


def test_the_same_subject_of_two_issuers_is_two_principals() -> None:
    one, other = Actor.of(subject="42"), Actor.of(subject="42", issuer="https://id.example.kz")

    assert one.principal != other.principal
