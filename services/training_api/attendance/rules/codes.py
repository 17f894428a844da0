"""Codes that change every half minute: bound to one session, to coming or leaving, and to the server's time.

A code is sixty bits in twelve signs that cannot be taken for one another: a number of the half minute (it comes round
after 34 hours, and no session is that long), 43 bits of an HMAC over session, direction and half minute, and five bits
by which a mistyped sign is noticed.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.training_api.attendance.errors import BadgeInvalid, CodeMalformed
from shared.schemas.training.attendance_scans import ScanDirection

STEP = timedelta(seconds=30)
GRACE_STEPS = 1
"""So many codes before the present one are still taken: a scan needs a moment to arrive."""

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {sign: value for value, sign in enumerate(_SIGNS)} | {"O": 0, "I": 1, "L": 1}
_LENGTH = 12
_MAC_BITS = 43
_ROUND = 1 << 12
_BADGE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Code:
    """A code that is known to be ours: what for, and of which half minute."""

    direction: ScanDirection
    slot: int


def slot_at(moment: datetime) -> int:
    """The number of the half minute."""
    return int(moment.timestamp() // STEP.total_seconds())


def begins(slot: int) -> datetime:
    """When that half minute begins."""
    return datetime.fromtimestamp(slot * STEP.total_seconds(), UTC)


def make(key: bytes, session_id: UUID, code: Code) -> str:
    """The twelve signs."""
    body = (code.slot % _ROUND) << _MAC_BITS | _mac(key, session_id, code)
    signs = [(body >> shift) & 31 for shift in range(50, -1, -5)]
    return "".join(_SIGNS[sign] for sign in (*signs, _check(signs)))


def grouped(text: str) -> str:
    """As people read it: in fours."""
    return "-".join(text[start : start + 4] for start in range(0, _LENGTH, 4))


def read(key: bytes, session_id: UUID, text: str, *, near: datetime) -> Code | None:
    """The code that was typed, if it is one of this session, of the half minute nearest to `near` that fits.

    Raises `CodeMalformed` for what is no code at all.
    """
    body = _body(text)
    now = slot_at(near)
    ahead = ((body >> _MAC_BITS) - now + _ROUND // 2) % _ROUND - _ROUND // 2
    mac = (body & ((1 << _MAC_BITS) - 1)).to_bytes(6)
    found = None
    for direction in ScanDirection:
        code = Code(direction, now + ahead)
        if code.slot >= 0 and hmac.compare_digest(_mac(key, session_id, code).to_bytes(6), mac):
            found = code
    return found


def age(code: Code, now: datetime) -> int:
    """How many codes were shown after it: 0 for the present one, negative for one to come."""
    return slot_at(now) - code.slot


def badge(key: bytes, enrolment_id: UUID) -> str:
    """The text by which a person's device stands for an enrolment."""
    return base64.urlsafe_b64encode(enrolment_id.bytes + _badge_mac(key, enrolment_id)).rstrip(b"=").decode()


def enrolment_of(key: bytes, text: str) -> UUID:
    """Whose badge it is. Raises `BadgeInvalid`."""
    raw = base64.urlsafe_b64decode(text + "=")
    enrolment_id = UUID(bytes=raw[:16])
    if len(raw) != _BADGE_BYTES or not hmac.compare_digest(_badge_mac(key, enrolment_id), raw[16:]):
        raise BadgeInvalid(pointer="/badge")
    return enrolment_id


def device_digest(key: bytes, device: str) -> str:
    """A name that tells one device from another and is not what the app calls it."""
    return hmac.digest(key, b"device" + device.encode(), "sha256")[:8].hex()


def _body(text: str) -> int:
    values = [_VALUES.get(sign) for sign in text.upper() if sign not in " -"]
    signs = [value for value in values if value is not None]
    if len(values) != _LENGTH or len(signs) != _LENGTH or _check(signs[:-1]) != signs[-1]:
        raise CodeMalformed(pointer="/code")
    body = 0
    for sign in signs[:-1]:
        body = body << 5 | sign
    return body


def _check(signs: list[int]) -> int:
    # Weights that differ: two signs that changed places are noticed as well.
    return sum(place * sign for place, sign in enumerate(signs, 1)) % 31


def _mac(key: bytes, session_id: UUID, code: Code) -> int:
    said = b"code" + session_id.bytes + code.direction.value.encode().ljust(3) + code.slot.to_bytes(8)
    return int.from_bytes(hmac.digest(key, said, "sha256")[:8]) >> (64 - _MAC_BITS)


def _badge_mac(key: bytes, enrolment_id: UUID) -> bytes:
    return hmac.digest(key, b"badge" + enrolment_id.bytes, "sha256")[:16]
