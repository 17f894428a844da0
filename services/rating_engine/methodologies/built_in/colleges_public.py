"""The public rating of colleges, version 1."""

from services.rating_engine.methodologies.built_in import shared_notes
from services.rating_engine.methodologies.built_in.words import (
    FIRST_DRAW,
    PERCENTILE,
    Document,
    Note,
    bars,
    higher,
    levels,
    line,
    lower,
    text,
    tree,
)

_COHORT = {"min_n": 10}
_PILLARS = {
    "outcomes": (35, {
        "COL_EMPLOYMENT_RATE": higher(18, line((20, 0), (81, 100)), **_COHORT),
        "COL_WAGE_RATIO": higher(9, PERCENTILE, **_COHORT),
        "COL_DROPOUT": lower(8, PERCENTILE, **_COHORT),
    }),
    "practice": (30, {
        "COL_DUAL_COVERAGE": higher(12, line((0, 0), (20, 100)), **_COHORT),
        "COL_DEMO_EXAM_SHARE": higher(8, PERCENTILE, **_COHORT),
        "COL_DEMO_EXAM_PASS": higher(6, PERCENTILE, **_COHORT),
        "COL_EMPLOYER_PARTNERS": higher(4, PERCENTILE),
    }),
    "teachers": (15, {
        "TCH_EXPERT_PLUS_SHARE": higher(5, PERCENTILE),
        "TCH_PD_3Y_SHARE": higher(5, PERCENTILE),
        "COL_INDUSTRY_PLACEMENT": higher(5, PERCENTILE),
    }),
    "inclusion_wellbeing": (8, {
        "SCH_INCLUSIVE_CONDITIONS": higher(5, PERCENTILE),
        "SCH_PUPILS_PER_PSYCHOLOGIST": lower(3, PERCENTILE),
    }),
    "public_voice": (12, {
        "ORG_PARENT_SATISFACTION": higher(8, PERCENTILE, min_n=20),
        "ORG_SITE_OPENNESS": higher(4, levels(2, 3, 4, 5)),
    }),
}  # fmt: skip

CODE = "colleges-public"
DOCUMENT: Document = {
    "code": CODE,
    "title": text("Колледждердің қоғамдық рейтингі", "Общественный рейтинг колледжей", "Public rating of colleges"),
    "organisation_types": ["college"],
    "tree": tree(_PILLARS),
    "context": ["SCH_BULLYING_RATE"],
    "missing": {"policy": "penalise", "min_coverage": 0.6, "min_node_coverage": 0.5, "node_coverage": "weight"},
    "peer_groups": {"by": ["profile", "ownership"], "minimum": 10},
    "precision": {"shrink": True, "min_n": 5, "suppress_below": 10},
    "bands": {"kind": "quantiles", "labels": ["A", "B", "C", "D", "E"]},
    "limits": bars(list(_PILLARS), at_least=20, band="C"),
    "uncertainty": {
        "replicates": 1000,
        "seed": FIRST_DRAW,
        "factors": [{"kind": "data_noise"}, {"kind": "weights", "spread": 0.2}],
    },
    "appeals": {"working_days": 10},
}
NOTES = (
    Note(
        "mandate",
        text(
            "Колледждердің рейтингі мектептерден бөлек тізім: колледж мектептердің арасында ешқашан тұрмайды.",
            "Рейтинг колледжей — отдельный список: колледж никогда не стоит среди школ.",
            "Colleges have a list of their own: a college never stands among schools.",
        ),
        "zakon.kz 5079779",
    ),
    Note(
        "targets",
        text(
            "Жұмысқа орналасу 81 %-дан, дуалды оқыту 20 %-дан бастап толық балл алады.",
            "Полный балл: трудоустройство с 81 %, дуальное обучение с 20 %.",
            "Full points from 81 % employed and from 20 % in dual training.",
        ),
        "mgorod 2025-05-20: 81 % in 2024; zakon.kz 5079779: at least 20 %",
    ),
    Note(
        "cohorts",
        text(
            "10-нан аз түлектің немесе студенттің үлесі бағаланбайды.",
            "Доли менее чем 10 выпускников или студентов не оцениваются.",
            "Shares of fewer than 10 graduates or students are not scored.",
        ),
        "proposal colleges-public-v1",
    ),
    Note(
        "peers",
        text(
            "Теңдестер: бейіні мен меншік түрі. Бейінді тізілім бағдарлама белгілерінен біледі; белгісіз колледж және "
            "онға толмаған топ бәрімен салыстырылады.",
            "Сравнимые: профиль и форма собственности. Профиль реестр знает по меткам программ; колледж без метки и "
            "группа меньше десяти сравниваются со всеми.",
            "Peers are alike in profile and ownership. The registry knows the profile from programme tags; a college "
            "without one, and a group under ten, are compared with everyone.",
        ),
        "proposal colleges-public-v1",
    ),
    *shared_notes.COMMON,
    shared_notes.VOICE,
)
