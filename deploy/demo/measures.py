"""Observations of three school years, with the gaps and breaks that real reports have."""

import math
from collections.abc import Container, Iterator, Sequence
from random import Random
from typing import NamedTuple

from deploy.demo.chance import clip, source
from deploy.demo.people import expert_plus
from deploy.demo.region import Place

YEARS = ("2023-2024", "2024-2025", "2025-2026")
IMPLAUSIBLE = 612.0
"""A load beyond the plausible 400 %: somebody wrote pupils for places."""
_NOT_REPORTED = 0.02
_MODO_SAMPLE = 4
"""One school of so many is drawn each year."""


class Row(NamedTuple):
    """One line of the import."""

    subject: str
    indicator: str
    period: str
    value: float | None
    reason: str | None = None
    n: int | None = None
    variance: float | None = None


def observations(
    seed: int,
    places: Sequence[Place],
    year: str,
    *,
    implausible: str | None = None,
    without_training: Container[str] = (),
) -> Iterator[Row]:
    """Every observation of one school year.

    The place named `implausible` reports a load that cannot be, in the last year. Of places in `without_training` the
    upskilling of teachers is not observed, since training_api has it from their certificates.
    """
    drift = YEARS.index(year) * 0.6
    strangers = {place.likeness: index for index, place in enumerate(places)}
    for place in places:
        random = source(seed, "measures", year, place.likeness)
        silent = random.random() < _NOT_REPORTED
        if place.key not in without_training and place.type != "preschool":
            yield _share(place.key, "TCH_PD_3Y_SHARE", year, random.betavariate(22, 3) * 100, place.staff)
        for row in _measured(seed, random, place, year, drift, strangers[place.likeness]):
            if silent and row.value is not None and not row.indicator.startswith("SCH_UNT"):
                yield Row(row.subject, row.indicator, row.period, None, "not_reported")
            elif place.key == implausible and row.indicator == "SCH_LOAD_FACTOR" and year == YEARS[-1]:
                yield row._replace(value=IMPLAUSIBLE)
            else:
                yield row


def _measured(seed: int, random: Random, place: Place, year: str, drift: float, index: int) -> Iterator[Row]:
    # Teachers are known one by one for the last year; before it their share of experts was a little lower.
    ladder = expert_plus(seed, place)
    if year != YEARS[-1]:
        ladder = clip(ladder - (len(YEARS) - 1 - YEARS.index(year)) * random.uniform(0, 3), 0, 100)
    yield _share(place.key, "TCH_EXPERT_PLUS_SHARE", year, ladder, place.staff)
    match place.type:
        case "school":
            yield from _school(random, place, year, drift, index)
        case "college":
            yield from _college(random, place, year, drift)
        case _:
            yield from _preschool(random, place, year)
    yield from _voice(random, place, year)


def _school(random: Random, place: Place, year: str, drift: float, index: int) -> Iterator[Row]:
    key, pupils = place.key, place.pupils
    graduates = max(3, round(pupils * random.uniform(0.05, 0.07)))
    yield from _unt(random, place, year, drift, graduates)
    yield from _modo(random, place, year, index)
    yield _plain(key, "SCH_OLYMPIAD_PRIZES", year, clip(random.expovariate(1 / 9) + place.effect * 0.6, 0, 400))
    quality = clip(50 + place.effect * 0.9 + random.gauss(0, 8), 20, 98)
    yield _share(key, "SCH_KNOWLEDGE_QUALITY", year, quality, pupils)
    yield _share(key, "TCH_RELEVANT_EDU_SHARE", year, clip(101 - abs(random.gauss(0, 5)), 50, 100), place.staff)
    yield _share(key, "TCH_TURNOVER", year, clip(random.gammavariate(3, 3), 0, 60), place.staff)
    learners = max(1, round(pupils * random.uniform(0.01, 0.05)))
    yield _share(key, "SEN_SUPPORT_COVERAGE", year, random.betavariate(9, 1.6) * 100, learners)
    yield _plain(key, "SCH_INCLUSIVE_CONDITIONS", year, clip(55 + random.gauss(0, 16), 0, 100))
    yield _psychologist(random, place, year)
    supplementary = clip(66.7 + drift * 4 + random.gauss(0, 12), 5, 100)
    yield _share(key, "SCH_SUPPL_COVERAGE", year, supplementary, pupils)
    yield _plain(key, "SCH_LIBRARY_RENEWAL", year[:4], clip(random.gammavariate(3, 3), 0, 100))
    yield _share(key, "SCH_TEXTBOOK_PROVISION", year, clip(101 - random.gammavariate(1.5, 2), 50, 100), pupils)
    yield _plain(key, "SCH_SHIFT_COUNT", year, place.row["shift_count"])
    yield _plain(key, "SCH_MODERN_SUBJECT_ROOMS", year, clip(65 + random.gauss(0, 20), 0, 100))
    yield _plain(key, "SCH_PUPILS_PER_DEVICE", year, clip(random.lognormvariate(1.7, 0.4), 0.5, 60))
    yield _plain(key, "SCH_LOAD_FACTOR", year, clip(100 * pupils / place.row["design_capacity"], 5, 400))
    yield _plain(key, "TCH_PUPIL_RATIO", year, clip(pupils / place.staff, 2, 30))
    yield _plain(key, "SCH_BULLYING_RATE", year, clip(random.expovariate(1), 0, 40))
    yield from _keleshek(source("keleshek", year, place.likeness), place, year)


