"""When a survey may do what, what fits as a ballot, what is kept of its time and network, and what it counts for."""

import hashlib
import hmac
import ipaddress
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import assert_never

from services.rating_engine.surveys import errors
from shared.clock import KAZAKHSTAN
from shared.errors import FieldError
from shared.machines import Machine, Move
from shared.schemas.base import LocalisedText
from shared.schemas.rating.surveys import FrameStratum, SurveyItem, SurveyItemKind, SurveyStatus

MIN_N = 10
"""No figure rests on fewer ballots."""
MIN_RATED_N = 20
MIN_RATED_RESPONSE = 10.0
"""Percent. With the line above: what the definition of ORG_PARENT_SATISFACTION asks of a value that is rated."""
BUCKET = timedelta(minutes=30)
FORM_LIFE = timedelta(hours=24)
NIGHT = range(6)
"""Hours of the day in Kazakhstan at which hardly a parent fills in a form."""
_IPV4_PREFIX, _IPV6_PREFIX = 24, 48

Answer = bool | int | str


class SurveyAction(StrEnum):
    """What is done to a survey."""

    OPEN = "open"
    CLOSE = "close"
    PUBLISH = "publish"


MACHINE: Machine[SurveyStatus, SurveyAction] = Machine(
    "survey",
    (
        Move(SurveyAction.OPEN, frozenset({SurveyStatus.DRAFT}), frozenset({SurveyStatus.OPEN})),
        Move(SurveyAction.CLOSE, frozenset({SurveyStatus.OPEN}), frozenset({SurveyStatus.CLOSED})),
        Move(SurveyAction.PUBLISH, frozenset({SurveyStatus.CLOSED}), frozenset({SurveyStatus.PUBLISHED})),
    ),
)
"""A closed survey never opens again: whoever saw its results twice would see what one more ballot changed."""


def missing_to_open(
    title: LocalisedText, items: Sequence[SurveyItem], *, population: int, closes_at: datetime, now: datetime
) -> list[FieldError]:
    """What stands between a draft and its opening."""
    texts: list[tuple[str, LocalisedText]] = [("/title", title)]
    for place, item in enumerate(items):
        texts.append((f"/items/{place}/text", item.text))
        texts.extend((f"/items/{place}/options/{number}/text", one.text) for number, one in enumerate(item.options))
    found = [
        FieldError(f"{pointer}/{language}", "text_needed", errors.TEXT_NEEDED)
        for pointer, text in texts
        for language in ("kk", "ru")
        if getattr(text, language) is None
    ]
    if population == 0:
        found.append(FieldError("/frame", "frame_needed", errors.FRAME_NEEDED))
    if closes_at <= now:
        found.append(FieldError("/closes_at", "time_over", errors.TIME_OVER))
    return found


def frame_faults(pointer: str, strata: Sequence[FrameStratum], *, most: int) -> list[FieldError]:
    """What is wrong with one organisation's parts. A part of fewer than ten would tell more than a name."""
    dimensions = {(stratum.grade_group is None, stratum.language is None) for stratum in strata}
    names = {(stratum.grade_group, stratum.language) for stratum in strata}
    if len(dimensions) > 1 or len(names) < len(strata):
        return [FieldError(f"{pointer}/strata", "strata_uneven", errors.STRATA_UNEVEN)]
    if len(strata) > 1 and any(stratum.population < MIN_N for stratum in strata):
        return [FieldError(f"{pointer}/strata", "stratum_too_small", errors.STRATUM_TOO_SMALL)]
    if sum(stratum.population for stratum in strata) > most:
        return [FieldError(f"{pointer}/strata", "population_too_large", errors.POPULATION_TOO_LARGE)]
    return []


def ballot_faults(items: Sequence[SurveyItem], answers: Mapping[str, Answer]) -> list[FieldError]:
    """Where a ballot does not fit: every question is answered, so that all figures rest on the same people."""
    asked = {item.code: item for item in items}
    found = [
        FieldError(f"/answers/{code}", "answer_missing", errors.ANSWER_MISSING) for code in asked if code not in answers
    ]
    for code, answer in answers.items():
        if code not in asked:
            found.append(FieldError(f"/answers/{code}", "question_unknown", errors.QUESTION_UNKNOWN))
        elif position(asked[code], answer) is None:
            found.append(FieldError(f"/answers/{code}", "answer_unknown", errors.ANSWER_UNKNOWN))
    return found


