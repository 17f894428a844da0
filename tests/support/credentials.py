"""A certificate as a credential, signed with a key of the test, and the status lists that go with it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal, overload
from uuid import UUID

from services.training_api.certificates.rules import LIST_LENGTH
from services.training_api.credentials import badges, proofs, statuses
from services.training_api.credentials.badges import Badge, Site
from services.training_api.credentials.keys import SigningKey
from services.training_api.credentials.statuses import Purpose
from shared.schemas.base import TextOut
from shared.schemas.training.certificates import CertificateKind

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE = Site("https://training.bilim.example")
_SINCE = "2026-01-01T00:00:00+05:00"
_UNTIL = "2026-11-29T00:00:00+05:00"


def badge(*, is_named: bool = False) -> Badge:
    """A certificate of 36 hours that holds from 9 January 2026 for three years."""
    return Badge(
        id=UUID("0198c0de-0000-7000-8000-000000000601"),
        number="ORLEU-2026-000001",
        kind=CertificateKind.CERTIFICATE,
        educator_id=UUID("0198c0de-0000-7000-8000-000000000401"),
        holder="Үлгіұлы Мысал",
        is_named=is_named,
        title=TextOut(kk="Заманауи зертхана", ru="Современная лаборатория", en=None),
        academic_hours=36,
        issued_on=date(2026, 1, 9),
        valid_until=date(2029, 1, 9),
        programme_id=UUID("0198c0de-0000-7000-8000-000000000201"),
        criteria="қатысу / посещаемость ≥ 80%",
        provider_id=UUID("0198c0de-0000-7000-8000-000000000101"),
        provider=TextOut(kk="«Өрлеу» орталығы", ru="Центр «Өрлеу»", en=None),
        status_list=1,
        status_position=94_567,
    )


@overload
def signed(key: SigningKey, *, as_token: Literal[False] = False) -> dict[str, Any]: ...
@overload
def signed(key: SigningKey, *, as_token: Literal[True]) -> str: ...
def signed(key: SigningKey, *, as_token: bool = False) -> dict[str, Any] | str:
    """The credential with its proof, or as a JWT."""
    made = badges.credential(badge(), SITE)
    if as_token:
        return proofs.token(made, key, issuer=SITE.issuer, valid_from=badges.moment(badge().issued_on))
    return proofs.secure(made, key, issuer=SITE.issuer, created="2026-01-09T10:00:00+05:00")


def status_lists(key: SigningKey, set_: Mapping[Purpose, Sequence[int]] | None = None) -> dict[str, dict[str, Any]]:
    """Both lists by their addresses, with these bits set."""
    found = {}
    for purpose in Purpose:
        address = SITE.status_list(purpose, 1)
        listed = statuses.status_list(
            address,
            purpose,
            (set_ or {}).get(purpose, []),
            length=LIST_LENGTH,
            issuer=SITE.issuer,
            valid_from=_SINCE,
            valid_until=_UNTIL,
            ttl=300_000,
        )
        found[address] = proofs.secure(listed, key, issuer=SITE.issuer, created=_SINCE)
    return found
