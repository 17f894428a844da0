"""Codes of sessions and badges of people, scans, and queues of scans made without a network."""

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from shared.schemas.base import In, Instant, Out, Whole, one_of, wrong
from shared.schemas.training.attendance import LONGEST, AttendanceStatus
from shared.schemas.training.ids import EnrolmentId, SessionId

_SESSION = "0198c0de-0000-7000-8000-000000000321"
_ENROLMENT = "0198c0de-0000-7000-8000-000000000501"
_CODE = "4F7K-9QXM-2BT6"
_NONCE = "c2NhbiBvZiBhIGNvZGU"
_DEVICE = "phone-5f2c1b7e"
_BADGE = "AZjA3gAAcACAAAAAAAAFAZ0Wj2mQyE7bTn1kq5o3v8E"
_BEGINS = "2026-01-07T09:00:00+05:00"


class ScanDirection(StrEnum):
    """Whether a code is shown at the beginning or at the end."""

    IN = "in"
    OUT = "out"


class ScanOutcome(StrEnum):
    """What a scan changed."""

    RECORDED = "recorded"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    REFUSED = "refused"


CodeText = Annotated[
    str, StringConstraints(min_length=12, max_length=20, pattern=r"^[0-9A-Za-z][0-9A-Za-z \-]{11,19}$")
]
"""A code as it was scanned or typed: small letters, spaces and dashes do not matter."""
Nonce = Annotated[str, StringConstraints(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9_\-]{16,64}$")]
"""What a device makes up anew for each scan, so that one scan counts once."""
Device = Annotated[str, StringConstraints(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_.:\-]{8,64}$")]
"""A name that the app made up for the device; not a serial number. Kept as a digest."""
Badge = Annotated[str, StringConstraints(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_\-]{43}$")]
"""The signed text by which a person's device or paper stands for an enrolment."""

_SCANNED_AT = "What the device's clock showed; informative, the server's time decides"
_REPEATS = "A repetition of the same nonce by the same person is answered as the first time"


class CodeQuery(In):
    """Which code."""

    direction: ScanDirection = Field(
        default=ScanDirection.IN, description="`in` for those who come, `out` for those who leave", examples=["in"]
    )


class CodeRead(Out):
    """The code of this moment."""

    session_id: SessionId = Field(description="The session", examples=[_SESSION])
    direction: ScanDirection = Field(description="For those who come or for those who leave", examples=["in"])
    code: str = Field(description="To be typed", max_length=20, examples=[_CODE])
    text: str = Field(
        description="What the picture says: the session and the code",
        max_length=64,
        examples=["0198C0DE000070008000000000000321/4F7K9QXM2BT6"],
    )
    picture: str = Field(
        description="The text as a QR code: an SVG of some two kilobytes", max_length=20_000, examples=["<svg …/>"]
    )
    valid_from: Instant = Field(description="When it began to be shown", examples=[_BEGINS])
    valid_until: Instant = Field(
        description="When the next one takes its place", examples=["2026-01-07T09:00:30+05:00"]
    )
    accepted_until: Instant = Field(
        description="Until when a scan of it is taken", examples=["2026-01-07T09:01:00+05:00"]
    )
    server_time: Instant = Field(
        description="The clock that decides, so that devices can measure theirs", examples=["2026-01-07T09:00:12+05:00"]
    )


class CodeSheet(Out):
    """All codes of a session, for a screen that will have no network."""

    session_id: SessionId = Field(description="The session", examples=[_SESSION])
    direction: ScanDirection = Field(description="For those who come or for those who leave", examples=["in"])
    first_at: Instant = Field(
        description="When the first is shown; the others follow", examples=["2026-01-07T08:30:00+05:00"]
    )
    step_seconds: int = Field(description="How long each is shown", ge=1, le=3600, examples=[30])
    codes: list[str] = Field(description="The codes in their order", max_length=3200, examples=[[_CODE]])
    server_time: Instant = Field(
        description="The clock that decides, so that devices can measure theirs", examples=["2026-01-07T08:00:00+05:00"]
    )


class BadgeRead(Out):
    """What a person shows or holds instead of a login."""

    enrolment_id: EnrolmentId = Field(description="The enrolment", examples=[_ENROLMENT])
    badge: str = Field(
        description="The signed text; worth something only together with a code of this moment",
        max_length=64,
        examples=[_BADGE],
    )
    picture: str = Field(description="The same as a QR code (SVG)", max_length=20_000, examples=["<svg …/>"])


class ScanCreate(In):
    """A code that was scanned, by whom, on which device."""

    model_config = ConfigDict(json_schema_extra=one_of("enrolment_id", "badge"))

    enrolment_id: EnrolmentId | None = Field(
        default=None, description="Whose attendance; or `badge`", examples=[_ENROLMENT]
    )
    badge: Badge | None = Field(default=None, description="Whose attendance; or `enrolment_id`")
    code: CodeText = Field(description="The code, scanned or typed", examples=[_CODE])
    nonce: Nonce = Field(description=f"Made up for this scan. {_REPEATS}", examples=[_NONCE])
    device: Device = Field(description="The device, as the app calls it", examples=[_DEVICE])
    scanned_at: Instant | None = Field(default=None, description=_SCANNED_AT, examples=[_BEGINS])

    @model_validator(mode="after")
    def _one_of_two(self) -> "ScanCreate":
        if (self.enrolment_id is None) == (self.badge is None):
            raise wrong(
                "enrolment_or_badge",
                kk="enrolment_id не badge, екеуінің бірі керек",
                ru="Нужно одно из двух: enrolment_id или badge",
                en="One of the two is needed: enrolment_id or badge",
            )
        return self


class OwnScanCreate(In):
    """A code that somebody scanned with a device of their own."""

    session_id: SessionId = Field(description="The session, as the picture says", examples=[_SESSION])
    badge: Badge = Field(description="The person's badge", examples=[_BADGE])
    code: CodeText = Field(description="The code, scanned or typed", examples=[_CODE])
    nonce: Nonce = Field(description=f"Made up for this scan. {_REPEATS}", examples=[_NONCE])
    device: Device = Field(description="The device, as the app calls it", examples=[_DEVICE])
    scanned_at: Instant | None = Field(default=None, description=_SCANNED_AT, examples=[_BEGINS])


class ScanRead(Out):
    """What came of a scan."""

    session_id: SessionId = Field(description="The session", examples=[_SESSION])
    enrolment_id: EnrolmentId = Field(description="The enrolment", examples=[_ENROLMENT])
    direction: ScanDirection = Field(description="Coming or leaving", examples=["in"])
    outcome: ScanOutcome = Field(
        description="`recorded`; `unchanged`: it was known already; `kept`: a trainer's word stands",
        examples=["recorded"],
    )
    status: AttendanceStatus = Field(description="What is now said of the person", examples=["present"])
    minutes: int = Field(description="Minutes at the session; until its end for who has not left", ge=0, le=LONGEST)
    scanned_at: Instant = Field(description="When it was, by the server's clock", examples=[_BEGINS])


class OfflineScan(In):
    """One scan that a device kept while it had no network."""

    model_config = ConfigDict(json_schema_extra=one_of("enrolment_id", "badge"))

    enrolment_id: EnrolmentId | None = Field(
        default=None, description="Whose attendance; or `badge`", examples=[_ENROLMENT]
    )
    badge: Badge | None = Field(default=None, description="Whose attendance; or `enrolment_id`")
    code: CodeText = Field(description="The code; the window of time it was made for counts", examples=[_CODE])
    nonce: Nonce = Field(description="Made up for this scan", examples=[_NONCE])
    device_clock: Instant = Field(description="What the device's clock showed", examples=[_BEGINS])

    @model_validator(mode="after")
    def _one_of_two(self) -> "OfflineScan":
        if (self.enrolment_id is None) == (self.badge is None):
            raise wrong(
                "enrolment_or_badge",
                kk="enrolment_id не badge, екеуінің бірі керек",
                ru="Нужно одно из двух: enrolment_id или badge",
                en="One of the two is needed: enrolment_id or badge",
            )
        return self


class OfflineBatch(In):
    """What a trainer's device collected while it had no network."""

    device: Device = Field(description="The device, as the app calls it", examples=[_DEVICE])
    clock_offset_seconds: Annotated[Whole, Field(ge=-86_400, le=86_400)] = Field(
        default=0,
        description="The server's clock less the device's, as measured when there was a network",
        examples=[-3],
    )
    scans: list[OfflineScan] = Field(
        min_length=1,
        max_length=500,
        description="The scans, in any order",
        examples=[
            [{"enrolment_id": _ENROLMENT, "code": _CODE, "nonce": _NONCE, "device_clock": "2026-01-07T09:00:12+05:00"}]
        ],
    )


class OfflineAnswer(Out):
    """What came of one scan of a batch."""

    nonce: str = Field(description="Which scan", max_length=64, examples=[_NONCE])
    outcome: ScanOutcome = Field(
        description="`recorded`; `unchanged`: known already; `kept`: a trainer's word stands; `refused`",
        examples=["recorded"],
    )
    code: str | None = Field(description="Why it was refused", max_length=64, examples=["code_of_another_session"])
    message: str | None = Field(description="The same in words, in the caller's language", max_length=1000)
    enrolment_id: EnrolmentId | None = Field(description="The enrolment", examples=[_ENROLMENT])
    status: AttendanceStatus | None = Field(description="What is now said of the person", examples=["present"])
    minutes: int | None = Field(description="Minutes at the session", ge=0, le=LONGEST, examples=[420])


class OfflineAnswers(Out):
    """What came of a batch, scan by scan."""

    items: list[OfflineAnswer] = Field(description="In the order of the scans", max_length=500)
    recorded: int = Field(description="How many changed something", ge=0, le=500, examples=[23])
    unchanged: int = Field(description="How many were known already", ge=0, le=500, examples=[1])
    kept: int = Field(description="How many gave way to a trainer's word", ge=0, le=500, examples=[0])
    refused: int = Field(description="How many were refused", ge=0, le=500, examples=[1])