def position(item: SurveyItem, answer: Answer) -> int | None:
    """The answer as a whole number: the point, 0 or 1, the place of the option; None if there is no such answer."""
    match item.kind:
        case SurveyItemKind.SCALE:
            low, high = bounds(item)
            fits = isinstance(answer, int) and not isinstance(answer, bool) and low <= answer <= high
            return int(answer) if fits else None
        case SurveyItemKind.YES_NO:
            return int(answer) if isinstance(answer, bool) else None
        case SurveyItemKind.CHOICE:
            return next((place for place, option in enumerate(item.options) if option.code == answer), None)
        case _:
            assert_never(item.kind)


def bounds(item: SurveyItem) -> tuple[int, int]:
    """The lowest and the highest whole number an answer can be."""
    match item.kind:
        case SurveyItemKind.SCALE:
            assert item.low is not None
            assert item.high is not None
            return item.low, item.high
        case SurveyItemKind.YES_NO:
            return 0, 1
        case SurveyItemKind.CHOICE:
            return 0, len(item.options) - 1
        case _:
            assert_never(item.kind)


def labels(item: SurveyItem) -> list[str]:
    """What the whole numbers are called in a distribution."""
    low, high = bounds(item)
    match item.kind:
        case SurveyItemKind.SCALE:
            return [str(point) for point in range(low, high + 1)]
        case SurveyItemKind.YES_NO:
            return ["no", "yes"]
        case SurveyItemKind.CHOICE:
            return [option.code for option in item.options]
        case _:
            assert_never(item.kind)


def score(item: SurveyItem, point: int) -> float | None:
    """What an answer counts for, 0 to 100: 100·(x − low)/(high − low), turned round where the lowest is the best."""
    if item.kind is SurveyItemKind.CHOICE:
        return item.options[point].score
    low, high = bounds(item)
    share = 100.0 * (point - low) / (high - low)
    return 100.0 - share if item.reversed else share


def is_scored(item: SurveyItem) -> bool:
    """Whether the question counts for satisfaction."""
    return item.kind is not SurveyItemKind.CHOICE or item.options[0].score is not None


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a form is signed with: the survey's own key, drawn at its opening and thrown away after it was counted."""

    key: bytes
    survey: bytes

    def sign(self, now: datetime) -> str:
        """When a form was handed out, so that nobody else can say so."""
        told = f"{int(now.timestamp() * 1000):x}"
        return f"{told}.{self._mark(told)}"

    def since(self, stamp: str, *, now: datetime) -> timedelta | None:
        """How long ago the form was handed out; None for a stamp that is not ours, or too old, or from the future."""
        told, _, mark = stamp.partition(".")
        if not hmac.compare_digest(mark, self._mark(told)):
            return None
        passed = now - datetime.fromtimestamp(int(told, 16) / 1000, UTC)
        return passed if timedelta(seconds=-5) <= passed <= FORM_LIFE else None

    def _mark(self, told: str) -> str:
        return hmac.new(self.key, b"started" + self.survey + told.encode(), hashlib.sha256).hexdigest()[:32]


def bucket_of(now: datetime) -> int:
    """The half hour, counted from 1970: nothing finer is kept of a ballot's time, and this only until it is counted."""
    return math.floor(now.timestamp() / BUCKET.total_seconds())


def is_night(bucket: int) -> bool:
    """Whether the half hour lies in the night of Kazakhstan."""
    begun = datetime.fromtimestamp(bucket * BUCKET.total_seconds(), UTC)
    return begun.astimezone(KAZAKHSTAN).hour in NIGHT


def network_of(address: str | None, *, key: bytes, pepper: bytes) -> bytes | None:
    """A mark of the network a ballot came from: eight bytes of a keyed hash of the address' first 24 (IPv6: 48) bits.

    `key` is the survey's and thrown away after counting; `pepper` is the house's and in no database: with either
    missing the few million networks there are cannot be tried out.
    """
    if address is None:
        return None
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    prefix = _IPV4_PREFIX if found.version == 4 else _IPV6_PREFIX
    network = ipaddress.ip_network((found, prefix), strict=False).network_address.packed
    return hmac.new(key + pepper, b"network" + network, hashlib.sha256).digest()[:8]
