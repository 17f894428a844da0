"""How seats are kept from being sold twice."""

from enum import StrEnum


class SeatLocking(StrEnum):
    """What keeps two people off one seat."""

    SKIP_LOCKED = "skip_locked"
    """A seat is locked as it is looked at, and seats locked by others are passed over."""
    NONE = "none"
    """Nothing: seats are looked at and then taken. A fault for tests, to prove that the tests see it."""
