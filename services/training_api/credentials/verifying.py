"""Whether a credential can be believed: pure, so that the same answer comes with this service and without it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.training_api.credentials import statuses
from services.training_api.credentials.canonical import NotCanonical, loads
from services.training_api.credentials.keys import KeyRing
from services.training_api.credentials.proofs import Refused, opened, opened_token

_ENTRY = "BitstringStatusListEntry"
_FAILURES = {"revocation": "revoked", "suspension": "suspended"}


class StatusUnreachable(Exception):
    """A status list cannot be read now."""


class StatusLists(Protocol):
    """Where status lists are read."""

    async def read(self, address: str) -> Mapping[str, Any]:
        """The list at the address, as it is signed; raises `StatusUnreachable`."""


@dataclass(frozen=True, slots=True)
class Place:
    """One bit that a credential points at."""

    address: str
    purpose: str
    position: int


@dataclass(frozen=True, slots=True)
class Examined:
    """What the credential itself tells; `failure` is why it cannot be believed."""

    form: str
    """`credential`, `jwt` or `unknown`."""
    credential: Mapping[str, Any]
    failure: str | None = None
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The end of it: `valid`, `not_valid` or `valid_status_unknown`."""

    outcome: str
    failure: str | None


def examine(data: bytes, ring: KeyRing, *, now: datetime) -> Examined:
    """Signature, issuer, term: everything that needs no status list."""
    form = "unknown"
    try:
        text = data.decode().strip()
        if text.startswith("{"):
            form = "credential"
            document = loads(text)
            credential = opened(document, ring)
        elif text.count(".") == 2:
            form = "jwt"
            credential = opened_token(text, ring)
        else:
            return Examined(form, {}, "unreadable")
        if not _is_badge(credential):  # what else we sign, such as a status list, is no document of a person
            return Examined(form, {}, "unreadable")
        places = _places(credential)
        return Examined(form, credential, _out_of_term(credential, now), places)
    except (UnicodeDecodeError, NotCanonical):
        return Examined(form, {}, "unreadable")
    except Refused as refusal:
        return Examined(form, {}, refusal.code)


def _is_badge(credential: Mapping[str, Any]) -> bool:
    kinds = credential.get("type")
    return isinstance(kinds, list) and "OpenBadgeCredential" in kinds


def conclude(
    examined: Examined, lists: Mapping[str, Mapping[str, Any] | None], ring: KeyRing, *, now: datetime
) -> Verdict:
    """With the status lists that could be read, by their addresses; None for one that could not."""
    if examined.failure is not None:
        return Verdict("not_valid", examined.failure)
    unknown = False
    for place in examined.places:
        listed = lists.get(place.address)
        try:
            if listed is None:
                unknown = True
            elif statuses.is_set(_authentic(listed, place, ring, now), place.purpose, place.position):
                return Verdict("not_valid", _FAILURES.get(place.purpose, "revoked"))
        except (Refused, ValueError):
            unknown = True
    return Verdict("valid_status_unknown" if unknown else "valid", None)


def _authentic(listed: Mapping[str, Any], place: Place, ring: KeyRing, now: datetime) -> Mapping[str, Any]:
    """The list, if one of our keys signed it, it is the one pointed at, and it is not of the past. Raises `Refused`."""
    found = opened(listed, ring)
    if found.get("id") != place.address or _out_of_term(found, now) == "expired":
        raise Refused("status_list")
    return found


def _places(credential: Mapping[str, Any]) -> tuple[Place, ...]:
    said = credential.get("credentialStatus", [])
    found = []
    for one in said if isinstance(said, list) else [said]:
        if not isinstance(one, Mapping) or one.get("type") != _ENTRY:
            raise Refused("unreadable")
        address, purpose, position = (
            one.get(name) for name in ("statusListCredential", "statusPurpose", "statusListIndex")
        )
        if not isinstance(address, str) or not isinstance(purpose, str) or not isinstance(position, str):
            raise Refused("unreadable")
        if not position.isascii() or not position.isdigit() or len(position) > 9:
            raise Refused("unreadable")
        found.append(Place(address, purpose, int(position)))
    return tuple(found)


def _out_of_term(credential: Mapping[str, Any], now: datetime) -> str | None:
    try:
        begins, ends = (_moment(credential.get(name)) for name in ("validFrom", "validUntil"))
    except ValueError:
        return "unreadable"
    if begins is not None and now < begins:
        return "not_yet_valid"
    return "expired" if ends is not None and ends <= now else None


def _moment(said: object) -> datetime | None:
    if said is None:
        return None
    moment = datetime.fromisoformat(said) if isinstance(said, str) else None
    if moment is None or moment.tzinfo is None:
        raise ValueError("not a moment")
    return moment
