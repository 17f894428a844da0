"""Names of organisations: historical figures for schools, invented villages, numbers that can never be real."""

from itertools import product

EPONYMS: tuple[tuple[str, str], ...] = (
    ("Абай", "Абая"),
    ("Әл-Фараби", "аль-Фараби"),
    ("Ыбырай Алтынсарин", "Ыбрая Алтынсарина"),
    ("Шоқан Уәлиханов", "Чокана Валиханова"),
    ("Мұхтар Әуезов", "Мухтара Ауэзова"),
    ("Қаныш Сәтбаев", "Каныша Сатпаева"),
    ("Әлия Молдағұлова", "Алии Молдагуловой"),
    ("Мәншүк Мәметова", "Маншук Маметовой"),
    ("Ахмет Байтұрсынұлы", "Ахмета Байтурсынулы"),
    ("Міржақып Дулатұлы", "Миржакыпа Дулатулы"),
    ("Әлихан Бөкейхан", "Алихана Букейхана"),
    ("Ілияс Жансүгіров", "Ильяса Жансугурова"),
    ("Ғабит Мүсірепов", "Габита Мусрепова"),
    ("Тұрар Рысқұлов", "Турара Рыскулова"),
    ("Жамбыл Жабаев", "Жамбыла Жабаева"),
)
"""In Kazakh (nominative) and in Russian (genitive); all of them belong to history."""

_FIRST = (
    ("Ақ", "Ак"), ("Қара", "Кара"), ("Сары", "Сары"), ("Қызыл", "Кызыл"), ("Көк", "Кок"),
    ("Жаңа", "Жана"), ("Ұзын", "Узын"), ("Бес", "Бес"), ("Үш", "Уш"), ("Тас", "Тас"),
)  # fmt: skip
_SECOND = (
    ("су", "су"), ("көл", "коль"), ("бұлақ", "булак"), ("төбе", "тобе"), ("тал", "тал"), ("жар", "жар"),
    ("өзек", "озек"), ("құм", "кум"), ("қайың", "каин"), ("жол", "жол"), ("арық", "арык"),
)  # fmt: skip
VILLAGES: tuple[tuple[str, str], ...] = tuple(
    (first[0] + second[0], first[1] + second[1]) for first, second in product(_FIRST, _SECOND)
)
"""Put together of «white», «black», «new» … and «water», «lake», «hill» …: such names are on every map."""
KINDERGARTENS: tuple[tuple[str, str], ...] = (
    ("Айгөлек", "Айголек"),
    ("Балбөбек", "Балбобек"),
    ("Қарлығаш", "Карлыгаш"),
    ("Күншуақ", "Куншуак"),
    ("Балдырған", "Балдырган"),
    ("Еркетай", "Еркетай"),
    ("Ақбота", "Акбота"),
    ("Нұрлы", "Нурлы"),
    ("Толағай", "Толагай"),
    ("Шаттық", "Шаттык"),
)
PROFILES: tuple[tuple[str, str, str], ...] = (
    ("политехникалық колледж", "Политехнический колледж", "technical"),
    ("педагогикалық колледж", "Педагогический колледж", "pedagogical"),
    ("медициналық колледж", "Медицинский колледж", "medical"),
    ("аграрлық колледж", "Аграрный колледж", "agrarian"),
    ("өнер колледжі", "Колледж искусств", "arts"),
    ("көпсалалы колледж", "Многопрофильный колледж", "multi-profile"),
)
_KINDS = {
    "general": ("жалпы білім беретін мектеп", "Общеобразовательная школа"),
    "gymnasium": ("гимназия", "Гимназия"),
    "lyceum": ("лицей", "Лицей"),
    "school_gymnasium": ("мектеп-гимназия", "Школа-гимназия"),
    "school_lyceum": ("мектеп-лицей", "Школа-лицей"),
}


def school(number: int, eponym: tuple[str, str] | None, kind: str = "general") -> dict[str, str]:
    """The full name of a school in both languages.

    >>> school(46, ("Бауыржан Момышұлы", "Бауыржана Момышулы"))["kk"]
    'Бауыржан Момышұлы атындағы №46 жалпы білім беретін мектеп'
    """
    kk, ru = _KINDS[kind]
    return {
        "kk": f"{eponym[0]} атындағы №{number} {kk}" if eponym else f"№{number} {kk}",
        "ru": f"{ru} № {number} имени {eponym[1]}" if eponym else f"{ru} № {number}",
    }


def village_school(village: tuple[str, str]) -> dict[str, str]:
    """A school that bears the name of its village."""
    return {"kk": f"{village[0]} жалпы білім беретін мектебі", "ru": f"{village[1]} общеобразовательная школа"}


def kindergarten(name: tuple[str, str], number: int) -> dict[str, str]:
    """A nursery with its number."""
    return {"kk": f"«{name[0]}» №{number} бөбекжай-бақшасы", "ru": f"Ясли-сад «{name[1]}» № {number}"}


_WEIGHTS = (tuple(range(1, 12)), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))


class DemoNumbers:
    """Numbers that look like a BIN and can never be one: the fifth digit is 9, and the check digit is right.

    Each is given once; the check digit is that of order 423 of 27 June 2023.
    """

    def __init__(self, after: int = 0) -> None:
        self._serial = after

    def next(self) -> str:
        """The next number: registered in September 2010, ninth kind, head office, then a serial."""
        while True:
            self._serial += 1
            digits = [int(sign) for sign in f"100990{self._serial:05}"]
            for weights in _WEIGHTS:
                check = sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11
                if check < 10:
                    return "".join(map(str, digits)) + str(check)
