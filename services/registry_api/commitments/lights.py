"""The two lights of a commitment, computed and explained: is it delivered, and is it reported on?

Delivery compares parts of the way from the baseline b to the target t. Actual share = (x − b) / (t − b), x the value
of the last accepted progress up to the day, or b if there is none. Expected share = (e − b) / (t − b), where e lies on
the straight line from (since, b) to (due, t), or is the value of the last step that is behind; never below 0 or above
1. The gap is expected minus actual: up to `amber_from` green, up to `red_from` amber, beyond it red; exactly at a
bound the better light shows. Both shares are unitless and the actual one is uncapped.

Freshness compares the days since the last report (or since it began) with the cadence c: up to c green, up to 2c
amber, beyond it red.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shared.errors import Text
from shared.schemas.registry.commitment_words import CommitmentLight as Light
from shared.schemas.registry.commitment_words import CommitmentLightReason as Reason
from shared.schemas.registry.commitment_words import CommitmentStatus as Status

_ROUNDING = 1e-9
"""A gap of 0.1 that binary arithmetic makes 0.1000000001 is still 0.1."""


@dataclass(frozen=True, slots=True)
class Way:
    """What is measured: from where to where, since when, until when, and how strictly."""

    baseline: float
    target: float
    since: date
    due: date | None
    steps: Sequence[tuple[date, float]]
    """Empty for a straight line."""
    amber_from: float
    red_from: float


@dataclass(frozen=True, slots=True)
class Progress:
    """An accepted report of a value."""

    on: date
    value: float


@dataclass(frozen=True, slots=True)
class Override:
    """A delivery light set by hand, from the first day on and up to before the last."""

    light: Light
    reason: str
    since: date
    expires_on: date
    set_by: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery light of a day, and all that it is made of."""

    light: Light
    reason: Reason
    computed: Light
    computed_reason: Reason
    explanation: Text
    expected: float | None = None
    actual: float | None = None
    expected_share: float | None = None
    actual_share: float | None = None
    gap: float | None = None
    measured_on: date | None = None
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Freshness:
    """The light of reporting of a day."""

    light: Light
    reason: Reason
    explanation: Text
    last_report_on: date | None = None
    days_since: int | None = None


_WORDS = {
    Reason.FULFILLED: Text(kk="Орындалған", ru="Выполнено", en="Fulfilled"),
    Reason.CANCELLED: Text(kk="Тоқтатылған", ru="Отменено", en="Cancelled"),
    Reason.OVERDUE: Text(kk="Мерзімі өтті: {due}", ru="Просрочено: срок был {due}", en="Overdue since {due}"),
    Reason.NO_MEASURE: Text(
        kk="Өлшенбейді, сондықтан бағаланбайды",
        ru="Не измеряется, поэтому не оценивается",
        en="It has no measure, so it is not judged",
    ),
    Reason.NO_TRAJECTORY: Text(
        kk="Мерзімі айтылмаған, күтілетін мән жоқ",
        ru="Срок не назван, ожидаемого значения нет",
        en="No due date was said, so nothing is expected by today",
    ),
    Reason.NOT_BEGUN: Text(kk="Әлі басталған жоқ", ru="Ещё не началось", en="It has not begun yet"),
    Reason.REACHED: Text(
        kk="Мақсатқа жетті: {actual}", ru="Цель достигнута: {actual}", en="The target is reached: {actual}"
    ),
    Reason.ON_TRACK: Text(
        kk="Жоспар бойынша: жолдың {went} % өтті, күтілгені {wanted} %",
        ru="По плану: пройдено {went} % пути при ожидаемых {wanted} %",
        en="On track: {went} % of the way is gone, {wanted} % was expected",
    ),
    Reason.BEHIND: Text(
        kk="Қалып барады: жолдың {went} % өтті, күтілгені {wanted} %",
        ru="Отстаёт: пройдено {went} % пути при ожидаемых {wanted} %",
        en="Behind: {went} % of the way is gone, {wanted} % was expected",
    ),
    Reason.FAR_BEHIND: Text(
        kk="Көп қалған: жолдың {went} % өтті, күтілгені {wanted} %",
        ru="Сильно отстаёт: пройдено {went} % пути при ожидаемых {wanted} %",
        en="Far behind: {went} % of the way is gone, {wanted} % was expected",
    ),
    Reason.OVERRIDDEN: Text(
        kk="{until} күніне дейін қолмен қойылған: {why}",
        ru="Поставлено вручную до {until}: {why}",
        en="Set by hand until {until}: {why}",
    ),
    Reason.NO_CADENCE: Text(
        kk="Есеп беру жиілігі белгіленбеген", ru="Частота отчётов не задана", en="No cadence of reports was set"
    ),
    Reason.REPORTED_IN_TIME: Text(
        kk="Соңғы есептен {days} күн өтті, әр {every} күнде керек",
        ru="С последнего отчёта {days} дн., отчёт раз в {every} дн.",
        en="{days} days since the last report, one is due every {every} days",
    ),
}
_WORDS[Reason.REPORT_DUE] = _WORDS[Reason.REPORT_LATE] = _WORDS[Reason.REPORTED_IN_TIME]


