"""Organisations of a region: how many, how large, where, in which language. Deterministic in its seed.

The shape follows published orders of magnitude: 68.4 % of schools rural, sizes lognormal with a mean of about 480
pupils, shares of shifts 37.0 / 62.6 / 0.4 %, teachers by 2.0 + 2.62 ln(pupils/30) pupils each.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from deploy.demo import names
from deploy.demo.chance import source

RURAL_SHARE = 0.684
_SIZES = (80, 150, 300, 600, 900, 1200, 1500, 2000, 2500)
"""Capacities of typical projects."""
_SELECTIVE, _PRIVATE_SCHOOLS, _PRIVATE_COLLEGES, _PRIVATE_PRESCHOOLS = 0.08, 0.06, 0.35, 0.4


@dataclass(frozen=True, slots=True)
class District:
    """A level-2 area of the region."""

    code: str
    is_city: bool
    centre: tuple[float, float] | None = None
    """Latitude and longitude, where they are known."""


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation before it is registered, with what only the generator knows of it."""

    key: str
    """Its demo number: by it the loader finds the id that the registry gave."""
    likeness: str
    """Names its sources of chance; twins share it and so come out alike in everything that is measured."""
    row: dict[str, Any]
    """Columns of the import."""
    type: str
    pupils: int = 0
    rural: bool = False
    secondary: bool = False
    effect: float = 0.0
    """How far above or below its like it stands, in points of UNT."""
    staff: int = 0


