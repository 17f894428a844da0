"""Observations of three school years, with the gaps and breaks that real reports have."""

import math
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from deploy.demo.region import Place

YEARS = ("2023-2024", "2024-2025", "2025-2026")
_NOT_REPORTED = 0.02
_MODO_SAMPLE = 0.25


class Row(NamedTuple):
    """One line of the import."""

    organisation: str
    indicator: str
    period: str
    value: float | None
    reason: str | None
    n: int | None
    variance: float | None


def observations(seed: int, places: Sequence[Place], year: str) -> Iterator[Row]:
    """Every observation of one school year."""
    random = Random(f"{seed}:{year}")  # noqa: S311 -- repeatable on purpose
    drift = YEARS.index(year) * 0.6
    for index, place in enumerate(places):
        measured = {"school": _school, "college": _college, "preschool": _preschool}[place.type]
        silent = random.random() < _NOT_REPORTED
        for row in measured(random, place, year, drift, index):
            if silent and row.value is not None and not row.indicator.startswith("SCH_UNT"):
                yield Row(row.organisation, row.indicator, row.period, None, "not_reported", None, None)
            else:
                yield row


def _school(random: Random, place: Place, year: str, drift: float, index: int) -> Iterator[Row]:
    key, pupils = place.key, place.pupils
    graduates = max(3, round(pupils * random.uniform(0.05, 0.07)))
    yield from _unt(random, place, year, drift, graduates)
    yield from _modo(random, place, year, index)
    yield _plain(key, "SCH_OLYMPIAD_PRIZES", year, min(400, max(0, random.expovariate(1 / 9) + place.effect * 0.6)))
    quality = _clip(50 + place.effect * 0.9 + random.gauss(0, 8), 20, 98)
    yield _share(key, "SCH_KNOWLEDGE_QUALITY", year, quality, pupils)
    ladder = 43.9 + (-4 if place.rural else 5) + place.effect * 0.5
    yield _share(key, "TCH_EXPERT_PLUS_SHARE", year, _clip(ladder + random.gauss(0, 9), 0, 100), place.staff)
    yield _share(key, "TCH_RELEVANT_EDU_SHARE", year, _clip(97 - abs(random.gauss(0, 4)), 50, 100), place.staff)
    yield _share(key, "TCH_TURNOVER", year, _clip(random.gammavariate(3, 3), 0, 60), place.staff)
    learners = max(1, round(pupils * random.uniform(0.01, 0.05)))
    yield _share(key, "SEN_SUPPORT_COVERAGE", year, _clip(random.betavariate(9, 1.6) * 100, 0, 100), learners)
    yield _plain(key, "SCH_INCLUSIVE_CONDITIONS", year, _clip(55 + random.gauss(0, 16), 0, 100))
    yield _psychologist(random, place, year)
    supplementary = _clip(66.7 + drift * 4 + random.gauss(0, 12), 5, 100)
    yield _share(key, "SCH_SUPPL_COVERAGE", year, supplementary, pupils)
    yield _plain(key, "SCH_LIBRARY_RENEWAL", year[:4], _clip(random.gammavariate(3, 3), 0, 100))
    yield _share(key, "SCH_TEXTBOOK_PROVISION", year, _clip(100 - random.gammavariate(1.5, 1.5), 50, 100), pupils)
    yield _plain(key, "SCH_SHIFT_COUNT", year, place.row["shift_count"])
    yield _plain(key, "SCH_MODERN_SUBJECT_ROOMS", year, _clip(65 + random.gauss(0, 20), 0, 100))
    yield _plain(key, "SCH_PUPILS_PER_DEVICE", year, _clip(random.lognormvariate(1.7, 0.4), 0.5, 60))
    load = 100 * pupils / place.row["design_capacity"]
    # One value outside the plausible range, so that a reader of the import report sees a warning.
    yield _plain(key, "SCH_LOAD_FACTOR", year, 612.0 if index == 7 and year == YEARS[-1] else _clip(load, 5, 400))
    yield _plain(key, "TCH_PUPIL_RATIO", year, _clip(pupils / place.staff, 2, 30))
    yield _plain(key, "SCH_BULLYING_RATE", year, _clip(random.expovariate(1), 0, 40))
    yield from _voice(random, place, year)


def _unt(random: Random, place: Place, year: str, drift: float, graduates: int) -> Iterator[Row]:
    codes = ("SCH_UNT_MEAN", "SCH_UNT_PASS_RATE", "SCH_UNT_PARTICIPATION")
    if not place.secondary:
        yield from (Row(place.key, code, year, None, "not_applicable", None, None) for code in codes)
        return
    taking = _clip(random.betavariate(12, 2.3), 0.2, 1)
    sitters = max(1, round(graduates * taking))
    mean = _clip(66 + drift + place.effect + random.gauss(0, 24 / math.sqrt(sitters)), 30, 125)
    if sitters < 5:
        yield from (Row(place.key, code, year, None, "below_min_n", sitters, None) for code in codes[:2])
    else:
        yield Row(place.key, codes[0], year, round(mean, 2), None, sitters, round(24**2 / sitters, 4))
        above = 100 * 0.5 * math.erfc((50 - mean) / (24 * math.sqrt(2)))
        yield _share(place.key, codes[1], year, _clip(above + random.gauss(0, 3), 0, 100), sitters)
    yield _share(place.key, codes[2], year, max(20.0, 100 * sitters / graduates), graduates)


