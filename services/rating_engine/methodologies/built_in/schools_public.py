"""The public rating of schools, version 1."""

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

_MODO = {"carry_forward": {"periods": 3, "widen": 1.0}}
_PILLARS = {
    "outcomes": (34, {
        "SCH_UNT_MEAN": higher(10, PERCENTILE),
        "SCH_UNT_PASS_RATE": higher(6, PERCENTILE),
        "SCH_UNT_PARTICIPATION": higher(4, PERCENTILE),
        "SCH_MODO_G4": higher(4, PERCENTILE, **_MODO),
        "SCH_MODO_G9": higher(6, PERCENTILE, **_MODO),
        "SCH_OLYMPIAD_PRIZES": higher(4, PERCENTILE),
    }),
    "teachers": (20, {
        "TCH_EXPERT_PLUS_SHARE": higher(7, levels(0, 29.5, 39.5, 50.5)),
        "TCH_PD_3Y_SHARE": higher(6, levels(0, 79.5, 89.5, 99.5)),
        "TCH_RELEVANT_EDU_SHARE": higher(4, levels(0, 79.5, 89.5, 99.5)),
        "TCH_TURNOVER": lower(3, PERCENTILE),
    }),
    "inclusion_wellbeing": (14, {
        "SEN_SUPPORT_COVERAGE": higher(5, line((0, 0), (90, 100))),
        "SCH_INCLUSIVE_CONDITIONS": higher(4, PERCENTILE),
        "SCH_PUPILS_PER_PSYCHOLOGIST": lower(5, PERCENTILE),
    }),
    "extracurricular_reading": (12, {
        "SCH_SUPPL_COVERAGE": higher(7, PERCENTILE),
        "SCH_LIBRARY_RENEWAL": higher(2, PERCENTILE),
        "SCH_TEXTBOOK_PROVISION": higher(3, levels(0, 79.5, 94.5, 99.5)),
    }),
    "conditions": (8, {
        "SCH_SHIFT_COUNT": lower(3, line((1, 100), (2, 50), (3, 0))),
        "SCH_MODERN_SUBJECT_ROOMS": higher(3, PERCENTILE),
        "SCH_PUPILS_PER_DEVICE": lower(2, PERCENTILE),
    }),
    "public_voice": (12, {
        "ORG_PARENT_SATISFACTION": higher(8, PERCENTILE, min_n=20),
        "ORG_SITE_OPENNESS": higher(4, levels(2, 3, 4, 5)),
    }),
}  # fmt: skip

CODE = "schools-public"
DOCUMENT: Document = {
    "code": CODE,
    "title": text("Мектептердің қоғамдық рейтингі", "Общественный рейтинг школ", "Public rating of schools"),
    "organisation_types": ["school"],
    "tree": tree(_PILLARS),
    "context": ["SCH_BULLYING_RATE", "SCH_KNOWLEDGE_QUALITY"],
    "missing": {"policy": "penalise", "min_coverage": 0.6, "min_node_coverage": 0.5, "node_coverage": "weight"},
    "peer_groups": {"by": ["setting", "size_class", "selective"], "minimum": 10},
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
            "Мектептердің қоғамдық рейтингі облыс әкімінің 2021 жылғы тамыздағы тапсырмасымен енгізілді; ата-анаға "
            "арналған, ашық әдіспен, шағым беру құқығымен.",
            "Общественный рейтинг школ введён поручением акима области в августе 2021 года: для родителей, с открытым "
            "методом и правом на апелляцию.",
            "A public rating of schools was ordered by the akim of a region in August 2021: for parents, with an open "
            "method and a right of appeal.",
        ),
        "zakon.kz 5079779",
    ),
    Note(
        "weights",
        text(
            "Нәтижелер 40-тан аз: балалардың құрамы шешпеуі үшін. ҰБТ балы тек қатысу үлесімен бірге алынады.",
            "Результаты весят меньше 40, чтобы состав детей не решал всего; балл ЕНТ идёт только вместе с участием.",
            "Outcomes weigh less than 40, so that intake does not decide; the UNT mean counts only beside "
            "participation.",
        ),
        "proposal schools-public-v1",
    ),
    *shared_notes.LEVELS,
    Note(
        "targets",
        text(
            "ЕББҚ балаларды қолдау 90 %-дан бастап толық балл алады; бір ауысым 100, екі ауысым 50, үш ауысым 0 балл.",
            "Сопровождение детей с ООП с 90 % получает полный балл; одна смена 100, две 50, три 0 баллов.",
            "Support of learners with special needs has full points from 90 %; one shift 100, two 50, three 0 points.",
        ),
        "primeminister.kz: 90 % in 2025; policy: no third shift",
    ),
    Note(
        "modo",
        text(
            "ББЖМ мектептердің төрттен бірінде ғана өтеді. Іріктелмеген мектеп соңғы үш оқу жылының мәнін сақтайды, "
            "дисперсиясы жыл сайын кеңейеді; жоқтық ешқашан нөл емес.",
            "МОДО проходит лишь четверть школ в год. Не попавшая в выборку школа сохраняет значение не старше трёх "
            "учебных лет, его дисперсия растёт с каждым годом; отсутствие никогда не ноль.",
            "MODO tests a quarter of the schools a year. A school that was not drawn keeps a value not older than "
            "three school years, its variance wider with each; absence is never zero.",
        ),
        "kaz.zakon.kz 2025-08-22: 25 % sample, last year's participants excluded",
    ),
    Note(
        "not_scored",
        text(
            "Буллинг туралы хабарламалар мен мұғалім қойған бағалар көрсетіледі, бірақ салмағы жоқ: оларды бағалау "
            "жасыру мен асыра көрсетуді марапаттар еді.",
            "Обращения о травле и отметки, выставленные учителями, показаны без веса: их оценка поощряла бы сокрытие и "
            "завышение.",
            "Reports of bullying and teacher-given marks are shown without weight: scoring them would reward hiding "
            "and inflating.",
        ),
        "proposal schools-public-v1",
    ),
    Note(
        "peers",
        text(
            "Теңдестер: орналасуы, жобалық қуат тобы және іріктеу. Тізілім оқушы санын емес, жобалық қуатты біледі, "
            "сондықтан шекаралар 300, 900 және 1500 орын; онға толмаған топ бәрімен салыстырылады.",
            "Сравнимые: местность, класс проектной мощности и отбор. Реестр знает мощность, а не число учеников, "
            "поэтому границы 300, 900 и 1500 мест; группа меньше десяти сравнивается со всеми.",
            "Peers are alike in setting, class of design capacity and selection. The registry knows capacity and not "
            "pupils, so the borders are 300, 900 and 1500 places; a group under ten is compared with everyone.",
        ),
        "proposal schools-public-v1: up to 180 and from 1200 pupils",
    ),
    *shared_notes.COMMON,
    shared_notes.VOICE,
)