class Generator:
    """Makes the organisations of one region, one after another, from one source of chance."""

    def __init__(
        self,
        seed: int,
        region: str,
        districts: Sequence[District],
        numbers: names.DemoNumbers,
        *,
        opened: str = "2010-09-01",
        rural_share: float = RURAL_SHARE,
        three_shifts: bool = True,
        russian: float = 0.15,
    ) -> None:
        self.random = source(seed, region)
        self._cities = [district for district in districts if district.is_city]
        self._villages = [district for district in districts if not district.is_city]
        self._numbers = numbers
        self._opened = opened
        self._rural_share = rural_share
        self._three_shifts = three_shifts
        self._russian = russian
        self._school_numbers: dict[str, int] = {}
        self._village_names: dict[str, list[tuple[str, str]]] = {}

    def schools(self, count: int) -> list[Place]:
        """Schools, the rural ones first."""
        rural = round(count * self._rural_share)
        return [self._school(rural=index < rural) for index in range(count)]

    def colleges(self, count: int) -> list[Place]:
        """Colleges of the cities."""
        return [self._college(number) for number in range(1, count + 1)]

    def preschools(self, count: int) -> list[Place]:
        """Kindergartens, four of ten of them private."""
        return [self._preschool(number) for number in range(1, count + 1)]

    def twin(self, place: Place, name: dict[str, str]) -> Place:
        """Another organisation that differs from `place` in nothing but its name and number."""
        row = self._identified(place.row | {"name.kk": name["kk"], "name.ru": name["ru"]}, "school")
        return replace(place, key=row["identifier.value"], row=row)

    def _school(self, *, rural: bool) -> Place:
        random = self.random
        district = random.choice(self._villages if rural else self._cities)
        pupils = self._pupils(160, 0.9, 5, 1800) if rural else self._pupils(860, 0.55, 120, 4500)
        selective = not rural and random.random() < _SELECTIVE
        kind = self._kind(rural=rural, selective=selective)
        shifts = random.choices((1, 2, 3), (0.37, 0.626, 0.004 if self._three_shifts else 0.0))[0]
        load = random.uniform(*{1: (0.35, 1.0), 2: (1.0, 1.9), 3: (2.0, 2.6)}[shifts])
        secondary = pupils > 60 or random.random() < 0.4
        small = rural and pupils <= 180
        private = not rural and random.random() < _PRIVATE_SCHOOLS
        row = {
            **self._common(self._school_name(district, rural=rural, kind=kind), district, "school"),
            "kind": kind,
            "ownership": "private" if private else "state",
            "legal_form": "TOO" if private else "KGU",
            "levels": "primary;lower_secondary" + (";upper_secondary" if secondary else ""),
            "languages_of_instruction": self._languages(rural=rural),
            "setting": "village" if rural else "city",
            "multigrade": small and random.random() < 0.75,
            "selective": selective,
            "shift_count": shifts,
            "design_capacity": _capacity(pupils / load),
        }
        effect = random.gauss(0, 11) + (0 if rural else 4) + (25 if selective else 0) - (5 if small else 0)
        staff = max(5, round(pupils / max(1.2, 2.0 + 2.62 * math.log(max(pupils, 31) / 30))))
        key = row["identifier.value"]
        return Place(key, key, row, "school", pupils, rural, secondary, effect, staff)

    def _school_name(self, district: District, *, rural: bool, kind: str) -> dict[str, str]:
        if rural and self.random.random() < 0.7:
            return names.village_school(self.village(district))
        number = self._school_numbers[district.code] = self._school_numbers.get(district.code, 0) + 1
        eponym = self.random.choice(names.EPONYMS) if self.random.random() < 0.5 else None
        return names.school(number, eponym, kind)

    def village(self, district: District) -> tuple[str, str]:
        """A village name that no other school of the district bears."""
        left = self._village_names.get(district.code)
        if not left:
            left = self._village_names[district.code] = list(names.VILLAGES)
            self.random.shuffle(left)
        return left.pop()

    def _college(self, number: int) -> Place:
        random = self.random
        kk, ru, profile = random.choice(names.PROFILES)
        students = random.randint(100, 2500)
        private = random.random() < _PRIVATE_COLLEGES
        row = {
            **self._common({"kk": f"№{number} {kk}", "ru": f"{ru} № {number}"}, random.choice(self._cities), "college"),
            "kind": "higher_college" if random.random() < 0.15 else "college",
            "ownership": "private" if private else "state",
            "legal_form": "TOO" if private else "GKKP",
            "levels": "post_secondary",
            "languages_of_instruction": "kk;ru",
            "setting": "city",
            "design_capacity": _capacity(students),
            "programme_tags": f"profile-{profile}",
        }
        key = row["identifier.value"]
        return Place(key, key, row, "college", students, effect=random.gauss(0, 8), staff=max(8, students // 12))

    def _preschool(self, number: int) -> Place:
        random = self.random
        rural = bool(self._villages) and random.random() < 0.45
        capacity = random.choice((50, 75, 140)) if rural else random.choice((140, 280, 320))
        private = random.random() < _PRIVATE_PRESCHOOLS
        name = names.kindergarten(random.choice(names.KINDERGARTENS), number)
        row = {
            **self._common(name, random.choice(self._villages if rural else self._cities), "preschool"),
            "kind": "nursery_kindergarten",
            "ownership": "private" if private else "state",
            "legal_form": "TOO" if private else "GKKP",
            "levels": "pre_primary",
            "languages_of_instruction": self._languages(rural=rural),
            "setting": "village" if rural else "city",
            "design_capacity": capacity,
        }
        children = round(capacity * random.uniform(0.6, 1.1))
        key = row["identifier.value"]
        effect = random.gauss(0, 6)
        return Place(key, key, row, "preschool", children, rural, effect=effect, staff=max(3, children // 10))

    def _common(self, name: dict[str, str], district: District, kind: str) -> dict[str, Any]:
        row = {"name.kk": name["kk"], "name.ru": name["ru"], "type": kind, "area": district.code}
        if district.centre is not None:
            spread = 0.05 if district.is_city else 0.2
            for axis, degrees in zip(("latitude", "longitude"), district.centre, strict=True):
                row[axis] = str(round(degrees + self.random.uniform(-spread, spread), 5))
        return self._identified(row | {"valid_from": self._opened}, kind)

    def _identified(self, row: dict[str, Any], kind: str) -> dict[str, Any]:
        return row | identified(self._numbers.next(), kind)

    def _pupils(self, median: float, sigma: float, low: int, high: int) -> int:
        return round(min(high, max(low, self.random.lognormvariate(math.log(median), sigma))))

    def _kind(self, *, rural: bool, selective: bool) -> str:
        if selective:
            return self.random.choice(("gymnasium", "lyceum"))
        if rural or self.random.random() < 0.7:
            return "general"
        return self.random.choice(("school_gymnasium", "school_lyceum"))

    def _languages(self, *, rural: bool) -> str:
        both = 0.3 if rural else 0.4
        return self.random.choices(("kk", "kk;ru", "ru"), (1 - both - self._russian, both, self._russian))[0]


def identified(number: str, kind: str) -> dict[str, Any]:
    """The columns by which everybody sees that an organisation is made up."""
    serial = number[6:11]
    return {
        "identifier.scheme": "demo",
        "identifier.value": number,
        "phone": f"+7 700 000 00 {serial[-2:]}",
        "email": f"{kind}-{serial}@example.invalid",
        "is_synthetic": True,
    }


def _capacity(places: float) -> int:
    """The capacity of a typical project where one is within 15 %, else the number rounded to tens."""
    nearest = min(_SIZES, key=lambda size: abs(size - places))
    return nearest if abs(nearest - places) <= 0.15 * places else max(10, int(round(places, -1)))
