"""The demo has the shape of the real country, comes out the same every time, and names nobody."""

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping

import pytest

from deploy.demo import country as regions
from deploy.demo import measures, people, sheets, stories
from deploy.demo.region import District, Place
from deploy.demo.world import SEED, Scale, World, world
from deploy.local.home import PROJECT


def of(places: list[Place], kind: str) -> list[Place]:
    return [place for place in places if place.type == kind]


def digest(made: World) -> str:
    """Of every file the demo of this world consists of, and of everybody who works in it."""
    parts = [sheets.organisations(made.places), sheets.observations(stories.facts())]
    for year in measures.YEARS:
        parts.append(sheets.observations(measures.observations(SEED, made.home, year)))
    parts.append(repr([list(people.staff(SEED, place)) for place in made.home[:50]]).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def test_the_home_region_has_433_schools_33_colleges_and_171_preschools(region: World) -> None:
    counts = Counter(place.type for place in region.home)
    assert counts == {"school": 433, "college": 33, "preschool": 171}


def test_the_country_has_7687_schools_in_the_shape_of_the_real_one(country: World) -> None:
    schools = of([*country.home, *country.elsewhere], "school")
    pupils = sum(place.pupils for place in schools)
    shifts = Counter(place.row["shift_count"] for place in schools)
    assert len(schools) == 7687
    assert sum(place.rural for place in schools) / 7687 == pytest.approx(0.684, abs=0.001)
    assert pupils / 7687 == pytest.approx(480, abs=10)
    assert pupils / sum(place.staff for place in schools) == pytest.approx(9.8, abs=0.2)
    assert shifts[1] / 7687 == pytest.approx(0.37, abs=0.02)
    assert 0 < shifts[3] / 7687 < 0.01


def test_the_home_region_has_the_same_shape(region: World) -> None:
    schools = of(list(region.home), "school")
    pupils = sum(place.pupils for place in schools)
    assert sum(place.rural for place in schools) / 433 == pytest.approx(0.684, abs=0.002)
    assert pupils / 433 == pytest.approx(480, abs=25)
    assert pupils / sum(place.staff for place in schools) == pytest.approx(9.8, abs=0.3)


def test_categories_and_upskilling_of_teachers_hit_the_national_shares(region: World) -> None:
    teachers = [
        person
        for place in of(list(region.home), "school")
        for person in people.staff(SEED, place)
        if person.role == "teacher"
    ]

    def upskilled(person: people.Person) -> bool:
        return any(
            one.hours >= 36 and people.WINDOW_OPENS < one.issued_on <= people.RATED_ON for one in person.certificates
        )

    experts = sum(person.category in {"expert", "researcher", "master"} for person in teachers)
    dates = Counter(one.issued_on for person in teachers for one in person.certificates)
    assert 100 * experts / len(teachers) == pytest.approx(43.9, abs=2)
    assert 100 * sum(map(upskilled, teachers)) / len(teachers) == pytest.approx(88, abs=2)
    assert dates[people.WINDOW_OPENS] > 0, "certificates that ran out by one day"
    assert any(one.hours < 36 for person in teachers for one in person.certificates)


def test_the_same_seed_gives_the_same_files_byte_for_byte(
    region: World, districts: Mapping[str, list[District]]
) -> None:
    program = (
        "from tests.unit.demo import test_world, conftest\n"
        "from deploy.demo.world import Scale, world\n"
        "made = world(Scale.REGION, conftest.shipped_districts())\n"
        "print(test_world.digest(made))"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert digest(world(Scale.REGION, districts)) == digest(region) == elsewhere.stdout.strip()
    assert digest(world(Scale.REGION, districts, seed=1)) != digest(region)


def test_no_number_can_be_a_real_bin_and_everything_is_marked(country: World) -> None:
    keys = [place.key for place in country.places]
    assert len(set(keys)) == len(keys)
    for place in country.places:
        assert place.row["identifier.scheme"] == "demo"
        assert place.row["is_synthetic"] is True
        assert re.fullmatch(r"[0-9]{4}9[0-9]{7}", place.key)
        assert place.row["email"].endswith("@example.invalid")
        assert place.row["name.kk"]
        assert place.row["name.ru"]


def test_what_is_broken_on_purpose_is_broken(region: World) -> None:
    by_key = {place.key: place for place in region.home}
    first, second = (by_key[key] for key in region.broken.same_number)
    one, other = (by_key[key] for key in region.broken.twins)
    rows = list(measures.observations(SEED, region.home, measures.YEARS[-1], implausible=region.broken.implausible))
    reported = {key: [row[1:] for row in rows if row.subject == key] for key in (one.key, other.key)}
    beyond = [row for row in rows if row.indicator == "SCH_LOAD_FACTOR" and row.value and row.value > 400]
    without_psychologist = [row for row in rows if row.indicator == "SCH_PUPILS_PER_PSYCHOLOGIST" and row.n == 0]

    def number(place: Place) -> list[str]:
        return re.findall(r"№(\d+)", place.row["name.kk"])

    assert number(first) == number(second) != []
    assert first.row["area"] == second.row["area"]
    assert reported[one.key] == reported[other.key]
    assert one.row["name.kk"] != other.row["name.kk"]
    assert [row.subject for row in beyond] == [region.broken.implausible]
    assert without_psychologist
    assert all(row.value is None for row in without_psychologist)
    assert by_key[region.broken.closed].type == "school"


def test_keleshek_schools_sum_to_what_was_published() -> None:
    laid_out = regions.keleshek().values()
    assert sum(one.built for one in laid_out) == 217
    assert sum(one.operating for one in laid_out) == 170
    assert sum(one.rural for one in laid_out) == 84
    assert all(one.operating <= one.built and one.rural <= one.built for one in laid_out)
    assert len(regions.keleshek()) == 20


def test_the_stories_bring_their_institutions(region: World) -> None:
    by_key = {place.key: place for place in region.places}
    school = by_key[region.stories.keys["oral-46"]]
    oral = [place for place in region.stories.places if place.row["area"] == stories.ORAL]
    assert school.row["name.kk"].startswith("Бауыржан Момышұлы атындағы №46 ")
    assert Counter(place.type for place in oral) == {
        "school": 33,
        "preschool": 45,
        "supplementary": 7,
        "authority": 1,
        "provider": 1,
    }
    assert [len(region.stories.named(f"kyzylorda-{number}")) for number in (101, 153, 176, 261)] == [1, 1, 1, 1]
    assert len(region.stories.named("host-")) == 19
