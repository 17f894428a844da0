"""The twenty regions: how many of the country's schools, colleges and preschools each has, and where its centre is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HOME = "390000000"
"""Kostanay region: the one the demo shows in full."""
HOME_SCHOOLS, HOME_COLLEGES, HOME_PRESCHOOLS = 433, 33, 171
NATIONAL_SCHOOLS = 7687
_RURAL_SHARE = 0.684
_RURAL_MEAN, _URBAN_MEAN = 235.0, 1000.0
"""Mean pupils of a rural and of an urban school, by which places become schools."""
BEFORE, REFORM = "2010-09-01", "2022-06-08"
_NO_THREE_SHIFTS = frozenset({"790000000", "750000000", "110000000", "350000000", "430000000"})


@dataclass(frozen=True, slots=True)
class Region:
    """A region as far as the demo needs to know it."""

    code: str
    centre_kk: str
    centre_ru: str
    point: tuple[float, float]
    population: int
    crowding: float
    """Pupils per head of population, against the country's."""
    is_city: bool = False
    russian: float = 0.15
    """Share of schools that teach in Russian only."""

    @property
    def opened(self) -> str:
        """Since when its organisations stand in it: three regions were founded in 2022."""
        return REFORM if self.code in {"100000000", "330000000", "620000000"} else BEFORE

    @property
    def three_shifts(self) -> bool:
        return self.code not in _NO_THREE_SHIFTS

    @property
    def pupils(self) -> float:
        """Pupils, up to a common factor."""
        return self.population * self.crowding


REGIONS: tuple[Region, ...] = (
    Region("100000000", "Семей", "Семей", (50.4206, 80.2503), 605_872, 0.9, russian=0.25),
    Region("110000000", "Көкшетау", "Кокшетау", (53.2841, 69.3936), 789_015, 0.75, russian=0.35),
    Region("150000000", "Ақтөбе", "Актобе", (50.2797, 57.2072), 944_610, 1.05, russian=0.1),
    Region("190000000", "Қонаев", "Конаев", (43.8668, 77.063), 1_545_564, 1.05),
    Region("230000000", "Атырау", "Атырау", (47.1048, 51.8843), 708_529, 1.25, russian=0.05),
    Region("270000000", "Орал", "Уральск", (51.246, 51.4256), 695_018, 1.05, russian=0.1),
    Region("310000000", "Тараз", "Тараз", (42.899, 71.3733), 1_223_670, 1.25, russian=0.08),
    Region("330000000", "Талдықорған", "Талдыкорган", (45.0156, 78.3739), 696_783, 1.05),
    Region("350000000", "Қарағанды", "Караганда", (49.8019, 73.1021), 1_134_776, 0.75, russian=0.3),
    Region(HOME, "Қостанай", "Костанай", (53.2144, 63.6246), 827_899, 0.75, russian=0.35),
    Region("430000000", "Қызылорда", "Кызылорда", (44.8528, 65.5092), 844_914, 1.25, russian=0.03),
    Region("470000000", "Ақтау", "Актау", (43.6611, 51.1739), 795_923, 1.25, russian=0.05),
    Region("550000000", "Павлодар", "Павлодар", (52.276, 76.9688), 753_215, 0.75, russian=0.3),
    Region("590000000", "Петропавл", "Петропавловск", (54.8735, 69.1507), 526_185, 0.75, russian=0.45),
    Region("610000000", "Түркістан", "Туркестан", (43.2946, 68.2569), 2_150_796, 1.25, russian=0.03),
    Region("620000000", "Жезқазған", "Жезказган", (47.7941, 67.7063), 221_612, 1.0),
    Region("630000000", "Өскемен", "Усть-Каменогорск", (49.9714, 82.6059), 726_077, 0.75, russian=0.35),
    Region("710000000", "Астана", "Астана", (51.1801, 71.446), 1_472_027, 1.05, is_city=True),
    Region("750000000", "Алматы", "Алматы", (43.2525, 76.9115), 2_258_253, 0.85, is_city=True, russian=0.25),
    Region("790000000", "Шымкент", "Шымкент", (42.3099, 69.6004), 1_238_969, 1.25, is_city=True, russian=0.08),
)
BY_CODE: Mapping[str, Region] = {region.code: region for region in REGIONS}

