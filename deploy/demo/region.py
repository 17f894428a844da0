"""Organisations of a region: how many, how large, where, in which language. Deterministic in its seed.

The shape follows published orders of magnitude: 68.4 % of schools rural, sizes lognormal with a mean of about 480
pupils, shares of shifts 37.0 / 62.6 / 0.4 %, teachers by 2.0 + 2.62 ln(pupils/30) pupils each.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from deploy.demo import names

_RURAL = 0.684
_SIZES = (80, 150, 300, 600, 900, 1200, 1500, 2000, 2500)
"""Capacities of typical projects."""
_OPENED = "2010-09-01"


@dataclass(frozen=True, slots=True)
class District:
    """A level-2 area of the region."""

    code: str
    is_city: bool
    latitude: float
    longitude: float


@dataclass(slots=True)
class Place:
    """An organisation before it is registered, with what only the generator knows of it."""

    key: str
    """Its demo BIN: by it the loader finds the id that the registry gave."""
    row: dict[str, Any]
    """Columns of the import."""
    type: str
    pupils: int
    rural: bool
    secondary: bool
    selective: bool
    effect: float
    """How far above or below its like it stands, in points of UNT."""
    staff: int
    facts: dict[str, Any] = field(default_factory=dict)


class Generator:
    """Makes the organisations of one region, one after another, from one source of chance."""

    def __init__(self, seed: int, districts: Sequence[District], *, three_shifts: bool) -> None:
        self.random = Random(seed)  # noqa: S311 -- repeatable on purpose
        self.cities = [district for district in districts if district.is_city] or list(districts)
        self.villages = [district for district in districts if not district.is_city] or list(districts)
        self.three_shifts = three_shifts
        self._keys: set[str] = set()
        self._numbers: dict[str, int] = {}

    def schools(self, count: int) -> list[Place]:
        """Schools, the rural ones first."""
        rural = round(count * _RURAL)
        made = [self._school(rural=index < rural) for index in range(count)]
        self._number_twice(made)
        return made

    def colleges(self, count: int) -> list[Place]:
        """Colleges of the cities."""
        return [self._college() for _ in range(count)]

    def preschools(self, count: int) -> list[Place]:
        """Kindergartens, four of ten of them private."""
        return [self._preschool() for _ in range(count)]

    def _school(self, *, rural: bool) -> Place:
        random = self.random
        district = random.choice(self.villages if rural else self.cities)
        pupils = self._pupils(160, 0.9, 5, 1800) if rural else self._pupils(860, 0.55, 120, 4500)
        selective = not rural and random.random() < 0.08
        kind = self._kind(rural=rural, selective=selective)
        shifts = random.choices((1, 2, 3), (0.37, 0.626, 0.004 if self.three_shifts else 0.0))[0]
        load = random.uniform(*{1: (0.35, 1.0), 2: (1.0, 1.9), 3: (2.0, 2.6)}[shifts])
        secondary = pupils > 60 or random.random() < 0.4
        if rural and random.random() < 0.7:
            name = names.village_school(random.choice(names.VILLAGES))
        else:
            number = self._numbers[district.code] = self._numbers.get(district.code, 0) + 1
            name = names.school(number, random.choice(names.EPONYMS) if random.random() < 0.5 else None, kind)
        effect = random.gauss(0, 11) + (0 if rural else 4) + (25 if selective else 0)
        effect -= 5 if rural and pupils <= 180 else 0
        row = {
            **self._common(name, district),
            "type": "school",
            "kind": kind,
            "ownership": "private" if not rural and random.random() < 0.06 else "state",
            "legal_form": "KGU",
            "levels": "primary;lower_secondary" + (";upper_secondary" if secondary else ""),
            "languages_of_instruction": self._languages(rural=rural),
            "setting": "village" if rural else "city",
            "multigrade": rural and pupils <= 180 and random.random() < 0.75,
            "selective": selective,
            "shift_count": shifts,
            "design_capacity": _capacity(pupils / load),
        }
        staff = max(5, round(pupils / max(1.2, 2.0 + 2.62 * math.log(max(pupils, 31) / 30))))
        return Place(row["identifier.value"], row, "school", pupils, rural, secondary, selective, effect, staff)

    def _college(self) -> Place:
        random = self.random
        district = random.choice(self.cities)
        kk, ru, profile = random.choice(names.PROFILES)
        number = self._numbers["college"] = self._numbers.get("college", 0) + 1
        students = random.randint(100, 2500)
        ru_name = f"Колледж искусств № {number}" if profile == "arts" else f"{ru.capitalize()} колледж № {number}"
        row = {
            **self._common({"kk": f"№{number} {kk} колледж", "ru": ru_name}, district),
            "type": "college",
            "kind": "higher_college" if random.random() < 0.15 else "college",
            "ownership": "private" if random.random() < 0.35 else "state",
            "legal_form": "GKKP",
            "levels": "post_secondary",
            "languages_of_instruction": "kk;ru",
            "setting": "city",
            "selective": False,
            "design_capacity": _capacity(students),
            "programme_tags": f"profile-{profile}",
        }
        effect = random.gauss(0, 8)
        return Place(
            row["identifier.value"], row, "college", students, False, False, False, effect, max(8, students // 12)
        )

    def _preschool(self) -> Place:
        random = self.random
        rural = random.random() < 0.45
        district = random.choice(self.villages if rural else self.cities)
        kk, ru = random.choice(names.KINDERGARTENS)
        number = self._numbers["preschool"] = self._numbers.get("preschool", 0) + 1
        capacity = random.choice((140, 280, 320)) if not rural else random.choice((50, 75, 140))
        private = random.random() < 0.4
        row = {
            **self._common({"kk": f"«{kk}» №{number} бөбекжай-бақшасы", "ru": f"Ясли-сад «{ru}» № {number}"}, district),
            "type": "preschool",
            "kind": "nursery_kindergarten",
            "ownership": "private" if private else "state",
            "legal_form": "TOO" if private else "GKKP",
            "levels": "pre_primary",
            "languages_of_instruction": self._languages(rural=rural),
            "setting": "village" if rural else "city",
            "design_capacity": capacity,
        }
        children = round(capacity * random.uniform(0.6, 1.1))
        effect = random.gauss(0, 6)
        return Place(
            row["identifier.value"], row, "preschool", children, rural, False, False, effect, max(3, children // 10)
        )

    def _common(self, name: dict[str, str], district: District) -> dict[str, Any]:
        random = self.random
        key = names.demo_bin(random)
        while key in self._keys:
            key = names.demo_bin(random)
        self._keys.add(key)
        spread = 0.08 if district.is_city else 0.7
        return {
            "identifier.scheme": "demo",
            "identifier.value": key,
            "name.kk": name["kk"],
            "name.ru": name["ru"],
            "area": district.code,
            "latitude": round(district.latitude + random.uniform(-spread, spread), 5),
            "longitude": round(district.longitude + random.uniform(-spread, spread), 5),
            "phone": f"+7 700 000 00 {random.randint(0, 99):02}",
            "email": f"org-{key}@example.invalid",
            "valid_from": _OPENED,
            "is_synthetic": True,
        }

    def _pupils(self, median: float, sigma: float, low: int, high: int) -> int:
        return round(min(high, max(low, self.random.lognormvariate(math.log(median), sigma))))

    def _kind(self, *, rural: bool, selective: bool) -> str:
        if selective:
            return self.random.choice(("gymnasium", "lyceum"))
        if rural or self.random.random() < 0.7:
            return "general"
        return self.random.choice(("school_gymnasium", "school_lyceum"))

    def _languages(self, *, rural: bool) -> str:
        weights = (0.55, 0.3, 0.15) if rural else (0.45, 0.4, 0.15)
        return self.random.choices(("kk", "kk;ru", "ru"), weights)[0]

    def _number_twice(self, schools: Sequence[Place]) -> None:
        """Break something on purpose: two schools of one district bear the same number."""
        numbered = [school for school in schools if "№" in school.row["name.kk"] and not school.rural]
        for first, second in zip(numbered, numbered[1:], strict=False):
            if first.row["area"] == second.row["area"]:
                second.row["name.kk"] = names.school(1, None, "general")["kk"]
                second.row["name.ru"] = names.school(1, None, "general")["ru"]
                return


def _capacity(places: float) -> int:
    """The capacity of a typical project where one is within 15 %, else the number itself."""
    nearest = min(_SIZES, key=lambda size: abs(size - places))
    return nearest if abs(nearest - places) <= 0.15 * places else max(10, round(places, -1) and int(round(places, -1)))
