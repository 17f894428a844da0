"""Each rule of joining in words: what is asked, and what is so."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.errors import Text

Facts = Mapping[str, Any]

_ROLES: Mapping[str, Text] = {
    "director": Text("директор", "директор", "director"),
    "deputy_director": Text("директордың орынбасары", "заместитель директора", "deputy director"),
    "teacher": Text("мұғалім", "учитель", "teacher"),
    "methodologist": Text("әдіскер", "методист", "methodologist"),
    "psychologist": Text("психолог", "психолог", "psychologist"),
    "social_pedagogue": Text("әлеуметтік педагог", "социальный педагог", "social pedagogue"),
    "librarian": Text("кітапханашы", "библиотекарь", "librarian"),
    "other": Text("басқа", "другая", "other"),
}
_CATEGORIES: Mapping[str, Text] = {
    "teacher": Text("педагог", "педагог", "teacher"),
    "moderator": Text("педагог-модератор", "педагог-модератор", "teacher-moderator"),
    "expert": Text("педагог-сарапшы", "педагог-эксперт", "teacher-expert"),
    "researcher": Text("педагог-зерттеуші", "педагог-исследователь", "teacher-researcher"),
    "master": Text("педагог-шебер", "педагог-мастер", "teacher-master"),
}
_RESPECTS: Mapping[str, Text] = {
    "types": Text("түрі", "тип", "type"),
    "kinds": Text("сыныбы", "вид", "kind"),
    "areas": Text("аумағы", "территория", "area"),
    "settings": Text("елді мекені", "местность", "setting"),
    "ownerships": Text("меншігі", "собственность", "ownership"),
}
_NONE = Text("жоқ", "нет", "none")
_NEVER = Text("болмаған", "не было", "never")
_ANY_OF = Text("біреуі", "любой из", "any of")
_ALL_OF = Text("барлығы", "все", "all of")


def of(code: str, facts: Facts) -> Text:
    """The sentence of a rule with its facts."""
    return _SENTENCES[code](facts)


def _together(kk: str, ru: str, en: str, **parts: Text) -> Text:
    return Text(
        *(
            sentence.format(**{name: text[place] for name, text in parts.items()})
            for place, sentence in enumerate((kk, ru, en))
        )
    )


def _same(value: object) -> Text:
    return Text(str(value), str(value), str(value))


def _words(words: Mapping[str, Text], codes: list[str]) -> Text:
    return Text(*(", ".join(words[code][place] for code in codes) for place in range(3)))


def _listed(codes: list[str]) -> Text:
    return _same(", ".join(codes)) if codes else _NONE


def _employment(facts: Facts) -> Text:
    return _together(
        "Курстың бірінші күні ({day}) педагог ұйымда жұмыс істеуі керек; жұмыстан кеткен күні: {left}",
        "В первый день курса ({day}) педагог должен работать в организации; день ухода: {left}",
        "On the first day of the course ({day}) the educator must be employed; day of leaving: {left}",
        day=_same(facts["starts_on"]),
        left=_same(facts["left_on"]) if facts["left_on"] else _NONE,
    )


def _role(facts: Facts) -> Text:
    return _together(
        "Қызметі мыналардың бірі болуы керек: {asked}; педагогтің қызметі: {role}",
        "Должность должна быть одной из: {asked}; у педагога: {role}",
        "The role must be one of: {asked}; the educator's: {role}",
        asked=_words(_ROLES, facts["asked"]),
        role=_ROLES[facts["role"]],
    )


def _subject(facts: Facts) -> Text:
    return _together(
        "Мына пәндердің бірі керек: {asked}; педагогтің пәндері: {subjects}",
        "Нужен один из предметов: {asked}; у педагога: {subjects}",
        "One of these subjects is needed: {asked}; the educator's: {subjects}",
        asked=_listed(facts["asked"]),
        subjects=_listed(facts["subjects"]),
    )


def _category(facts: Facts) -> Text:
    return _together(
        "Санаты кемінде: {asked}; педагогтікі: {reached}",
        "Категория не ниже: {asked}; у педагога: {reached}",
        "Category at least: {asked}; the educator's: {reached}",
        asked=_CATEGORIES[facts["at_least"]],
        reached=_CATEGORIES[facts["category"]] if facts["category"] else _NONE,
    )


def _experience(facts: Facts) -> Text:
    return _together(
        "Еңбек өтілі кемінде {asked} жыл; педагогтікі: {years}",
        "Стаж не меньше {asked} полных лет; у педагога: {years}",
        "At least {asked} full years of experience; the educator's: {years}",
        asked=_same(facts["at_least_years"]),
        years=_NONE if facts["years"] is None else _same(facts["years"]),
    )


def _prerequisite(facts: Facts) -> Text:
    return _together(
        "Алдымен мына бағдарламалар аяқталуы керек ({need}): {asked}; жетпейтіні: {missing}",
        "Сначала нужно пройти программы ({need}): {asked}; не хватает: {missing}",
        "These programmes come first ({need}): {asked}; missing: {missing}",
        need=_ALL_OF if facts["need"] == "all" else _ANY_OF,
        asked=_listed(facts["asked"]),
        missing=_listed(facts["missing"]),
    )


def _last_course_before(facts: Facts) -> Text:
    return _together(
        "Соңғы курстан бері кемінде {months} ай өтуі керек; соңғы сертификат: {last}",
        "С последнего курса должно пройти не меньше {months} месяцев; последний сертификат: {last}",
        "At least {months} months must have passed since the last course; the last certificate: {last}",
        months=_same(facts["months"]),
        last=_same(facts["last_on"]) if facts["last_on"] else _NEVER,
    )


def _last_course_within(facts: Facts) -> Text:
    return _together(
        "Соңғы курстан бері {months} айдан көп өтпеуі керек; соңғы сертификат: {last}",
        "С последнего курса должно пройти не больше {months} месяцев; последний сертификат: {last}",
        "No more than {months} months may have passed since the last course; the last certificate: {last}",
        months=_same(facts["months"]),
        last=_same(facts["last_on"]) if facts["last_on"] else _NEVER,
    )


def _not_again(facts: Facts) -> Text:
    return _together(
        "Соңғы {months} айда {programme} бағдарламасы бойынша сертификат болмауы керек; сертификат: {certified}",
        "За последние {months} месяцев не должно быть сертификата по программе {programme}; сертификат: {certified}",
        "There must be no certificate of {programme} within the last {months} months; the certificate: {certified}",
        months=_same(facts["months"]),
        programme=_same(facts["programme"]),
        certified=_same(facts["certified_on"]) if facts["certified_on"] else _NONE,
    )


def _workplace(facts: Facts) -> Text:
    asked = facts["asked"]
    return _together(
        "Жұмыс орнына талап: {asked}; сәйкес келмейтіні: {unfit}",
        "Требования к месту работы: {asked}; не подходит: {unfit}",
        "What is asked of the workplace: {asked}; what does not fit: {unfit}",
        asked=Text(
            *("; ".join(f"{_RESPECTS[name][place]}: {', '.join(asked[name])}" for name in asked) for place in range(3))
        )
        if asked
        else _NONE,
        unfit=_words(_RESPECTS, list(facts["unfit"])) if facts["unfit"] else _NONE,
    )


_SENTENCES: Mapping[str, Callable[[Facts], Text]] = {
    "employment": _employment,
    "role": _role,
    "subject": _subject,
    "category": _category,
    "experience": _experience,
    "prerequisite": _prerequisite,
    "last_course_before": _last_course_before,
    "last_course_within": _last_course_within,
    "not_certified_within": _not_again,
    "workplace": _workplace,
}
