"""The institutions and facts of five published stories: roles and organisations, never persons.

Shymkent and its memorandum with the Nazarbayev Intellectual Schools; Oral and its accelerator of 33 schools, 45
preschools and 7 organisations of supplementary education; Kyzylorda and its league of partner directors; the Keleshek
schools of the whole country; Karaganda and the nine directions of its akim.
"""

from typing import Any

from deploy.demo import names
from deploy.demo.country import BEFORE, HOME, REGIONS, keleshek
from deploy.demo.measures import Row
from deploy.demo.region import Place, identified

ORAL, KYZYLORDA, SHYMKENT, ASTANA, KARAGANDA = "271000000", "431000000", "790000000", "710000000", "350000000"
MOMYSHULY = ("Бауыржан Момышұлы", "Бауыржана Момышулы")
ORAL_SCHOOLS, ORAL_PRESCHOOLS, ORAL_SUPPLEMENTARY = 33, 45, 7
LEAGUE = (101, 153, 176, 261)
LEADING_IN_SHYMKENT = 13
_NUMBERS_AFTER = 90_000
_SUPPLEMENTARY = (
    ("Оқушылар сарайы", "Дворец школьников", "youth_palace"),
    ("№1 балалар өнер мектебі", "Детская школа искусств № 1", "art_school"),
    ("№2 балалар өнер мектебі", "Детская школа искусств № 2", "art_school"),
    ("№1 балалар-жасөспірімдер спорт мектебі", "Детско-юношеская спортивная школа № 1", "sports_school"),
    ("№2 балалар-жасөспірімдер спорт мектебі", "Детско-юношеская спортивная школа № 2", "sports_school"),
    ("Жас техниктер станциясы", "Станция юных техников", "club"),
    ("Жас натуралистер станциясы", "Станция юных натуралистов", "club"),
)


