"""What must hold of a programme."""

from collections.abc import Sequence

from shared.schemas.training.programmes import Approval


def total_hours(hours: Sequence[int]) -> int:
    """Academic hours of a programme: the sum of its modules."""
    return sum(hours)


def may_be_decided(approval: Approval) -> bool:
    """A draft may be approved or rejected; what was decided stays, and a new version is written instead."""
    return approval is Approval.DRAFT
