"""Teachers who do not exist: names, subjects, categories, years at work, and the certificates they earned before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from deploy.demo.chance import clip, source
from deploy.demo.region import Place

CATEGORIES = ("teacher", "moderator", "expert", "researcher", "master")
_LADDER = (0.254, 0.307, 0.231, 0.200, 0.007)
_EXPERT_PLUS = sum(_LADDER[2:])
_URBAN, _RURAL = 0.031, -0.059
"""What a city adds to the share of experts and above, and a village takes: nine points apart, nothing on the whole."""
_YEARS = ((0, 10), (10, 20), (20, 30), (30, 42))
_YEARS_SHARES = (0.357, 0.286, 0.193, 0.164)
_NEW_THIS_YEAR = 0.06

RATED_ON = date(2026, 11, 1)
"""The day as of which the latest edition is computed; certificates are laid out around it."""
WINDOW_OPENS = date(2023, 11, 1)
"""Thirty-six months before: a certificate of this day has just run out."""
_LAST_ISSUED = date(2026, 6, 30)
_YEAR_BEFORE = date(2025, 11, 1)

_SUBJECTS = (
    ("primary", 28), ("kazakh_language", 11), ("russian_language", 8), ("english", 9), ("mathematics", 11),
    ("physics", 4), ("chemistry", 3), ("biology", 4), ("geography", 3), ("history", 5), ("informatics", 5),
    ("physical_education", 5), ("technology", 3), ("music", 1),
)  # fmt: skip
_COLLEGE_SUBJECTS = (("special_subjects", 55), ("mathematics", 8), ("informatics", 9), ("physics", 6), ("english", 9),
                     ("history", 6), ("physical_education", 7))  # fmt: skip
_TITLES = (
    ("Критериалды бағалау тәжірибесі", "Практика критериального оценивания"),
    ("Сабақты зерттеу", "Исследование урока"),
    ("Инклюзивті білім беру әдістері", "Методы инклюзивного образования"),
    ("Цифрлық педагогика", "Цифровая педагогика"),
    ("Функционалдық сауаттылықты дамыту", "Развитие функциональной грамотности"),
    ("Жасанды интеллект сабақта", "Искусственный интеллект на уроке"),
)

_ROOTS = (
    ("Мысал", "Мысал"), ("Үлгі", "Ульги"), ("Өрнек", "Орнек"), ("Қиял", "Киял"), ("Ертегі", "Ертеги"),
    ("Сынақ", "Сынак"), ("Жоба", "Жоба"), ("Нобай", "Нобай"), ("Елес", "Елес"), ("Жорамал", "Жорамал"),
    ("Болжам", "Болжам"), ("Сұлба", "Сулба"), ("Бейне", "Бейне"), ("Көшірме", "Коширме"), ("Нұсқа", "Нуска"),
    ("Аңыз", "Аныз"), ("Жұмбақ", "Жумбак"), ("Сурет", "Сурет"), ("Тұспал", "Туспал"), ("Долбар", "Долбар"),
)  # fmt: skip
_ENDINGS = {"f": (("баева", "баева"), ("бекова", "бекова")), "m": (("баев", "баев"), ("беков", "беков"))}
"""Family names made of the words for «example», «pattern», «fairy tale», «draft»: nobody bears them."""
_GIVEN = {
    "f": (
        ("Айгүл", "Айгуль"), ("Гүлнар", "Гульнар"), ("Сәуле", "Сауле"), ("Жанар", "Жанар"), ("Әсел", "Асель"),
        ("Мәдина", "Мадина"), ("Балжан", "Балжан"), ("Ұлжан", "Улжан"), ("Қарлығаш", "Карлыгаш"), ("Алма", "Алма"),
        ("Зәуре", "Зауре"), ("Күләш", "Куляш"),
    ),
    "m": (
        ("Асқар", "Аскар"), ("Бауыржан", "Бауыржан"), ("Ерлан", "Ерлан"), ("Қанат", "Канат"), ("Нұржан", "Нуржан"),
        ("Серік", "Серик"), ("Дәурен", "Даурен"), ("Талғат", "Талгат"),
    ),
}  # fmt: skip
_FATHERS = (
    ("Асан", "Асан"), ("Болат", "Болат"), ("Дәулет", "Даулет"), ("Ермек", "Ермек"), ("Жақсылық", "Жаксылык"),
    ("Қайрат", "Кайрат"), ("Марат", "Марат"), ("Самат", "Самат"), ("Төлеген", "Толеген"), ("Мұрат", "Мурат"),
)  # fmt: skip
_CHILD_OF = {"f": ("қызы", "кызы"), "m": ("ұлы", "улы")}
_SHARE_OF_WOMEN = 0.81


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate of another provider."""

    title: tuple[str, str]
    hours: int
    issued_on: date


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at work in a place; nobody in the world."""

    name: dict[str, dict[str, str]]
    role: str
    subjects: tuple[str, ...]
    category: str | None
    hired_on: date
    certificates: tuple[Certificate, ...] = ()


def categories(seed: int, place: Place) -> list[str]:
    """The category of each teacher of a place."""
    random = source(seed, "categories", place.likeness)
    shift = (_RURAL if place.rural else _URBAN) + place.effect * 0.003
    above = clip(_EXPERT_PLUS + shift, 0.05, 0.9)
    weights = [
        share * (above / _EXPERT_PLUS if rung >= 2 else (1 - above) / (1 - _EXPERT_PLUS))
        for rung, share in enumerate(_LADDER)
    ]
    return random.choices(CATEGORIES, weights, k=place.staff)


def expert_plus(seed: int, place: Place) -> float:
    """Percent of the teachers who are experts, researchers or masters."""
    held = categories(seed, place)
    return 100 * sum(category in CATEGORIES[2:] for category in held) / len(held)


def staff(seed: int, place: Place, *, only: Sequence[str] = ()) -> Iterator[Person]:
    """The director of a place and its teachers, in an order that stays the same; of these subjects `only`, in turn."""
    random, naming = source(seed, "staff", place.likeness), source(seed, "names", place.key)
    taken: set[str] = set()
    yield Person(_name(naming, taken), "director", (), None, _hired(random))
    covered = random.betavariate(22, 3)
    listed = _COLLEGE_SUBJECTS if place.type == "college" else _SUBJECTS
    subjects, weights = [subject for subject, _ in listed], [weight for _, weight in listed]
    for number, category in enumerate(categories(seed, place)):
        yield Person(
            name=_name(naming, taken),
            role="teacher",
            subjects=(only[number % len(only)] if only else random.choices(subjects, weights)[0],),
            category=category,
            hired_on=_hired(random),
            certificates=tuple(_certificates(random, covered=random.random() < covered)),
        )


def _name(random: Random, taken: set[str]) -> dict[str, dict[str, str]]:
    """A name that nobody else in the place bears, in both spellings."""
    while True:
        sex = "f" if random.random() < _SHARE_OF_WOMEN else "m"
        root, ending = random.choice(_ROOTS), random.choice(_ENDINGS[sex])
        given, father = random.choice(_GIVEN[sex]), random.choice(_FATHERS)
        kk, ru = (
            {
                "family": root[spelling] + ending[spelling],
                "given": given[spelling],
                "patronymic": father[spelling] + _CHILD_OF[sex][spelling],
            }
            for spelling in (0, 1)
        )
        key = " ".join(kk.values())
        if key not in taken:
            taken.add(key)
            return {"kk": kk, "ru": ru}


def _hired(random: Random) -> date:
    if random.random() < _NEW_THIS_YEAR:
        return date(2026, 8, 20)
    low, high = random.choices(_YEARS, _YEARS_SHARES)[0]
    return date(2025 - random.randint(low, high - 1), 8, random.randint(15, 31))


def _certificates(random: Random, *, covered: bool) -> Iterator[Certificate]:
    """What the person earned: enough for the norm on the day of the rating or, for the others, not quite."""
    title = random.choice(_TITLES)
    if covered:
        issued = WINDOW_OPENS + timedelta(days=random.randint(1, (_LAST_ISSUED - WINDOW_OPENS).days))
        if issued > _YEAR_BEFORE:
            yield Certificate(random.choice(_TITLES), 72, issued - timedelta(days=random.randint(650, 1000)))
        yield Certificate(title, random.choice((36, 72, 72, 80, 108)), issued)
        return
    draw = random.random()
    if draw < 0.15:  # run out by one day
        yield Certificate(title, 72, WINDOW_OPENS)
    elif draw < 0.4:
        yield Certificate(title, 72, WINDOW_OPENS - timedelta(days=random.randint(1, 900)))
    elif draw < 0.65:  # four days of eight hours are not enough
        yield Certificate(title, 32, _LAST_ISSUED - timedelta(days=random.randint(0, 700)))


def body(person: Person, organisation_id: str) -> dict[str, Any]:
    """The person as training_api takes people in."""
    return {
        "name": person.name,
        "organisation_id": organisation_id,
        "role": person.role,
        "subjects": list(person.subjects),
        "category": person.category,
        "hired_on": person.hired_on.isoformat(),
        "is_synthetic": True,
    }