def _modo(random: Random, place: Place, year: str, index: int) -> Iterator[Row]:
    """A quarter of the schools each year, none twice running: the sample moves on by a quarter of the list."""
    sampled = (index + YEARS.index(year)) % round(1 / _MODO_SAMPLE) == 0
    for code, mean in (("SCH_MODO_G4", 60), ("SCH_MODO_G9", 55)):
        tested = max(1, place.pupils // 11)
        if not sampled:
            yield Row(place.key, code, year, None, "not_sampled", None, None)
        elif tested < 10:
            yield Row(place.key, code, year, None, "below_min_n", tested, None)
        else:
            result = _clip(mean + 0.6 * place.effect + random.gauss(0, 5), 10, 100)
            yield Row(place.key, code, year, round(result, 2), None, tested, round(15**2 / tested, 4))


def _psychologist(random: Random, place: Place, year: str) -> Row:
    posts = round(place.pupils / 550 * random.uniform(0.6, 1.5))
    if posts == 0:
        # No psychologist is no number, least of all a good one.
        return Row(place.key, "SCH_PUPILS_PER_PSYCHOLOGIST", year, None, "not_applicable", 0, None)
    return _plain(place.key, "SCH_PUPILS_PER_PSYCHOLOGIST", year, _clip(place.pupils / posts, 50, 3000))


def _voice(random: Random, place: Place, year: str) -> Iterator[Row]:
    ballots = round(place.pupils * random.uniform(0.1, 0.45))
    if ballots < 20:
        yield Row(place.key, "ORG_PARENT_SATISFACTION", year, None, "below_min_n", ballots, None)
    else:
        voice = _clip(74 + place.effect * 0.3 + random.gauss(0, 6), 0, 100)
        yield Row(place.key, "ORG_PARENT_SATISFACTION", year, round(voice, 2), None, ballots, round(18**2 / ballots, 4))
    yield _plain(place.key, "ORG_SITE_OPENNESS", year, random.choices((2, 3, 4, 5), (0.03, 0.2, 0.47, 0.3))[0])


def _college(random: Random, place: Place, year: str, drift: float, _: int) -> Iterator[Row]:
    key, students = place.key, place.pupils
    graduates = max(10, students // 4)
    employed = _clip(random.betavariate(17, 4) * 100 + place.effect * 0.3, 20, 100)
    yield _share(key, "COL_EMPLOYMENT_RATE", year[:4], employed, graduates)
    yield _plain(key, "COL_WAGE_RATIO", year[:4], _clip(0.8 + place.effect * 0.01 + random.gauss(0, 0.12), 0.3, 2.5))
    yield _share(key, "COL_DROPOUT", year, _clip(random.gammavariate(2, 2.5), 0, 40), students)
    yield _share(key, "COL_DUAL_COVERAGE", year, _clip(random.betavariate(3, 9.7) * 100 + drift, 0, 100), students)
    demonstrated = random.uniform(0, 12) if random.random() < 0.5 else random.uniform(45, 95)
    yield _share(key, "COL_DEMO_EXAM_SHARE", year, demonstrated, graduates)
    yield _share(key, "COL_DEMO_EXAM_PASS", year, _clip(82 + random.gauss(0, 8), 0, 100), graduates)
    yield _plain(key, "COL_EMPLOYER_PARTNERS", year, _clip(random.expovariate(1 / 1.5), 0, 30))
    ladder = _clip(40 + place.effect + random.gauss(0, 9), 0, 100)
    yield _share(key, "TCH_EXPERT_PLUS_SHARE", year, ladder, place.staff)
    yield _plain(key, "SCH_INCLUSIVE_CONDITIONS", year, _clip(50 + random.gauss(0, 16), 0, 100))
    yield _psychologist(random, place, year)
    yield from _voice(random, place, year)


def _preschool(random: Random, place: Place, year: str, _drift: float, _index: int) -> Iterator[Row]:
    key = place.key
    yield _plain(key, "PRE_CHILDREN_PER_EDUCATOR", year, _clip(place.pupils / place.staff, 3, 30))
    yield _share(key, "TCH_EXPERT_PLUS_SHARE", year, _clip(30 + random.gauss(0, 12), 0, 100), place.staff)
    yield _plain(key, "SCH_LOAD_FACTOR", year, _clip(100 * place.pupils / place.row["design_capacity"], 5, 400))
    yield _plain(key, "SCH_INCLUSIVE_CONDITIONS", year, _clip(50 + random.gauss(0, 16), 0, 100))
    yield from _voice(random, place, year)


def _plain(key: str, indicator: str, period: str, value: float) -> Row:
    return Row(key, indicator, period, round(value, 2), None, None, None)


def _share(key: str, indicator: str, period: str, percent: float, n: int) -> Row:
    """A share in percent of `n`, with the variance of a share: p(1-p)/n, p kept off 0 and 1 by half a case."""
    p = (percent / 100 * n + 0.5) / (n + 1)
    return Row(key, indicator, period, round(percent, 2), None, n, round(p * (1 - p) / n * 10_000, 6))


def _clip(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))
