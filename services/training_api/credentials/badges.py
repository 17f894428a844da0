"""A certificate as an Open Badges 3.0 credential."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

from services.training_api.credentials.statuses import CONTEXT, Purpose, entry
from shared.clock import KAZAKHSTAN
from shared.schemas.base import TextOut
from shared.schemas.training.certificates import CertificateKind

CONTEXTS = [CONTEXT, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
_IP_OF_THIS_MACHINE = "127.0.0.1"
_TYPES = {
    CertificateKind.CERTIFICATE: "CertificateOfCompletion",
    CertificateKind.ATTENDANCE_REFERENCE: "Course",
}


@dataclass(frozen=True, slots=True)
class Site:
    """Where the public reaches this service."""

    address: str

    @property
    def issuer(self) -> str:
        """The identifier of the register as an issuer (did:web), whose keys are at `/.well-known/did.json`."""
        host = self.address.partition("://")[2].partition("/")[0]
        return f"did:web:{quote(host.replace(_IP_OF_THIS_MACHINE, 'localhost'), safe='')}"

    def certificate(self, number: str) -> str:
        """The address at which anybody verifies a number; it is what the code on the page says."""
        return f"{self.address}/v1/verify?number={quote(number, safe='')}"

    def programme(self, programme_id: UUID) -> str:
        return f"{self.address}/v1/programmes/{programme_id}"

    def provider(self, provider_id: UUID) -> str:
        return f"{self.address}/v1/providers/{provider_id}"

    def status_list(self, purpose: Purpose, number: int) -> str:
        return f"{self.address}/v1/status-lists/{purpose}-{number}"


@dataclass(frozen=True, slots=True)
class Badge:
    """Everything a credential says."""

    id: UUID
    number: str
    kind: CertificateKind
    educator_id: UUID
    holder: str | None
    """The name, hashed into the credential so that its holder can show that it is meant."""
    is_named: bool
    """Whether the person agreed to be named in public: then the name stands there as it is."""
    title: TextOut
    academic_hours: int
    issued_on: date
    valid_until: date | None
    programme_id: UUID
    criteria: str
    provider_id: UUID
    provider: TextOut
    status_list: int
    status_position: int


def credential(badge: Badge, site: Site) -> dict[str, Any]:
    """The credential, not yet signed. The same badge gives the same credential."""
    subject: dict[str, Any] = {
        "id": f"urn:uuid:{uuid5(badge.educator_id, badge.number)}",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": site.programme(badge.programme_id),
            "type": ["Achievement"],
            "achievementType": _TYPES[badge.kind],
            "name": both(badge.title),
            "description": f"{both(badge.title)} ({badge.academic_hours} академиялық сағат / академических часов)",
            "criteria": {"id": site.programme(badge.programme_id), "narrative": badge.criteria},
            "creditsAvailable": badge.academic_hours,
            "creator": {"id": site.provider(badge.provider_id), "type": ["Profile"], "name": both(badge.provider)},
        },
    }
    if badge.holder is not None:
        subject["identifier"] = [_identity(badge, badge.holder)]
    made: dict[str, Any] = {
        "@context": CONTEXTS,
        "id": site.certificate(badge.number),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": site.issuer, "type": ["Profile"], "name": "Bilim"},
        "validFrom": moment(badge.issued_on).isoformat(),
        "name": f"{both(badge.title)}, № {badge.number}",
        "credentialSubject": subject,
        "credentialStatus": [
            entry(site.status_list(purpose, badge.status_list), purpose, badge.status_position) for purpose in Purpose
        ],
    }
    if badge.valid_until is not None:
        made["validUntil"] = moment(badge.valid_until).isoformat()
    return made


def both(text: TextOut) -> str:
    """Kazakh and Russian in one line, as far as they are there."""
    return " / ".join(dict.fromkeys(part for part in (text.kk, text.ru) if part)) or text.en or ""


def moment(day: date) -> datetime:
    """The first moment of a day in Kazakhstan."""
    return datetime(day.year, day.month, day.day, tzinfo=KAZAKHSTAN)


def number_in(made: Mapping[str, Any], site: Site) -> str | None:
    """The number of the certificate that a credential of ours is about."""
    said, before = made.get("id"), site.certificate("")
    return said[len(before) :] if isinstance(said, str) and said.startswith(before) else None


def _identity(badge: Badge, holder: str) -> dict[str, Any]:
    if badge.is_named:
        return {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": holder}
    salt = hashlib.sha256(b"salt" + badge.id.bytes).hexdigest()[:16]
    digest = hashlib.sha256((holder + salt).encode()).hexdigest()
    return {
        "type": "IdentityObject",
        "identityType": "name",
        "hashed": True,
        "identityHash": f"sha256${digest}",
        "salt": salt,
    }
