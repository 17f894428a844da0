"""What a field of ours is made of: where it stands in a document, and how a cell is read into it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.registry_api.imports.headings import folded
from shared.schemas.registry.import_mappings import AreaField, IndicatorField, OrganisationField
from shared.schemas.registry.import_room_mappings import (
    ConstructionField,
    EventField,
    MembershipField,
    TargetField,
)
from shared.schemas.registry.import_words import ImportKind
from shared.schemas.sheets import Decimal
from shared.sheets import cells

Read = Callable[[str, Decimal], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a document."""

    path: tuple[str, ...]
    """Where it stands: `("name", "kk")`."""
    read: Read
    fault: str | None = None
    """The finding when a cell cannot be read into it; None where every text can."""


def _words_for(**words: str) -> Mapping[str, str]:
    return {folded(word): ours for ours, listed in words.items() for word in listed.split(", ")}


_OUR_WORDS: Mapping[str, Mapping[str, str]] = {
    "type": _words_for(
        preschool="мектепке дейінгі ұйым, балабақша, дошкольная организация, детский сад",
        school="мектеп, жалпы білім беретін мектеп, школа, общеобразовательная школа",
        college="колледж",
        supplementary="қосымша білім беру ұйымы, организация дополнительного образования",
        special="арнайы ұйым, арнайы мектеп, специальная организация, специальная школа",
        authority="білім басқармасы, білім бөлімі, управление образования, отдел образования",
        provider="білім беру орталығы, центр обучения",
    ),
    "ownership": _words_for(
        state="мемлекеттік, коммуналдық, государственная, коммунальная, государственный",
        private="жекеменшік, жеке, частная, частный",
        quasi="квазимемлекеттік, квазигосударственная",
    ),
    "setting": _words_for(city="қала, город, городская", town="кент, посёлок, поселок", village="ауыл, село, сельская"),
    "polarity": _words_for(
        higher="көп жақсы, больше лучше", lower="аз жақсы, меньше лучше", neutral="бейтарап, нейтрально"
    ),
    "comparator": _words_for(
        ge="кемінде, не менее, не ниже", le="артық емес, не более, не выше", eq="тең, равно",
        all="барлығы, бәрі, все", zero="нөл, ноль", range="аралық, диапазон",
    ),
    "qualifier": _words_for(
        exact="дәл, точно", about="шамамен, около, примерно", at_least="кемінде, не менее",
        aspiration="ниет, намерение",
    ),
    "role": _words_for(
        leading="жетекші, жетекші мектеп, ведущая, ведущая школа", hub="тірек, тірек мектеп, опорная, опорная школа",
        partner="серіктес, партнёр", coordinator="үйлестіруші, координатор",
    ),
    "status": _words_for(
        planned="жоспарланған, запланировано", held="өткізілді, проведено", open="жұмыс істейді, действует",
    ),
    "languages_of_instruction": _words_for(
        kk="қазақ, қазақша, қазақ тілі, казахский", ru="орыс, орысша, орыс тілі, русский", ug="ұйғыр, уйгурский",
        uz="өзбек, узбекский", tg="тәжік, таджикский", en="ағылшын, английский",
    ),
}  # fmt: skip
"""Words of Kazakh and Russian forms for values that our documents name in one way."""


def our_word(field: str, text: str) -> str:
    """The value our documents use for a word of kk or ru; other words as they are."""
    known = _OUR_WORDS.get(field)
    return known.get(folded(text), text) if known else text


def _text(text: str, _: Decimal) -> str:
    return text


def _number(text: str, decimal: Decimal) -> float | None:
    return cells.number(text, decimal)


def _integer(text: str, _: Decimal) -> int | None:
    return cells.integer(text)


def _yes_or_no(text: str, _: Decimal) -> bool | None:
    return cells.yes_or_no(text)


def _day(text: str, _: Decimal) -> Any:
    return cells.day(text)


def _listed(field: str) -> Read:
    return lambda text, _: [our_word(field, word) for word in cells.words(text)]


def _texts(*fields: str) -> dict[str, Field]:
    return {field: Field(tuple(field.split(".")), _text) for field in fields}


def _kinds(read: Read, fault: str, *fields: str) -> dict[str, Field]:
    return {field: Field(tuple(field.split(".")), read, fault) for field in fields}


