"""The change feed on the wire: what happened, numbered 1, 2, 3, … without gaps."""

from typing import Any

from pydantic import Field

from shared.schemas.base import In, Instant, Out

LONGEST_WAIT_SECONDS = 20
LARGEST_PAGE = 1000
_LAST_POSITION = 2**63 - 1


class ChangesQuery(In):
    """Where to go on, how much, and how long to wait for news."""

    after: int = Field(
        default=0,
        ge=0,
        le=_LAST_POSITION,
        description="The last position you have; 0 is the beginning",
        examples=[0],
    )
    limit: int = Field(default=100, ge=1, le=LARGEST_PAGE, description="How many changes at most", examples=[100])
    wait: int = Field(
        default=0,
        ge=0,
        le=LONGEST_WAIT_SECONDS,
        description="Seconds to wait for a change when there is none after `after`",
        examples=[0],
    )


class ChangeRead(Out):
    """One thing that happened. A deletion and a change of key are changes like any other."""

    position: int = Field(
        ge=1, le=_LAST_POSITION, description="Its number; the next change has the next one", examples=[17]
    )
    kind: str = Field(max_length=100, description="What happened", examples=["organisation.changed"])
    subject: str = Field(max_length=100, description="What kind of thing it happened to", examples=["organisation"])
    subject_id: str = Field(
        max_length=300, description="Which one: its id, or its code", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"]
    )
    data: dict[str, Any] = Field(
        description="The state after the change, as far as it is public", examples=[{"status": "active"}]
    )
    occurred_at: Instant = Field(description="When it happened", examples=["2026-09-01T09:00:00+05:00"])


class ChangePage(Out):
    """The changes after a position, in order; ask again with `after=next_after`. Empty means: nothing new yet."""

    items: list[ChangeRead] = Field(max_length=LARGEST_PAGE, description="The changes, by position")
    next_after: int = Field(ge=0, le=_LAST_POSITION, description="Give it back as `after`", examples=[17])
    head: int = Field(
        ge=0,
        le=_LAST_POSITION,
        description="The last position there is; if below your `after`, the feed was restored from a backup",
        examples=[17],
    )
