"""The nine directions of a region's akim, version 1: a scoreboard without places."""

from collections.abc import Mapping

from services.rating_engine.methodologies.built_in.words import Document, Note, Scored, direct, text, tree


def _directed(weight: float) -> Scored:
    return Scored(weight, "higher", {"measure": "progress", **direct()})


def _direction(**weights: float) -> tuple[float, Mapping[str, Scored]]:
    return sum(weights.values()), {code: _directed(weight) for code, weight in weights.items()}


_DIRECTIONS = {
    "K1-preschool": _direction(REG_PRE_COVERAGE_1_6=12),
    "K2-rating": _direction(ORG_PARENT_SATISFACTION=11),
    "K3-libraries": _direction(SCH_LIBRARY_RENEWAL=11),
    "K4-supplementary": _direction(SCH_SUPPL_COVERAGE=11),
    "K5-TVET": _direction(REG_COL_DEMO_EXAM=5, COL_DUAL_COVERAGE=6),
    "K6-inclusion": _direction(SEN_SUPPORT_COVERAGE=11),
    "K7-family-placement": _direction(REG_FAMILY_PLACEMENT=11),
    "K8-psychology": _direction(SCH_PSY_SUPPORT_COVERAGE=11),
    "K9-teachers": _direction(TCH_PD_3Y_SHARE=6, REG_SERVICE_HOUSING=5),
}

CODE = "regional-nine-directions"
DOCUMENT: Document = {
    "code": CODE,
    "title": text("Әкімнің тоғыз бағыты", "Девять направлений акима", "Nine-direction regional scoreboard"),
    "organisation_types": ["region"],
    "tree": tree(_DIRECTIONS),
    "missing": {"policy": "renormalise"},
    "ranking": False,
    "lights": {"green": 100, "amber": 50},
}
NOTES = (
    Note(
        "progress",
        text(
            "Әр бағыт: (нақты мән − бастапқы) / (мақсат − бастапқы). Шектелмей көрсетіледі, қорытындыға 0–100 болып "
            "кіреді. Бастапқы мән мен мақсат тізілімдегі көпшілікке айтылған уәдеден алынады.",
            "Каждое направление: (факт − база) / (цель − база). Показано без ограничения, в сводку входит от 0 до 100. "
            "База и цель берутся из публичного обещания в реестре.",
            "Each direction: (actual − baseline) / (target − baseline). Shown uncapped; it enters the summary from "
            "0 to 100. Baseline and target are those of the public promise in the registry.",
        ),
        "zakon.kz 5079779; registry /v1/targets",
    ),
    Note(
        "no_ranking",
        text(
            "Облыстар бір-бірімен салыстырылмайды: орын берілмейді, әрқайсысы өз жолымен өлшенеді.",
            "Регионы между собой не сравниваются: мест нет, каждый меряется собственным путём.",
            "Regions are not compared with one another: there are no places, each is measured by its own way.",
        ),
        "proposal regional-nine-directions-v1",
    ),
    Note(
        "weights",
        text(
            "Тоғыз бағыт тең: 12 мен 11 тек жүзге дейін дөңгелектеу.",
            "Девять направлений равны: 12 и 11 лишь округление до ста.",
            "The nine directions are equal: 12 and 11 are only the rounding to a hundred.",
        ),
        "proposal regional-nine-directions-v1",
    ),
    Note(
        "no_data",
        text(
            "Деректі жоқ бағыт «дерек жоқ» деп көрсетіледі, нөл болып саналмайды.",
            "Направление без данных показано как «нет данных» и нулём не считается.",
            "A direction without data is shown as «no data» and does not count as zero.",
        ),
        "proposal regional-nine-directions-v1",
    ),
    Note(
        "breaks",
        text(
            "Көрсеткіштің анықтамасы немесе аумақ шекарасы өзгерсе, қатар үзіледі: прогресс есептелмейді.",
            "Смена определения показателя или границ территории прерывает ряд: прогресс не считается.",
            "A change of definition or of borders breaks the series: no progress is computed across it.",
        ),
        "registry: breaks of targets; three regions founded on 8 June 2022",
    ),
    Note(
        "lights",
        text(
            "Жасыл — мақсатқа жетті (100), сары — жолдың жартысынан (50), қызыл — одан төмен.",
            "Зелёный — цель достигнута (100), жёлтый — с половины пути (50), красный — ниже.",
            "Green: the target is reached (100); amber: from half of the way (50); red: below.",
        ),
        "ours",
    ),
    Note(
        "mapping",
        text(
            "Дереккөз бағыттарды нөмірлемейді: K1–K9 — біздің белгілеуіміз.",
            "Источник направления не нумерует: K1–K9 — наше обозначение.",
            "The source does not number the directions: K1–K9 is our mapping.",
        ),
        "ours",
    ),
)
