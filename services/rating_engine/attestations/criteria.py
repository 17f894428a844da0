"""The 39 criteria of order No. 114-NK for schools, with the thresholds of those that a number decides."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from shared.errors import Text

LEGAL_BASIS: Final = "Order No. 114-NK of 30 April 2026 on the state attestation of organisations of education"
ROUNDING: Final = "half_up_to_integer"
CRITERIA: Final = range(1, 40)
LOWEST: Final = 2


class Part(NamedTuple):
    """A number and the least rounded values of levels 5, 4 and 3."""

    code: str
    indicator: str
    title: Text
    cuts: tuple[int, int, int]
    unit: str = "percent"
    is_observed: bool = True
    """Whether the registry has this very number: not where the order splits what the indicator adds up."""


_SHARE = "TCH_EXPERT_PLUS_SHARE"
MEASURED: Mapping[int, tuple[Part, ...]] = {
    5: (
        Part(
            "5",
            "TCH_RELEVANT_EDU_SHARE",
            Text(
                "Бейінді білімі бар педагогтер",
                "Педагоги с профильным образованием",
                "Teachers with relevant education",
            ),
            (100, 90, 80),
        ),
    ),
    6: (
        Part(
            "6-primary",
            _SHARE,
            Text(
                "Бастауыш: сарапшы, зерттеуші, шебер педагогтер",
                "Начальная школа: эксперты, исследователи, мастера",
                "Primary: experts, researchers and masters",
            ),
            (46, 35, 25),
            is_observed=False,
        ),
        Part(
            "6-secondary",
            _SHARE,
            Text(
                "Негізгі және жалпы орта: сарапшы, зерттеуші, шебер педагогтер",
                "Основная и общая средняя школа: эксперты, исследователи, мастера",
                "Lower and upper secondary: experts, researchers and masters",
            ),
            (56, 45, 35),
            is_observed=False,
        ),
    ),
    7: (
        Part(
            "7",
            "TCH_PD_3Y_SHARE",
            Text(
                "Үш жылда біліктілігін арттырған педагогтер",
                "Педагоги, повысившие квалификацию за три года",
                "Teachers upskilled within three years",
            ),
            (100, 90, 80),
        ),
    ),
    36: (
        Part(
            "36",
            "SCH_TEXTBOOK_PROVISION",
            Text("Оқулықпен қамтамасыз ету", "Обеспеченность учебниками", "Textbook provision"),
            (100, 95, 80),
        ),
    ),
    38: (
        Part(
            "38",
            "ORG_SITE_OPENNESS",
            Text("Ресми сайт", "Официальный сайт", "Official site"),
            (5, 4, 3),
            unit="level_2_5",
        ),
    ),
    39: (
        Part(
            "39-grade-4",
            "SCH_CT_G4",
            Text("Тестілеу, 4-сынып", "Тестирование, 4 класс", "Computer test, grade 4"),
            (85, 65, 40),
        ),
        Part(
            "39-grade-9",
            "SCH_CT_G9",
            Text("Тестілеу, 9-сынып", "Тестирование, 9 класс", "Computer test, grade 9"),
            (85, 65, 40),
        ),
    ),
}
PARTS: Mapping[str, Part] = {part.code: part for parts in MEASURED.values() for part in parts}
CHOICES: Mapping[str, Text] = {
    "rounding": Text(
        kk="Шектер бүтін сандармен берілген және арасында саңылау бар (44,5? 99,5?). Мән алдымен бүтінге, жартысы "
        "жоғары қарай дөңгелектенеді.",
        ru="Границы даны целыми числами, между ними щели (44,5? 99,5?). Значение сначала округляется до целого, "
        "половина вверх.",
        en="The bands are whole numbers with holes between them (44.5? 99.5?). A value is first rounded to the "
        "integer, half up.",
    ),
    "exactly_45": Text(
        kk="5-деңгей 45-тен жоғары, 4-деңгей 35–44: дәл 45 анықталмаған. Оны 4-деңгей деп санаймыз; екінші буындағы "
        "55 те солай.",
        ru="Уровень 5 — больше 45, уровень 4 — 35–44: ровно 45 не определено. Считаем его уровнем 4; так же 55 в "
        "основной школе.",
        en="Level 5 is above 45, level 4 is 35 to 44: exactly 45 is undefined. We take it as level 4, and 55 in "
        "secondary likewise.",
    ),
    "two_parts": Text(
        kk="6 және 39-критерийде екі сан бар, бұйрық оларды қалай біріктіруді айтпайды: деңгейлердің орташасын жартысы "
        "жоғары қарай дөңгелектейміз.",
        ru="В критериях 6 и 39 по два числа, и как их сводить, приказ не говорит: берём среднее уровней, половина "
        "вверх.",
        en="Criteria 6 and 39 have two numbers each, and the order does not say how they become one: we take the "
        "mean of the levels, half up.",
    ),
    "stages_not_observed": Text(
        kk="Тізілім педагогтердің үлесін бүкіл мектеп бойынша біледі, буындар бойынша емес: ұйымның 6-критерийі ашық "
        "қалады.",
        ru="Реестр знает долю педагогов по школе в целом, а не по ступеням: критерий 6 организации остаётся открытым.",
        en="The registry knows the share of teachers of a whole school, not by stage: criterion 6 of an "
        "organisation stays open.",
    ),
    "criterion_37": Text(
        kk="37-критерийдің шегі бізге белгісіз: құжат бойынша шешіледі деп саналды.",
        ru="Порог критерия 37 нам неизвестен: считаем его решаемым по документам.",
        en="The threshold of criterion 37 is not known to us: it is taken as documentary.",
    ),
    "state_standard": Text(
        kk="Аттестаттау төмен деңгейсіз және мемлекеттік стандартты бұзбай өтеді; бұзушылық мұнда тексерілмейді.",
        ru="Аттестация пройдена без низкого уровня и без нарушения госстандарта; нарушения здесь не проверяются.",
        en="Attestation is passed without a low level and without a breach of the state standard; breaches are not "
        "looked for here.",
    ),
}
"""What the order leaves open, and how it is read here."""
