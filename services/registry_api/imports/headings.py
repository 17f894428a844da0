"""The headings under which our own columns are known, in Kazakh, Russian and English."""

import re
import unicodedata
from collections.abc import Mapping

from shared.schemas.registry.import_mappings import AreaField, IndicatorField, OrganisationField
from shared.schemas.registry.import_room_mappings import (
    ConstructionField,
    EventField,
    MembershipField,
    TargetField,
)
from shared.schemas.registry.import_words import ImportKind

_SEPARATORS = re.compile(r"[\W_]+")


def folded(heading: str) -> str:
    """A heading without case, punctuation and marks, so that «Атауы (қаз.)» and «атауы қаз» are one.

    >>> folded("  Name_KK "), folded("Атауы (қаз.)")
    ('name kk', 'атауы қаз')
    """
    text = unicodedata.normalize("NFKC", heading).casefold().replace("ё", "е")
    return _SEPARATORS.sub(" ", text).strip()


def _known(synonyms: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    table: dict[str, str] = {}
    for field, names in synonyms.items():
        for name in (field, *names):
            table[folded(name)] = field
    return table


_NAME_KK = ("атауы", "атауы қазақша", "атауы қаз", "наименование на казахском", "название каз", "наименование каз",
            "name kk", "name_kaz", "name kazakh", "kazakh name", "толық атауы")  # fmt: skip
_NAME_RU = ("название", "наименование", "атауы орысша", "атауы орыс", "наименование на русском", "название рус",
            "наименование рус", "name ru", "name_rus", "russian name", "полное наименование")  # fmt: skip
_NAME_EN = ("name", "атауы ағылшынша", "название англ", "наименование англ", "name en", "name_eng", "english name")

_ORGANISATIONS = _known(
    {
        OrganisationField.IDENTIFIER_VALUE: ("identifier", "идентификатор", "сәйкестендіргіш", "код организации",
                                             "ұйым коды", "organisation code"),
        OrganisationField.IDENTIFIER_SCHEME: ("scheme", "схема", "сұлба", "схема идентификатора", "identifier scheme"),
        OrganisationField.IDENTIFIER_KZ_BIN: ("бин", "бсн", "bin", "бин организации", "ұйымның бсн"),
        OrganisationField.NAME_KK: _NAME_KK,
        OrganisationField.NAME_RU: _NAME_RU,
        OrganisationField.NAME_EN: _NAME_EN,
        OrganisationField.SHORT_NAME_KK: ("қысқа атауы", "краткое название каз", "short name kk"),
        OrganisationField.SHORT_NAME_RU: ("краткое наименование", "краткое название", "short name ru", "short name"),
        OrganisationField.SHORT_NAME_EN: ("short name en",),
        OrganisationField.TYPE: ("түрі", "ұйым түрі", "тип", "тип организации", "organisation type"),
        OrganisationField.KIND: ("вид", "вид организации", "ұйымның сипаты", "organisation kind"),
        OrganisationField.OWNERSHIP: ("меншік нысаны", "форма собственности", "собственность"),
        OrganisationField.LEGAL_FORM: ("ұйымдық құқықтық нысаны", "организационно-правовая форма", "опф"),
        OrganisationField.LEVELS: ("деңгейлері", "білім деңгейлері", "уровни", "уровни образования"),
        OrganisationField.LANGUAGES: ("оқыту тілі", "оқыту тілдері", "язык обучения", "языки обучения", "languages"),
        OrganisationField.SETTING: ("орналасуы", "қала ауыл", "местность", "город село", "тип местности"),
        OrganisationField.MULTIGRADE: ("шағын жинақты", "шжм", "малокомплектная", "мкш"),
        OrganisationField.BOARDING: ("интернат", "мектеп интернат"),
        OrganisationField.SELECTIVE: ("іріктеу арқылы", "отбор", "с отбором"),
        OrganisationField.SHIFT_COUNT: ("ауысым саны", "ауысым", "число смен", "смены", "количество смен"),
        OrganisationField.DESIGN_CAPACITY: ("жобалық қуат", "жобалық қуаты", "проектная мощность", "capacity"),
        OrganisationField.AREA: ("аумақ", "территория", "като", "kato", "әаож", "ату коды", "код като", "kato code"),
        OrganisationField.ADDRESS_KK: ("мекенжайы", "мекенжай", "адрес каз", "address kk"),
        OrganisationField.ADDRESS_RU: ("адрес", "юридический адрес", "address ru"),
        OrganisationField.ADDRESS_EN: ("address", "address en"),
        OrganisationField.LATITUDE: ("ендік", "широта", "lat"),
        OrganisationField.LONGITUDE: ("бойлық", "долгота", "lon", "lng"),
        OrganisationField.PHONE: ("телефон", "телефоны", "telephone"),
        OrganisationField.EMAIL: ("электрондық пошта", "электронная почта", "эл почта", "e-mail"),
        OrganisationField.WEBSITE: ("сайт", "сайты", "веб-сайт", "site"),
        OrganisationField.STATUS: ("мәртебесі", "күйі", "статус", "состояние"),
        OrganisationField.PROGRAMME_TAGS: ("бағдарламалар", "программы", "programmes"),
        OrganisationField.VALID_FROM: ("ашылған күні", "дата открытия", "действует с", "opened on", "valid from"),
        OrganisationField.IS_SYNTHETIC: ("синтетикалық", "синтетическая", "synthetic"),
    }
)  # fmt: skip
_AREAS = _known(
    {
        AreaField.CODE: ("te", "әаож", "код", "коды", "като", "kato", "код като", "kato code"),
        AreaField.PARENT: ("parent code", "жоғарғы код", "родитель", "код родителя", "вышестоящий код"),
        AreaField.LEVEL: ("деңгейі", "деңгей", "уровень"),
        AreaField.KIND: ("түрі", "вид", "тип"),
        AreaField.NAME_KK: _NAME_KK,
        AreaField.NAME_RU: _NAME_RU,
        AreaField.NAME_EN: _NAME_EN,
        AreaField.VALID_FROM: ("басталу күні", "действует с", "дата начала", "valid from"),
    }
)
_INDICATORS = _known(
    {
        IndicatorField.CODE: ("коды", "код", "indicator", "көрсеткіш коды", "код показателя"),
        IndicatorField.LEVEL: ("деңгейі", "уровень"),
        IndicatorField.ORGANISATION_TYPES: ("ұйым түрлері", "типы организаций", "organisation types", "org types"),
        IndicatorField.PILLAR: ("бағыты", "направление", "блок"),
        IndicatorField.NAME_KK: _NAME_KK,
        IndicatorField.NAME_RU: _NAME_RU,
        IndicatorField.NAME_EN: _NAME_EN,
        IndicatorField.UNIT: ("өлшем бірлігі", "единица измерения", "единица"),
        IndicatorField.POLARITY: ("бағыттылығы", "полярность", "желаемое направление"),
        IndicatorField.FORMULA: ("формуласы", "формула"),
        IndicatorField.PERIOD_KIND: ("кезең түрі", "вид периода", "период", "кезеңі"),
        IndicatorField.AS_OF_RULE: ("есепті күні", "на дату", "as of", "as of rule"),
        IndicatorField.SOURCE_SYSTEM: ("дереккөз", "источник", "source"),
        IndicatorField.PLAUSIBLE_MIN: ("ең аз мәні", "минимум"),
        IndicatorField.PLAUSIBLE_MAX: ("ең көп мәні", "максимум"),
        IndicatorField.TYPICAL: ("әдеттегі мәні", "типичное значение"),
        IndicatorField.MIN_N: ("ең аз n", "минимальное n", "min n"),
        IndicatorField.AGE_FROM: ("age from", "возраст от", "жасы бастап"),
        IndicatorField.AGE_TO: ("age to", "возраст до", "жасы дейін"),
        IndicatorField.DISAGGREGATION: ("қималары", "разрезы"),
        IndicatorField.SOURCE_NOTE: ("негіздеме", "обоснование", "source note"),
        IndicatorField.NOTE: ("ескертпе", "примечание", "notes"),
        IndicatorField.VALID_FROM: ("басталу күні", "действует с", "valid from"),
        IndicatorField.VALID_TO: ("аяқталу күні", "действует по", "valid to"),
    }
)
_OBSERVATIONS = _known(
    {
        "organisation": ("organisation id", "organization", "organisation code", "ұйым", "ұйым коды", "организация",
                         "код организации", "идентификатор", "сәйкестендіргіш", "identifier"),
        "scheme": ("схема", "сұлба", "identifier scheme"),
        "bin": ("бин", "бсн", "бин организации", "ұйымның бсн"),
        "area": ("аумақ", "территория", "като", "kato", "әаож", "код като", "kato code"),
        "indicator": ("көрсеткіш", "көрсеткіш коды", "показатель", "код показателя", "indicator code"),
        "period": ("кезең", "кезеңі", "оқу жылы", "период", "учебный год", "school year"),
        "value": ("мәні", "мән", "значение"),
        "reason": ("себебі", "жоқ болу себебі", "причина", "причина отсутствия", "missing reason"),
        "n": ("саны", "адам саны", "число", "количество", "count", "denominator"),
        "variance": ("дисперсия", "дисперсиясы"),
        "status": ("мәртебесі", "күйі", "статус", "состояние"),
        "source_system": ("дереккөз", "источник", "source", "source system"),
        "source_ref": ("сілтеме", "ссылка", "reference", "source ref"),
        "note": ("ескертпе", "примечание", "comment"),
    }
)  # fmt: skip

_ORGANISATION = ("ұйым", "ұйым коды", "бсн", "бин", "организация", "код организации", "organisation id", "bin")
_FROM = ("басталу күні", "бастап", "действует с", "с какого дня", "дата начала", "valid from")
_MEMBERSHIPS = _known(
    {
        MembershipField.NETWORK: ("желі", "сеть", "network code"),
        MembershipField.ORGANISATION: (*_ORGANISATION, "мектеп", "школа", "school"),
        MembershipField.ROLE: ("рөлі", "роль"),
        MembershipField.MENTOR: ("тәлімгер", "наставник", "ментор", "ниш наставник"),
        MembershipField.AREA: ("аумақ", "территория", "като", "kato"),
        MembershipField.VALID_FROM: _FROM,
        MembershipField.VALID_TO: ("аяқталу күні", "дейін", "действует по", "valid to"),
        MembershipField.OVERRIDE: ("ережеден тыс негіз", "основание сверх правил", "reason"),
    }
)
_TARGETS = _known(
    {
        TargetField.INDICATOR: ("көрсеткіш", "көрсеткіш коды", "показатель", "код показателя", "indicator code"),
        TargetField.AREA: ("аумақ", "территория", "като", "kato", "код като"),
        TargetField.ORGANISATION: _ORGANISATION,
        TargetField.BASELINE_VALUE: ("бастапқы мәні", "базовое значение", "было", "baseline"),
        TargetField.BASELINE_ON: ("бастапқы күні", "дата базового значения", "baseline on"),
        TargetField.COMPARATOR: ("салыстыру", "сравнение", "условие"),
        TargetField.VALUE_LOW: ("нысана", "нысаналы мәні", "цель", "целевое значение", "target"),
        TargetField.VALUE_HIGH: ("жоғарғы шегі", "верхняя граница", "target high"),
        TargetField.QUALIFIER: ("дәлдігі", "точность"),
        TargetField.DUE: ("мерзімі", "срок", "due on"),
        TargetField.STATED_BY_ROLE: ("кім айтты", "кем заявлено", "stated by"),
        TargetField.STATED_ON: ("айтылған күні", "когда заявлено", "дата заявления"),
        TargetField.QUOTE: ("дәйексөз", "цитата"),
        TargetField.SOURCE_URL: ("сілтеме", "ссылка", "source"),
        TargetField.AUTHORITATIVE: ("негізгі", "основная", "main"),
    }
)
_EVENTS = _known(
    {
        EventField.KIND: ("түрі", "вид", "тип", "event kind"),
        EventField.TITLE_KK: ("іс шара", "атауы", "название каз", "наименование на казахском", "title kk"),
        EventField.TITLE_RU: ("мероприятие", "название", "наименование", "название рус", "title ru"),
        EventField.TITLE_EN: ("title", "title en"),
        EventField.HOST: (*_ORGANISATION, "өткізетін ұйым", "организатор", "host"),
        EventField.AREA: ("аумақ", "территория", "като", "kato"),
        EventField.VENUE_KK: ("өтетін орны", "место каз", "venue kk"),
        EventField.VENUE_RU: ("место", "место проведения", "venue ru"),
        EventField.NETWORK: ("желі", "сеть"),
        EventField.WHEN: ("мерзімі", "күні", "дата", "срок", "date"),
        EventField.DURATION_DAYS: ("ұзақтығы", "күн саны", "дней", "продолжительность", "days"),
        EventField.AUDIENCE: ("аудитория", "қатысушылар", "участники"),
        EventField.STATUS: ("мәртебесі", "күйі", "статус"),
    }
)
_CONSTRUCTION = _known(
    {
        ConstructionField.REFERENCE: ("№", "нөмірі", "номер", "номер проекта", "жоба нөмірі"),
        ConstructionField.NAME_KK: _NAME_KK,
        ConstructionField.NAME_RU: _NAME_RU,
        ConstructionField.NAME_EN: _NAME_EN,
        ConstructionField.PROGRAMME: ("бағдарлама", "программа"),
        ConstructionField.AREA: ("аумақ", "территория", "като", "kato", "код като"),
        ConstructionField.SETTING: ("орналасуы", "қала ауыл", "местность", "город село"),
        ConstructionField.DESIGN_CAPACITY: ("жобалық қуат", "жобалық қуаты", "мощность", "проектная мощность", "мест"),
        ConstructionField.GROSS_AREA: ("ауданы", "площадь", "общая площадь"),
        ConstructionField.LANGUAGES: ("оқыту тілі", "оқыту тілдері", "язык обучения", "языки обучения"),
        ConstructionField.LATITUDE: ("ендік", "широта", "lat"),
        ConstructionField.LONGITUDE: ("бойлық", "долгота", "lon"),
        ConstructionField.VALID_FROM: _FROM,
        ConstructionField.IS_SYNTHETIC: ("синтетикалық", "синтетический", "synthetic"),
    }
)

KNOWN: Mapping[ImportKind, Mapping[str, str]] = {
    ImportKind.ORGANISATIONS: _ORGANISATIONS,
    ImportKind.OBSERVATIONS: _OBSERVATIONS,
    ImportKind.AREAS: _AREAS,
    ImportKind.INDICATORS: _INDICATORS,
    ImportKind.MEMBERSHIPS: _MEMBERSHIPS,
    ImportKind.TARGETS: _TARGETS,
    ImportKind.EVENTS: _EVENTS,
    ImportKind.CONSTRUCTION_PROJECTS: _CONSTRUCTION,
}


def field_of(kind: ImportKind, heading: str) -> str | None:
    """Which of our columns a heading names, if it names one."""
    return KNOWN[kind].get(folded(heading))