DISTRICT_CENTRES: Mapping[str, tuple[float, float]] = {
    "391000000": (53.2144, 63.6246),
    "391600000": (50.2503, 66.9038),
    "392000000": (52.5449, 62.4989),
    "392400000": (52.9724, 63.1106),
    "394200000": (49.6307, 63.4904),
    "394400000": (52.1902, 61.1989),
    "395000000": (53.7502, 62.0584),
    "395600000": (53.7927, 64.1827),
    "396400000": (52.6937, 62.5914),
    "396800000": (53.6381, 62.6965),
}
"""Where the centres of the home region's cities and districts are, as far as GeoNames tells."""


def apportioned(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the weights that sum to the total (largest remainders).

    >>> apportioned(10, [1, 1, 1])
    [4, 3, 3]
    """
    whole = sum(weights)
    shares = [total * weight / whole for weight in weights]
    found = [int(share) for share in shares]
    order = sorted(range(len(shares)), key=lambda place: (found[place] - shares[place], place))
    for place in order[: total - sum(found)]:
        found[place] += 1
    return found


@dataclass(frozen=True, slots=True)
class Quota:
    """How many organisations a region has in the country of the demo."""

    schools: int
    rural_share: float
    colleges: int
    preschools: int


def quotas() -> Mapping[str, Quota]:
    """Every region's organisations: 7,687 schools, 68.4 % of them rural, the home region as it is by itself."""
    rural_total = round(NATIONAL_SCHOOLS * _RURAL_SHARE)
    mean = _RURAL_SHARE * _RURAL_MEAN + (1 - _RURAL_SHARE) * _URBAN_MEAN
    every_pupil = sum(region.pupils for region in REGIONS)
    cities = [region for region in REGIONS if region.is_city]
    others = [region for region in REGIONS if not region.is_city and region.code != HOME]
    schools = {
        region.code: round(NATIONAL_SCHOOLS * mean * region.pupils / every_pupil / _URBAN_MEAN) for region in cities
    }
    left = NATIONAL_SCHOOLS - sum(schools.values()) - HOME_SCHOOLS
    schools |= zip(
        (region.code for region in others), apportioned(left, [region.pupils for region in others]), strict=True
    )
    rural_share = (rural_total - round(HOME_SCHOOLS * _RURAL_SHARE)) / left
    quotas = {
        region.code: Quota(
            schools[region.code],
            0.0 if region.is_city else rural_share,
            round(schools[region.code] * HOME_COLLEGES / HOME_SCHOOLS),
            round(schools[region.code] * HOME_PRESCHOOLS / HOME_SCHOOLS),
        )
        for region in REGIONS
        if region.code != HOME
    }
    return {**quotas, HOME: Quota(HOME_SCHOOLS, _RURAL_SHARE, HOME_COLLEGES, HOME_PRESCHOOLS)}


BUILT, OPERATING, RURAL = 217, 170, 84
"""Keleshek schools of the national project at the turn of 2026: built, teaching, in villages."""


@dataclass(frozen=True, slots=True)
class Keleshek:
    """Keleshek schools of a region."""

    built: int
    operating: int
    rural: int


def keleshek() -> Mapping[str, Keleshek]:
    """The 217 schools laid out over the regions by their pupils; which region has how many was not published."""
    built = apportioned(BUILT, [region.pupils for region in REGIONS])
    operating = apportioned(OPERATING, built)
    rural = apportioned(RURAL, [0 if region.is_city else one for region, one in zip(REGIONS, built, strict=True)])
    return {region.code: Keleshek(*numbers) for region, *numbers in zip(REGIONS, built, operating, rural, strict=True)}