def _keleshek(random: Random, place: Place, year: str) -> Iterator[Row]:
    """What is looked at before and after a school of the national project opens."""
    if place.row.get("programme_tags") != "keleshek" or year != YEARS[-1]:
        return
    key = place.key
    yield _share(key, "KEL_STAFF_TRAINED", year, random.betavariate(6, 3) * 100, max(3, place.staff // 4))
    yield _plain(key, "KEL_DIRECTOR_APPOINTED", f"{year[:4]}-12", random.choice((1, 1, 2)))
    yield _plain(key, "TCH_VACANCY_RATE", f"{year[5:]}-08", clip(random.expovariate(1 / 1.5), 0, 40))
    yield _plain(key, "KEL_EQUIPMENT", f"{year[5:]}-Q2", clip(88 + random.gauss(0, 7), 0, 100))
    yield _plain(key, "KEL_SPORTS_HALLS", f"{year[5:]}-Q2", 100)
    yield _plain(key, "ORG_INTERNET_MBPS", year, random.choice((50, 100, 200)))


def _unt(random: Random, place: Place, year: str, drift: float, graduates: int) -> Iterator[Row]:
    codes = ("SCH_UNT_MEAN", "SCH_UNT_PASS_RATE", "SCH_UNT_PARTICIPATION")
    if not place.secondary:
        yield from (Row(place.key, code, year, None, "not_applicable") for code in codes)
        return
    sitters = max(1, round(graduates * clip(random.betavariate(12, 2.3), 0.2, 1)))
    mean = clip(66 + drift + place.effect + random.gauss(0, 24 / math.sqrt(sitters)), 30, 125)
    if sitters < 5:
        yield from (Row(place.key, code, year, None, "below_min_n", sitters) for code in codes[:2])
    else:
        yield Row(place.key, codes[0], year, round(mean, 2), None, sitters, round(24**2 / sitters, 4))
        above = 100 * 0.5 * math.erfc((50 - mean) / (24 * math.sqrt(2)))
        yield _share(place.key, codes[1], year, clip(above + random.gauss(0, 3), 0, 100), sitters)
    yield _share(place.key, codes[2], year, max(20.0, 100 * sitters / graduates), graduates)


def _modo(random: Random, place: Place, year: str, index: int) -> Iterator[Row]:
    """A quarter of the schools each year, none twice running: the sample moves on by a quarter of the list."""
    sampled = (index + YEARS.index(year)) % _MODO_SAMPLE == 0
    tested = max(1, place.pupils // 11)
    for code, mean in (("SCH_MODO_G4", 60), ("SCH_MODO_G9", 55)):
        if not sampled:
            yield Row(place.key, code, year, None, "not_sampled")
        elif tested < 10:
            yield Row(place.key, code, year, None, "below_min_n", tested)
        else:
            result = clip(mean + 0.6 * place.effect + random.gauss(0, 5), 10, 100)
            yield Row(place.key, code, year, round(result, 2), None, tested, round(15**2 / tested, 4))


def _psychologist(random: Random, place: Place, year: str) -> Row:
    """Pupils to a psychologist; where there is none, that is no number, least of all a good one."""
    posts = round(place.pupils / 550 * random.uniform(0.6, 1.5))
    if posts == 0:
        return Row(place.key, "SCH_PUPILS_PER_PSYCHOLOGIST", year, None, "not_applicable", 0)
    return _plain(place.key, "SCH_PUPILS_PER_PSYCHOLOGIST", year, clip(place.pupils / posts, 50, 3000))


def _voice(random: Random, place: Place, year: str) -> Iterator[Row]:
    ballots = round(place.pupils * random.uniform(0.1, 0.45))
    if ballots < 20:
        yield Row(place.key, "ORG_PARENT_SATISFACTION", year, None, "below_min_n", ballots)
    else:
        voice = clip(74 + place.effect * 0.3 + random.gauss(0, 6), 0, 100)
        yield Row(place.key, "ORG_PARENT_SATISFACTION", year, round(voice, 2), None, ballots, round(18**2 / ballots, 4))
    yield _plain(place.key, "ORG_SITE_OPENNESS", year, random.choices((2, 3, 4, 5), (0.03, 0.2, 0.47, 0.3))[0])


def _college(random: Random, place: Place, year: str, drift: float) -> Iterator[Row]:
    key, students = place.key, place.pupils
    graduates = max(10, students // 4)
    employed = clip(random.betavariate(17, 4) * 100 + place.effect * 0.3, 20, 100)
    yield _share(key, "COL_EMPLOYMENT_RATE", year, employed, graduates)
    yield _plain(key, "COL_WAGE_RATIO", year, clip(0.8 + place.effect * 0.01 + random.gauss(0, 0.12), 0.3, 2.5))
    yield _share(key, "COL_DROPOUT", year, clip(random.gammavariate(2, 2.5), 0, 40), students)
    yield _share(key, "COL_DUAL_COVERAGE", year, clip(random.betavariate(3, 9.7) * 100 + drift, 0, 100), students)
    demonstrated = random.uniform(0, 12) if random.random() < 0.5 else random.uniform(45, 95)
    yield _share(key, "COL_DEMO_EXAM_SHARE", year, demonstrated, graduates)
    yield _share(key, "COL_DEMO_EXAM_PASS", year, clip(82 + random.gauss(0, 8), 0, 100), graduates)
    yield _plain(key, "COL_EMPLOYER_PARTNERS", year, clip(random.expovariate(1 / 1.5), 0, 30))
    placed = clip(random.betavariate(6, 7) * 100, 0, 100)
    yield _share(key, "COL_INDUSTRY_PLACEMENT", year, placed, max(1, place.staff // 2))
    yield _plain(key, "SCH_INCLUSIVE_CONDITIONS", year, clip(50 + random.gauss(0, 16), 0, 100))
    yield _psychologist(random, place, year)


def _preschool(random: Random, place: Place, year: str) -> Iterator[Row]:
    key = place.key
    yield _plain(key, "PRE_CHILDREN_PER_EDUCATOR", year, clip(place.pupils / place.staff, 3, 30))
    yield _plain(key, "SCH_LOAD_FACTOR", year, clip(100 * place.pupils / place.row["design_capacity"], 5, 400))
    yield _plain(key, "SCH_INCLUSIVE_CONDITIONS", year, clip(50 + random.gauss(0, 16), 0, 100))


def _plain(key: str, indicator: str, period: str, value: float) -> Row:
    return Row(key, indicator, period, round(value, 2))


def _share(key: str, indicator: str, period: str, percent: float, n: int) -> Row:
    """A share in percent of `n`, with the variance of a share: p(1-p)/n, p kept off 0 and 1 by half a case."""
    p = (percent / 100 * n + 0.5) / (n + 1)
    return Row(key, indicator, period, round(percent, 2), None, n, round(p * (1 - p) / n * 10_000, 6))