def delivery(
    status: Status,
    way: Way | None,
    progress: Sequence[Progress],
    override: Override | None,
    *,
    due: date | None,
    on: date,
) -> Delivery:
    """The delivery light on a day. `progress` is accepted and in the order of its days; `status` is the written one."""
    found = _computed(status, way, progress, due=due, on=on)
    if override is None or not override.since <= on < override.expires_on or status not in _JUDGED:
        return found
    until = override.expires_on.isoformat()
    words = Text(*(sentence.format(until=until, why=override.reason) for sentence in _WORDS[Reason.OVERRIDDEN]))
    return Delivery(
        light=override.light,
        reason=Reason.OVERRIDDEN,
        computed=found.computed,
        computed_reason=found.computed_reason,
        explanation=words,
        expected=found.expected,
        actual=found.actual,
        expected_share=found.expected_share,
        actual_share=found.actual_share,
        gap=found.gap,
        measured_on=found.measured_on,
        override=override,
    )


_JUDGED = frozenset({Status.PLANNED, Status.IN_PROGRESS})


def _computed(status: Status, way: Way | None, progress: Sequence[Progress], *, due: date | None, on: date) -> Delivery:
    if status is Status.FULFILLED:
        return _plain(Light.GREEN, Reason.FULFILLED)
    if status is Status.CANCELLED:
        return _plain(Light.NONE, Reason.CANCELLED)
    is_over = due is not None and on > due
    if way is None:
        if is_over and due is not None:
            return _plain(Light.RED, Reason.OVERDUE, due=due.isoformat())
        return _plain(Light.NONE, Reason.NO_MEASURE)
    place = bisect_right([one.on for one in progress], on)
    last = progress[place - 1] if place else None
    actual = last.value if last is not None else way.baseline
    length = way.target - way.baseline
    went = (actual - way.baseline) / length
    expected = expected_value(way, on=on)
    wanted = None if expected is None else (expected - way.baseline) / length
    gap = None if wanted is None else wanted - went
    light, reason = _judge(way, went, gap, is_over=is_over, on=on)
    words = _WORDS[reason].filled(
        {
            "due": due.isoformat() if due is not None else "",
            "actual": f"{actual:g}",
            "went": f"{went * 100:.1f}",
            "wanted": "" if wanted is None else f"{wanted * 100:.1f}",
        }
    )
    measured_on = last.on if last is not None else None
    return Delivery(light, reason, light, reason, words, expected, actual, wanted, went, gap, measured_on)


def _judge(way: Way, went: float, gap: float | None, *, is_over: bool, on: date) -> tuple[Light, Reason]:
    if went >= 1 - _ROUNDING:
        return Light.GREEN, Reason.REACHED
    if is_over:
        return Light.RED, Reason.OVERDUE
    if gap is None:
        return Light.NONE, Reason.NO_TRAJECTORY
    if on < way.since:
        return Light.NONE, Reason.NOT_BEGUN
    if gap <= way.amber_from + _ROUNDING:
        return Light.GREEN, Reason.ON_TRACK
    if gap <= way.red_from + _ROUNDING:
        return Light.AMBER, Reason.BEHIND
    return Light.RED, Reason.FAR_BEHIND


def expected_value(way: Way, *, on: date) -> float | None:
    """What was to be reached by the day; None if nobody said by when anything is.

    >>> line = Way(13, 20, date(2026, 1, 1), date(2026, 12, 31), (), 0.1, 0.25)
    >>> expected_value(line, on=date(2026, 7, 2))
    16.5
    """
    if way.steps:
        place = bisect_right([day for day, _ in way.steps], on)
        return way.steps[place - 1][1] if place else way.baseline
    if way.due is None:
        return None
    whole = (way.due - way.since).days
    part = min(1.0, max(0.0, (on - way.since).days / whole)) if whole > 0 else 1.0
    return way.baseline + (way.target - way.baseline) * part


def freshness(
    status: Status, every_days: int | None, reported_on: Sequence[date], *, since: date, on: date
) -> Freshness:
    """The light of reporting on a day; `reported_on` are the days reports came in, ascending."""
    if status is Status.FULFILLED:
        return Freshness(Light.NONE, Reason.FULFILLED, _WORDS[Reason.FULFILLED])
    if status is Status.CANCELLED:
        return Freshness(Light.NONE, Reason.CANCELLED, _WORDS[Reason.CANCELLED])
    place = bisect_right(reported_on, on)
    last = reported_on[place - 1] if place else None
    if every_days is None:
        return Freshness(Light.NONE, Reason.NO_CADENCE, _WORDS[Reason.NO_CADENCE], last)
    days = (on - (last or since)).days
    if days < 0:
        return Freshness(Light.NONE, Reason.NOT_BEGUN, _WORDS[Reason.NOT_BEGUN], last)
    if days <= every_days:
        light, reason = Light.GREEN, Reason.REPORTED_IN_TIME
    elif days <= 2 * every_days:
        light, reason = Light.AMBER, Reason.REPORT_DUE
    else:
        light, reason = Light.RED, Reason.REPORT_LATE
    return Freshness(light, reason, _WORDS[reason].filled({"days": days, "every": every_days}), last, days)


def _plain(light: Light, reason: Reason, **values: str) -> Delivery:
    return Delivery(light, reason, light, reason, _WORDS[reason].filled(dict(values)))
