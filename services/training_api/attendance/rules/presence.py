"""How long somebody was there, upon all scans of the person; in which order they arrived does not matter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.training_api.attendance.rules.machine import AWAY
from shared.schemas.training.attendance import AttendanceStatus as Status
from shared.schemas.training.attendance import KnownBy, MarkedStatus
from shared.schemas.training.attendance_scans import ScanDirection

DOORS_OPEN = timedelta(minutes=30)
"""How long before a session people may scan that they have come."""
DOORS_CLOSE = timedelta(minutes=60)
"""How long after a session people may scan that they leave."""
TOLERANCE = timedelta(minutes=15)
"""Who comes, or leaves, within this of the hour is neither late nor early."""
UPLOAD_WITHIN = timedelta(days=14)
"""How long after a session scans may be sent that were made without a network."""
SHEET_BEFORE = timedelta(hours=24)
"""How long before a session its codes are given to a screen that will have no network."""
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when a session is held."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.starts_at) // _MINUTE

    def opens(self, direction: ScanDirection | None = None) -> datetime:
        """From when a scan is taken."""
        return self.starts_at if direction is ScanDirection.OUT else self.starts_at - DOORS_OPEN

    def closes(self, direction: ScanDirection | None = None) -> datetime:
        """Until when a scan is taken."""
        return self.ends_at if direction is ScanDirection.IN else self.ends_at + DOORS_CLOSE

    def clipped(self, moment: datetime) -> datetime:
        """The moment, or the end of the session that is nearer to it."""
        return min(max(moment, self.starts_at), self.ends_at)


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """A person was seen coming or leaving."""

    moment: datetime
    direction: ScanDirection


@dataclass(frozen=True, slots=True)
class Presence:
    """What the scans of a person come to."""

    status: Status
    minutes: int
    arrived_at: datetime | None
    left_at: datetime | None


def reckon(hours: Hours, scans: Iterable[Seen]) -> Presence:
    """The time between each coming and the leaving after it; who has not left stays until the end.

    Who was only seen leaving is late and has no minutes, until the coming is found.
    """
    arrived = left = since = None
    there = timedelta()
    for seen in sorted(scans):
        if seen.direction is ScanDirection.IN:
            arrived = arrived or seen.moment
            since = since or hours.clipped(seen.moment)
            left = None
        else:
            if since is not None:
                there += hours.clipped(seen.moment) - since
            since, left = None, seen.moment
    if since is not None:
        there += hours.ends_at - since
    if left is not None and left < hours.ends_at - TOLERANCE:
        status = Status.LEFT_EARLY
    elif arrived is None or arrived > hours.starts_at + TOLERANCE:
        status = Status.LATE
    else:
        status = Status.PRESENT
    return Presence(status, there // _MINUTE, arrived, left)


def by_hand(hours: Hours, status: MarkedStatus, minutes: int | None) -> int | None:
    """The minutes that a trainer's word means; None if they must be said, -1 if what was said cannot be."""
    whole = hours.minutes
    match status:
        case MarkedStatus.ABSENT | MarkedStatus.EXCUSED:
            return 0 if minutes in (None, 0) else -1
        case MarkedStatus.PRESENT:
            return whole if minutes is None else minutes if 0 < minutes <= whole else -1
        case _:
            return minutes if minutes is None or 0 < minutes <= whole else -1


def word_stands(known_by: KnownBy | None, status: Status, settled_at: datetime | None, moment: datetime) -> bool:
    """Whether what a trainer said outweighs a scan of that moment.

    A correction always does. A mark does too, save that somebody marked as not there may come later.
    """
    if known_by is KnownBy.CORRECTION:
        return True
    if settled_at is None:
        return False
    return moment <= settled_at or (known_by is KnownBy.HAND and status not in AWAY)
