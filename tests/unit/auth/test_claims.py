"""From claims to an actor: what issuers write, and how much of it we believe."""

from typing import Any
from uuid import UUID

import pytest

from shared.auth.actor import SCOPES, Actor, Role, Scope
from shared.auth.claims import ClaimNames, actor_from


def _actor(names: ClaimNames | None = None, **claims: Any) -> Actor:
    return actor_from({"sub": "x", **claims}, issuer="https://id", names=names or ClaimNames())


@pytest.mark.parametrize(
    "claims",
    [
        {"roles": ["director"]},
        {"roles": "director other"},
        {"realm_access": {"roles": ["director", "offline_access", "uma_authorization"]}},
        {"roles": ["director"], "realm_access": {"roles": ["director"]}},
    ],
)
def test_roles_are_found_where_issuers_write_them(claims: dict[str, Any]) -> None:
    assert _actor(**claims).roles == {Role.DIRECTOR}


def test_roles_of_several_claims_are_joined() -> None:
    actor = _actor(roles=["auditor"], realm_access={"roles": ["rating_analyst"]})

    assert actor.roles == {Role.AUDITOR, Role.RATING_ANALYST}
    assert actor.scopes == SCOPES[Role.AUDITOR] | SCOPES[Role.RATING_ANALYST]


def test_a_claim_whose_name_holds_dots_is_found() -> None:
    names = ClaimNames(roles=("https://bilim.example.kz/roles",), area="https://bilim.example.kz/area")

    actor = _actor(
        names, **{"https://bilim.example.kz/roles": ["region_officer"], "https://bilim.example.kz/area": "750000000"}
    )

    assert actor.roles == {Role.REGION_OFFICER}
    assert actor.area == "750000000"


def test_a_claim_deep_inside_is_found() -> None:
    names = ClaimNames(roles=("resource_access.bilim.roles",))

    assert _actor(names, resource_access={"bilim": {"roles": ["admin"]}}).roles == {Role.ADMIN}


@pytest.mark.parametrize("roles", [None, 7, True, {}, [], ["king"], [["admin"]], [{"admin": 1}], "ADMIN", ["admin "]])
def test_roles_of_another_shape_give_no_right(roles: Any) -> None:
    assert _actor(roles=roles).scopes == frozenset()


@pytest.mark.parametrize("realm_access", [None, "admin", ["admin"], {"roles": None}])
def test_a_claim_that_leads_nowhere_gives_no_right(realm_access: Any) -> None:
    assert _actor(realm_access=realm_access).roles == frozenset()


@pytest.mark.parametrize("scope", ["registry:read rating:read openid", ["registry:read", "rating:read"]])
def test_a_scope_claim_narrows_what_the_roles_give(scope: Any) -> None:
    assert _actor(roles=["admin"], scope=scope).scopes == {Scope.REGISTRY_READ, Scope.RATING_READ}


def test_a_scope_claim_never_widens_what_the_roles_give() -> None:
    assert _actor(roles=["auditor"], scope="registry:write audit:read").scopes == {Scope.AUDIT_READ}


def test_scopes_without_roles_give_no_right() -> None:
    assert _actor(scope="registry:write").scopes == frozenset()


@pytest.mark.parametrize("scope", ["openid profile email", "", "registry", None, 7, ["email"]])
def test_a_scope_claim_about_something_else_narrows_nothing(scope: Any) -> None:
    assert _actor(roles=["auditor"], scope=scope).scopes == SCOPES[Role.AUDITOR]


def test_a_scope_of_ours_that_does_not_exist_narrows_to_nothing() -> None:
    assert _actor(roles=["admin"], scope="registry:everything").scopes == frozenset()


def test_an_organisation_is_read_as_an_identifier() -> None:
    actor = _actor(roles=["director"], organisation="01920000-0000-7000-8000-000000000001")

    assert actor.organisation == UUID("01920000-0000-7000-8000-000000000001")