_O = OrganisationField
_ORGANISATION: Mapping[str, Field] = {
    **_texts(
        *(_O.NAME_KK, _O.NAME_RU, _O.NAME_EN, _O.SHORT_NAME_KK, _O.SHORT_NAME_RU, _O.SHORT_NAME_EN),
        *(_O.TYPE, _O.KIND, _O.OWNERSHIP, _O.LEGAL_FORM, _O.SETTING, _O.AREA, _O.STATUS),
        *(_O.ADDRESS_KK, _O.ADDRESS_RU, _O.ADDRESS_EN),
    ),
    **_kinds(_yes_or_no, "not_a_yes_or_no", _O.MULTIGRADE, _O.BOARDING, _O.SELECTIVE, _O.IS_SYNTHETIC),
    **_kinds(_integer, "not_an_integer", _O.SHIFT_COUNT, _O.DESIGN_CAPACITY),
    **_kinds(_day, "not_a_date", _O.VALID_FROM),
    _O.LATITUDE: Field(("location", "latitude"), _number, "not_a_number"),
    _O.LONGITUDE: Field(("location", "longitude"), _number, "not_a_number"),
    _O.PHONE: Field(("contacts", "phone"), _text),
    _O.EMAIL: Field(("contacts", "email"), _text),
    _O.WEBSITE: Field(("contacts", "website"), _text),
    _O.LEVELS: Field(("levels",), _listed("levels")),
    _O.LANGUAGES: Field(("languages_of_instruction",), _listed("languages_of_instruction")),
    _O.PROGRAMME_TAGS: Field(("programme_tags",), _listed("programme_tags")),
    **{
        field: Field(("identifiers", field.value.partition(".")[2]), _text)
        for field in OrganisationField
        if field.value.startswith("identifier.")
    },
}
_A = AreaField
_AREA: Mapping[str, Field] = {
    **_texts(_A.CODE, _A.KIND, _A.NAME_KK, _A.NAME_RU, _A.NAME_EN),
    **_kinds(_integer, "not_an_integer", _A.LEVEL),
    **_kinds(_day, "not_a_date", _A.VALID_FROM),
    _A.PARENT: Field(("parent_code",), _text),
}
_I = IndicatorField
_INDICATOR: Mapping[str, Field] = {
    **_texts(
        *(_I.CODE, _I.LEVEL, _I.PILLAR, _I.NAME_KK, _I.NAME_RU, _I.NAME_EN, _I.UNIT, _I.POLARITY, _I.FORMULA),
        *(_I.PERIOD_KIND, _I.AS_OF_RULE, _I.SOURCE_SYSTEM, _I.SOURCE_NOTE, _I.NOTE),
    ),
    **_kinds(_number, "not_a_number", _I.PLAUSIBLE_MIN, _I.PLAUSIBLE_MAX, _I.TYPICAL),
    **_kinds(_integer, "not_an_integer", _I.MIN_N, _I.AGE_FROM, _I.AGE_TO),
    **_kinds(_day, "not_a_date", _I.VALID_FROM, _I.VALID_TO),
    _I.ORGANISATION_TYPES: Field(("organisation_types",), _listed("type")),
    _I.DISAGGREGATION: Field(("disaggregation",), _listed("disaggregation")),
}


def _edtf(text: str, _: Decimal) -> str:
    """A day as people write it becomes one of EDTF; what is less exact is EDTF already, or refused by the document."""
    found = cells.day(text)
    return found.isoformat() if found is not None else text


_M = MembershipField
_MEMBERSHIP: Mapping[str, Field] = {
    **_texts(_M.NETWORK, _M.ROLE, _M.AREA, _M.OVERRIDE),
    **_kinds(_day, "not_a_date", _M.VALID_FROM, _M.VALID_TO),
    _M.ORGANISATION: Field(("organisation_id",), _text),
    _M.MENTOR: Field(("mentor_id",), _text),
}
_T = TargetField
_TARGET: Mapping[str, Field] = {
    **_texts(_T.INDICATOR, _T.AREA, _T.COMPARATOR, _T.QUALIFIER, _T.STATED_BY_ROLE, _T.QUOTE, _T.SOURCE_URL),
    **_kinds(_number, "not_a_number", _T.BASELINE_VALUE, _T.VALUE_LOW, _T.VALUE_HIGH),
    **{name: Field((name,), _edtf) for name in (_T.BASELINE_ON.value, _T.DUE.value, _T.STATED_ON.value)},
    **_kinds(_yes_or_no, "not_a_yes_or_no", _T.AUTHORITATIVE),
    _T.ORGANISATION: Field(("organisation_id",), _text),
}
_E = EventField
_EVENT: Mapping[str, Field] = {
    **_texts(_E.KIND, _E.TITLE_KK, _E.TITLE_RU, _E.TITLE_EN, _E.AREA, _E.VENUE_KK, _E.VENUE_RU, _E.NETWORK, _E.STATUS),
    **_kinds(_integer, "not_an_integer", _E.DURATION_DAYS),
    _E.WHEN: Field(("when",), _edtf),
    _E.HOST: Field(("host_id",), _text),
    _E.AUDIENCE: Field(("audience",), _listed("audience")),
}
_C = ConstructionField
_CONSTRUCTION: Mapping[str, Field] = {
    **_texts(_C.REFERENCE, _C.NAME_KK, _C.NAME_RU, _C.NAME_EN, _C.PROGRAMME, _C.AREA, _C.SETTING),
    **_kinds(_integer, "not_an_integer", _C.DESIGN_CAPACITY),
    **_kinds(_number, "not_a_number", _C.GROSS_AREA),
    **_kinds(_day, "not_a_date", _C.VALID_FROM),
    **_kinds(_yes_or_no, "not_a_yes_or_no", _C.IS_SYNTHETIC),
    _C.LATITUDE: Field(("location", "latitude"), _number, "not_a_number"),
    _C.LONGITUDE: Field(("location", "longitude"), _number, "not_a_number"),
    _C.LANGUAGES: Field(("languages_of_instruction",), _listed("languages_of_instruction")),
}
FIELDS: Mapping[ImportKind, Mapping[str, Field]] = {
    ImportKind.ORGANISATIONS: _ORGANISATION,
    ImportKind.AREAS: _AREA,
    ImportKind.INDICATORS: _INDICATOR,
    ImportKind.MEMBERSHIPS: _MEMBERSHIP,
    ImportKind.TARGETS: _TARGET,
    ImportKind.EVENTS: _EVENT,
    ImportKind.CONSTRUCTION_PROJECTS: _CONSTRUCTION,
}
ORGANISATIONS_NAMED: Mapping[ImportKind, frozenset[str]] = {
    ImportKind.MEMBERSHIPS: frozenset({_M.ORGANISATION, _M.MENTOR}),
    ImportKind.TARGETS: frozenset({_T.ORGANISATION}),
    ImportKind.EVENTS: frozenset({_E.HOST}),
}
"""Fields that name an organisation by an identifier, in whose place its id is put."""
