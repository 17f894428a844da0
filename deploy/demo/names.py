"""Names: historical figures for schools, invented villages, and people who do not exist."""

from random import Random
from typing import Any

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

VILLAGES: tuple[tuple[str, str], ...] = (
    ("Ақсу", "Аксу"),
    ("Қарасу", "Карасу"),
    ("Жаңажол", "Жанажол"),
    ("Көктал", "Коктал"),
    ("Тасты", "Тасты"),
    ("Үшбұлақ", "Ушбулак"),
    ("Қызылту", "Кызылту"),
    ("Шолақсай", "Шолаксай"),
    ("Ақкөл", "Акколь"),
    ("Сарыөзек", "Сарыозек"),
    ("Өркен", "Оркен"),
    ("Байтерек", "Байтерек"),
    ("Майлыбай", "Майлыбай"),
    ("Қайнар", "Кайнар"),
    ("Теректі", "Теректы"),
    ("Құланды", "Куланды"),
    ("Бестөбе", "Бестобе"),
    ("Жалтыр", "Жалтыр"),
    ("Ащысай", "Ащысай"),
    ("Дәуіт", "Дауит"),
)
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
    ("политехникалық", "политехнический", "technical"),
    ("педагогикалық", "педагогический", "pedagogical"),
    ("медициналық", "медицинский", "medical"),
    ("аграрлық", "аграрный", "agrarian"),
    ("өнер", "искусств", "arts"),
    ("көпсалалы", "многопрофильный", "multi-profile"),
)

_FAMILIES = (
    ("Үлгіұлы", "Ульгиулы"),
    ("Мысалов", "Мысалов"),
    ("Өрнекбай", "Орнекбай"),
    ("Қиялбек", "Киялбек"),
    ("Ертегиев", "Ертегиев"),
    ("Сынақов", "Сынаков"),
    ("Жобаұлы", "Жобаулы"),
    ("Нобаев", "Нобаев"),
    ("Көрсетбай", "Корсетбай"),
    ("Бояуов", "Бояуов"),
)
"""Family names made of the words for «example», «pattern», «fairy tale», «draft»: nobody bears them."""
_GIVEN = {
    "f": (("Айгүл", "Айгуль"), ("Гүлнар", "Гульнар"), ("Сәуле", "Сауле"), ("Жанар", "Жанар"), ("Әсел", "Асель"),
          ("Мәдина", "Мадина"), ("Балжан", "Балжан"), ("Ұлжан", "Улжан")),
    "m": (("Асқар", "Аскар"), ("Бауыржан", "Бауыржан"), ("Ерлан", "Ерлан"), ("Қанат", "Канат"), ("Нұржан", "Нуржан"),
          ("Серік", "Серик")),
}  # fmt: skip
_SHARE_OF_WOMEN = 0.81


def person(random: Random, number: int) -> dict[str, Any]:
    """A person who does not exist; `number` keeps namesakes apart."""
    sex = "f" if random.random() < _SHARE_OF_WOMEN else "m"
    family, given = random.choice(_FAMILIES), random.choice(_GIVEN[sex])
    return {
        "kk": {"family": f"{family[0]}-{number}", "given": given[0]},
        "ru": {"family": f"{family[1]}-{number}", "given": given[1]},
    }


def school(number: int | None, eponym: tuple[str, str] | None, kind: str) -> dict[str, str]:
    """The full name of a school in both languages."""
    kk_kind, ru_kind = {
        "general": ("жалпы білім беретін мектеп", "Общеобразовательная школа"),
        "gymnasium": ("гимназия", "Гимназия"),
        "lyceum": ("лицей", "Лицей"),
        "school_gymnasium": ("мектеп-гимназия", "Школа-гимназия"),
        "school_lyceum": ("мектеп-лицей", "Школа-лицей"),
    }[kind]
    kk = " ".join(part for part in (f"{eponym[0]} атындағы" if eponym else "", f"№{number}" if number else "", kk_kind) if part)
    ru = " ".join(part for part in (ru_kind, f"№ {number}" if number else "", f"имени {eponym[1]}" if eponym else "") if part)
    return {"kk": kk[0].upper() + kk[1:], "ru": ru}


def village_school(village: tuple[str, str]) -> dict[str, str]:
    """A school that bears the name of its village."""
    return {"kk": f"{village[0]} жалпы білім беретін мектебі", "ru": f"{village[1]} общеобразовательная школа"}


def demo_bin(random: Random) -> str:
    """Looks like a BIN and can never be one: the fifth digit is 9, and the check digit is right.

    Weights 1 to 11, then 3 to 11 and 1, 2 where the first pass gives 10 (order 423 of 27 June 2023).
    """
    while True:
        digits = [int(sign) for sign in f"{random.randint(1, 25):02}{random.randint(1, 12):02}9{random.randint(0, 999999):06}"]
        for weights in (range(1, 12), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
            check = sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11
            if check < 10:
                return "".join(map(str, digits)) + str(check)
