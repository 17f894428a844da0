"""Everything the demo registers: the home region or the whole country, the stories, and what is broken on purpose."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from deploy.demo.country import (
    BY_CODE,
    DISTRICT_CENTRES,
    HOME,
    HOME_COLLEGES,
    HOME_PRESCHOOLS,
    HOME_SCHOOLS,
    REGIONS,
    keleshek,
    quotas,
)
from deploy.demo.names import DemoNumbers, school
from deploy.demo.region import District, Generator, Place
from deploy.demo.stories import Stories

SEED = 20260901
_NUMBER = re.compile(r"№(\d+)")


class Scale(StrEnum):
    """How much of the country is made."""

    REGION = "region"
    NATIONAL = "national"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Broken:
    """What is wrong on purpose, by demo number, so that readers meet it here before they meet it in earnest."""

    twins: tuple[str, str]
    """Two schools alike in everything measured: a tie."""
    same_number: tuple[str, str]
    """Two schools of one district with one number."""
    closed: str
    """Closed in the middle of a school year."""
    implausible: str
    """Reports a value out of the plausible range."""


@dataclass(frozen=True, slots=True)
class World:
    """What is to be registered, in the order of the files."""

    home: Sequence[Place]
    elsewhere: Sequence[Place]
    """The other regions' organisations; none in the demo of one region."""
    stories: Stories
    broken: Broken
    host: str
    """The school of the home region where the Keleshek courses are held."""

    @property
    def keleshek(self) -> list[str]:
        """Demo numbers of the home region's schools of the national project."""
        return [place.key for place in self.home if place.row.get("programme_tags") == "keleshek"]

    @property
    def places(self) -> list[Place]:
        return [*self.stories.places, *self.home, *self.elsewhere]


def world(scale: Scale, districts: Mapping[str, Sequence[District]], *, seed: int = SEED) -> World:
    """Make it all; `districts` are the level-2 areas of each region."""
    numbers = DemoNumbers()
    stories = Stories(numbers)
    home, broken, host = _home(seed, districts[HOME], numbers)
    elsewhere: list[Place] = []
    if scale is Scale.NATIONAL:
        for code, quota in quotas().items():
            if code != HOME:
                region = BY_CODE[code]
                made = Generator(
                    *(seed, code, districts[code], numbers),
                    opened=region.opened,
                    rural_share=quota.rural_share,
                    three_shifts=region.three_shifts,
                    russian=region.russian,
                )
                elsewhere += made.schools(quota.schools)
                elsewhere += made.colleges(quota.colleges)
                elsewhere += made.preschools(quota.preschools)
    return World(home, elsewhere, stories, broken, host)


def districts_of(areas: Sequence[tuple[str, str, str]]) -> dict[str, list[District]]:
    """Districts by region, of areas given as code, code of the region, and kind.

    Schools of a city are laid around the region's centre; in the home region every centre we know serves.
    """
    found: dict[str, list[District]] = {region.code: [] for region in REGIONS}
    for code, parent, kind in sorted(areas):
        is_city = kind in {"city", "city_district"}
        first = is_city and not any(district.is_city for district in found[parent])
        centre = BY_CODE[parent].point if first or BY_CODE[parent].is_city else None
        found[parent].append(District(code, is_city, DISTRICT_CENTRES.get(code, centre)))
    return found


def _home(seed: int, districts: Sequence[District], numbers: DemoNumbers) -> tuple[list[Place], Broken, str]:
    made = Generator(seed, HOME, districts, numbers, russian=BY_CODE[HOME].russian)
    schools = made.schools(HOME_SCHOOLS - 1)
    rural = [place for place in schools if place.rural]
    model = next(place for place in rural if 300 <= place.pupils <= 600)
    district = next(district for district in districts if district.code == model.row["area"])
    village = made.village(district)
    twin = made.twin(
        model, {"kk": f"{village[0]} жалпы білім беретін мектебі", "ru": f"{village[1]} общеобразовательная школа"}
    )
    schools.insert(len(rural), twin)
    same = _number_twice(schools)
    _tag_keleshek(schools)
    broken = Broken(
        twins=(model.key, twin.key),
        same_number=same,
        closed=next(place.key for place in rural if place.pupils <= 40),
        implausible=next(place.key for place in rural if place.pupils >= 700),
    )
    host = next(place.key for place in schools if place.row["selective"] and place.row["area"] == districts[0].code)
    return [*schools, *made.colleges(HOME_COLLEGES), *made.preschools(HOME_PRESCHOOLS)], broken, host


def _number_twice(schools: list[Place]) -> tuple[str, str]:
    """Give a city school the number of another of its district."""
    numbered = [
        (index, place) for index, place in enumerate(schools) if not place.rural and place.row["kind"] == "general"
    ]
    (_, first), (index, second) = next(
        pair for pair in pairwise(numbered) if pair[0][1].row["area"] == pair[1][1].row["area"]
    )
    number = _NUMBER.search(first.row["name.kk"])
    assert number is not None
    name = school(int(number[1]), None)
    schools[index] = replace(second, row=second.row | {"name.kk": name["kk"], "name.ru": name["ru"]})
    return first.key, second.key


def _tag_keleshek(schools: list[Place]) -> None:
    """Mark as many schools as the home region has Keleshek schools that teach."""
    quota = keleshek()[HOME]
    rural = min(quota.rural, quota.operating)
    large = sorted(range(len(schools)), key=lambda index: -schools[index].pupils)
    chosen = [index for index in large if schools[index].rural][:rural]
    chosen += [index for index in large if not schools[index].rural][: quota.operating - rural]
    for index in chosen:
        schools[index] = replace(schools[index], row=schools[index].row | {"programme_tags": "keleshek"})
