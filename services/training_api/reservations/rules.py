"""Which seats are kept for whom, in which order they are taken and released, and how they are shared out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.schemas.training.reservations import PoolKind


@dataclass(frozen=True, slots=True)
class Pool:
    """Seats kept for some."""

    id: UUID
    cohort_id: UUID
    venue_id: UUID | None
    """None: at every venue of the cohort."""
    kind: PoolKind
    key: str
    is_hold: bool
    priority: int
    release_at: datetime | None

    @property
    def tag(self) -> str:
        """The fact about a person that gives a right to its seats."""
        return tag(self.kind, self.key)

    @property
    def is_for_anybody(self) -> bool:
        return self.kind is PoolKind.OPEN

    def is_due(self, now: datetime) -> bool:
        """Whether its free seats are for anybody by now."""
        return self.release_at is not None and self.release_at <= now


def tag(kind: PoolKind, key: str) -> str:
    """A kind and its key as one word."""
    return f"{kind.value}:{key}"


def facts(
    *,
    organisation_id: UUID,
    area_path: Sequence[str],
    subjects: Iterable[str],
    category: str | None,
    languages: Iterable[str],
) -> list[str]:
    """What pools may ask of a person, from what fits few to what fits many.

    The school; its areas, the smallest first; the subjects; the category; the languages of instruction.
    """
    return [
        tag(PoolKind.SCHOOL, str(organisation_id)),
        *(tag(PoolKind.DISTRICT, area) for area in reversed(area_path)),
        *(tag(PoolKind.SUBJECT, subject) for subject in sorted(set(subjects))),
        *([tag(PoolKind.CATEGORY, category)] if category else ()),
        *(tag(PoolKind.LANGUAGE, language) for language in sorted(set(languages))),
    ]


def fitting(pools: Iterable[Pool], known: Sequence[str]) -> list[UUID]:
    """The pools a person with these facts may take seats of, the best first.

    What is held for the person's organisation, then what fits fewest, then what is released last: so that seats that
    more people fit stay for these, and what will be for anybody soon is not given away to who has a right of their own.
    """
    place = {fact: number for number, fact in enumerate(known)}
    mine = [pool for pool in pools if pool.is_for_anybody or pool.tag in place]
    ordered = sorted(
        mine, key=lambda pool: (not pool.is_hold, place.get(pool.tag, len(place)), -pool.priority, pool.id)
    )
    return [pool.id for pool in ordered]


def wanted_facts(pools: Iterable[Pool], free: Iterable[UUID | None]) -> list[str] | None:
    """The facts one of which a person needs for one of the free seats, by their pools; None: anybody may have one."""
    having = set(free)
    if None in having or any(pool.is_for_anybody for pool in pools if pool.id in having):
        return None
    return sorted({pool.tag for pool in pools if pool.id in having})


def in_order_of_release(pools: Iterable[Pool]) -> list[Pool]:
    """Those due earlier first, of those due at one moment the lowest priority first."""
    return sorted(
        (pool for pool in pools if pool.release_at is not None),
        key=lambda pool: (pool.release_at, pool.priority, pool.id),
    )


def share_out(seats: int, free: Mapping[UUID, int]) -> dict[UUID, int]:
    """So many seats over venues, in proportion to what is free there; the largest remainders get what is left.

    Never more at a venue than is free there; `seats` is at most the sum.
    """
    total = sum(free.values())
    if not total:
        return {}
    exact = {venue_id: seats * count / total for venue_id, count in free.items()}
    shared = {venue_id: int(part) for venue_id, part in exact.items()}
    by_remainder = sorted(free, key=lambda venue_id: (shared[venue_id] - exact[venue_id], venue_id))
    missing = seats - sum(shared.values())
    while missing > 0:
        before = missing
        for venue_id in by_remainder:
            if missing and shared[venue_id] < free[venue_id]:
                shared[venue_id] += 1
                missing -= 1
        if missing == before:
            break
    return {venue_id: count for venue_id, count in shared.items() if count}