class Stories:
    """Makes the institutions; each is kept under the name by which the loader asks for it."""

    def __init__(self, numbers: names.DemoNumbers) -> None:
        self._numbers = numbers
        self.places: list[Place] = []
        self.keys: dict[str, str] = {}
        """Demo number by short name: `altynsarin-academy`, `oral-46`, `host-750000000` …"""
        self._authorities()
        self._providers()
        self._oral()
        self._kyzylorda()
        self._hosts()
        # Numbers of their own: what is made of a place hangs on its number, and the home region stays as it was.
        self._numbers = names.DemoNumbers(after=_NUMBERS_AFTER)
        self._shymkent()

    def named(self, prefix: str) -> list[str]:
        """Demo numbers of all whose short name begins so."""
        return [key for name, key in self.keys.items() if name.startswith(prefix)]

    def _authorities(self) -> None:
        departments = (
            ("home-department", HOME, "Қостанай облысының білім басқармасы",
             "Управление образования Костанайской области"),
            ("kyzylorda-department", "430000000", "Қызылорда облысының білім басқармасы",
             "Управление образования Кызылординской области"),
            ("shymkent-akimat", SHYMKENT, "Шымкент қаласының әкімдігі", "Акимат города Шымкента"),
            ("oral-akimat", ORAL, "Орал қаласының әкімдігі", "Акимат города Уральска"),
            ("karaganda-akimat", KARAGANDA, "Қарағанды облысының әкімдігі", "Акимат Карагандинской области"),
        )  # fmt: skip
        for short, area, kk, ru in departments:
            self._add(short, kk, ru, type="authority", kind="department", ownership="state", area=area)

    def _providers(self) -> None:
        self._add(
            "altynsarin-academy", "Ы. Алтынсарин атындағы Ұлттық білім академиясы",
            "Национальная академия образования имени И. Алтынсарина",
            type="provider", kind="academy", ownership="state", area=ASTANA,
        )  # fmt: skip
        self._add(
            "nis", "«Назарбаев Зияткерлік мектептері» ДБҰ", "АОО «Назарбаев Интеллектуальные школы»",
            type="provider", kind="network_operator", ownership="quasi", legal_form="AOO", area=ASTANA,
        )  # fmt: skip
        self._add(
            "national-teacher", "«Ұлттық ұстаз» онлайн академиясы", "Онлайн-академия «Национальный учитель»",
            type="provider", kind="training_centre", ownership="private", area=ORAL,
        )  # fmt: skip

    def _oral(self) -> None:
        numbers = [46, *range(1, ORAL_SCHOOLS)]
        for number in numbers:
            name = names.school(number, MOMYSHULY if number == 46 else None)
            self._school(f"oral-{number}", name, ORAL)
        for number in range(1, ORAL_PRESCHOOLS + 1):
            kk, ru = names.kindergarten(names.KINDERGARTENS[number % len(names.KINDERGARTENS)], number).values()
            self._add(
                f"oral-preschool-{number}", kk, ru,
                type="preschool", kind="nursery_kindergarten", ownership="state", setting="city", area=ORAL,
                levels="pre_primary",
            )  # fmt: skip
        for number, (kk, ru, kind) in enumerate(_SUPPLEMENTARY, start=1):
            self._add(
                f"oral-supplementary-{number}", kk, ru, type="supplementary", kind=kind, ownership="state", area=ORAL
            )

    def _kyzylorda(self) -> None:
        for number in LEAGUE:
            self._school(f"kyzylorda-{number}", names.school(number, None), KYZYLORDA)

    def _hosts(self) -> None:
        """A campus of the intellectual schools or a Bilim-Innovation lyceum in every region but the home one."""
        for index, region in enumerate(one for one in REGIONS if one.code != HOME):
            kk, ru, kind = (
                ("Назарбаев Зияткерлік мектебі", "Назарбаев Интеллектуальная школа", "intellectual"),
                ("«Білім-инновация» лицейі", "Лицей «Билим-Инновация»", "lyceum"),
            )[index % 2]
            self._add(
                f"host-{region.code}", f"{kk}, {region.centre_kk}", f"{ru}, {region.centre_ru}",
                type="school", kind=kind, ownership="quasi" if kind == "intellectual" else "state", selective=True,
                setting="city", area=region.code, valid_from=region.opened, staff=3,
                latitude=str(region.point[0]), longitude=str(region.point[1]),
            )  # fmt: skip

    def _shymkent(self) -> None:
        self._add(
            "nis-shymkent", "Назарбаев Зияткерлік мектебі, Шымкент", "Назарбаев Интеллектуальная школа, Шымкент",
            type="school", kind="intellectual", ownership="quasi", selective=True, setting="city", area=SHYMKENT,
        )  # fmt: skip
        for number in range(1, LEADING_IN_SHYMKENT + 1):
            self._school(f"shymkent-{number}", names.school(number, None), SHYMKENT)

    def _school(self, short: str, name: dict[str, str], area: str) -> None:
        self._add(
            short, name["kk"], name["ru"],
            type="school", kind="general", ownership="state", legal_form="KGU", setting="city", area=area,
            levels="primary;lower_secondary;upper_secondary",
        )  # fmt: skip

    def _add(self, short: str, kk: str, ru: str, *, staff: int = 0, **columns: Any) -> None:
        number = self._numbers.next()
        row = {"name.kk": kk, "name.ru": ru, "valid_from": BEFORE} | columns | identified(number, columns["type"])
        self.places.append(Place(number, short, row, columns["type"], staff=staff))
        self.keys[short] = number


def facts() -> list[Row]:
    """What the stories say of whole areas, each for the period it was said of."""
    rows = [
        Row(SHYMKENT, "REG_NIS_LEADING_SCHOOLS", "2018-Q4", 13),
        Row(KARAGANDA, "REG_PRE_COVERAGE_1_6", "2021-Q2", 84),
        Row(KARAGANDA, "SCH_SUPPL_COVERAGE", "2020-2021", 66.7),
        Row(HOME, "REG_PRE_PRIVATE_SHARE", "2024-Q4", round(100 * 58 / 171, 2), None, 171),
        Row(HOME, "REG_PRE_QUEUE", "2024-12", 3472),
    ]
    for code, schools in keleshek().items():
        if schools.built:
            operating, rural = (100 * part / schools.built for part in (schools.operating, schools.rural))
            rows.append(Row(code, "KEL_OPERATING_SHARE", "2025-Q4", round(operating, 4), None, schools.built))
            rows.append(Row(code, "KEL_RURAL_SHARE", "2025-Q4", round(rural, 4), None, schools.built))
    return rows
