"""The remarks of an audit and the steps of the handbook as sentences in three languages."""

from collections.abc import Mapping
from typing import Any

from services.rating_engine.core.audit import remarks
from shared.errors import Text, Value

FINDINGS: Mapping[str, Text] = {
    remarks.CONSTANT.code: Text(
        kk="{subject} көрсеткіші бәрінде бірдей: ешкімді ажыратпайды, ал салмағы бар",
        ru="Показатель {subject} у всех одинаков: он никого не различает, а вес имеет",
        en="The indicator {subject} is the same for everyone: it tells nobody apart, and has a weight",
    ),
    remarks.OPPOSES.code: Text(
        kk="{subject} бөлімі индекске қарсы жүреді: корреляция {value}",
        ru="Раздел {subject} идёт против индекса: корреляция {value}",
        en="The node {subject} goes against the index: correlation {value}",
    ),
    remarks.PERHAPS_OPPOSES.code: Text(
        kk="{subject} бөлімі индекске қарсы жүруі мүмкін: корреляция {value}, бірақ бұл кездейсоқ болуы да ықтимал",
        ru="Раздел {subject}, возможно, идёт против индекса: корреляция {value}, но это может быть и случайностью",
        en="The node {subject} may go against the index: correlation {value}, though chance could make it so",
    ),
    remarks.NOTHING_RATED.code: Text(
        kk="Бірде-бір ұйым бағаланбады: тексеретін ештеңе жоқ",
        ru="Ни одна организация не получила оценки: проверять нечего",
        en="No organisation is rated: there is nothing to audit",
    ),
    remarks.TOO_FEW.code: Text(
        kk="Бағаланған ұйым тым аз ({value}): кемінде {limit} болғанда ғана бірдеңе айтуға болады",
        ru="Оценённых организаций слишком мало ({value}): судить можно, когда их не меньше {limit}",
        en="Too few organisations are rated ({value}) to say anything: at least {limit} are needed",
    ),
    remarks.NO_VALUES.code: Text(
        kk="{subject} көрсеткішінің бірде-бір мәні жоқ",
        ru="У показателя {subject} нет ни одного значения",
        en="The indicator {subject} has no value at all",
    ),
    remarks.NEAR_CONSTANT.code: Text(
        kk="{subject} көрсеткіші ұйымдардың {value} үлесінде бірдей (шегі {limit})",
        ru="Показатель {subject} одинаков у доли организаций {value} (предел {limit})",
        en="The indicator {subject} is the same for a share of {value} of organisations (limit {limit})",
    ),
    remarks.MISSING_MUCH.code: Text(
        kk="{subject} көрсеткіші ұйымдардың {value} үлесінде жоқ (шегі {limit})",
        ru="Показателя {subject} нет у доли организаций {value} (предел {limit})",
        en="The indicator {subject} is missing for a share of {value} of organisations (limit {limit})",
    ),
    remarks.AGAINST.code: Text(
        kk="{subject} өзі кіретін {other} бөліміне қарсы жүреді: корреляция {value}",
        ru="{subject} идёт против своего раздела {other}: корреляция {value}",
        en="{subject} goes against its own node {other}: correlation {value}",
    ),
    remarks.REDUNDANT.code: Text(
        kk="{subject} және {other} бір бөлімде бір нәрсені екі рет айтады: корреляция {value} (шегі {limit})",
        ru="{subject} и {other} в одном разделе говорят одно и то же дважды: корреляция {value} (предел {limit})",
        en="{subject} and {other} say the same twice in one node: correlation {value} (limit {limit})",
    ),
    remarks.OUTSIDE.code: Text(
        kk="Балл {subject} соңынан жүреді: байланыс күші {value} (шегі {limit}), ал ол бағаланбайды",
        ru="Балл следует за {subject}: сила связи {value} (предел {limit}), хотя это не оценивается",
        en="The score follows {subject}: strength {value} (limit {limit}), although it is not scored",
    ),
    remarks.LOOSE.code: Text(
        kk="{subject} өзі кіретін {other} бөлімімен әлсіз байланысты: корреляция {value} (төменгі шегі {limit})",
        ru="{subject} слабо связан со своим разделом {other}: корреляция {value} (нижний предел {limit})",
        en="{subject} hardly goes with its node {other}: correlation {value} (at least {limit} is usual)",
    ),
    remarks.DOMINATES.code: Text(
        kk="{subject} іс жүзінде {other} бөлімінің өзі: корреляция {value} (шегі {limit})",
        ru="{subject} по сути и есть раздел {other}: корреляция {value} (предел {limit})",
        en="{subject} is in effect the whole of its node {other}: correlation {value} (limit {limit})",
    ),
    remarks.ALPHA.code: Text(
        kk="{subject} бөлігіндегілер бір нәрсені өлшемейді: Кронбах альфасы {value} (төменгі шегі {limit})",
        ru="Составляющие {subject} измеряют не одно и то же: альфа Кронбаха {value} (нижний предел {limit})",
        en="The children of {subject} do not measure one thing: Cronbach's alpha {value} (at least {limit} is usual)",
    ),
    remarks.UNLIKE_WEIGHT.code: Text(
        kk="{subject} {other} ішінде салмағынан өзгеше әсер етеді: әсердегі үлесі {value}, салмақтағы үлесі {limit}",
        ru="{subject} влияет внутри {other} не по весу: доля влияния {value}, доля веса {limit}",
        en="{subject} does not matter within {other} as its weight says: {value} of the influence, {limit} of weight",
    ),
    remarks.SAME_ELSEWHERE.code: Text(
        kk="{subject} және {other} әр бөлімде бір нәрсені айтады: корреляция {value} (шегі {limit})",
        ru="{subject} и {other} из разных разделов говорят одно и то же: корреляция {value} (предел {limit})",
        en="{subject} and {other} of different nodes say the same: correlation {value} (limit {limit})",
    ),
    remarks.RELATIVE.code: Text(
        kk="{value} көрсеткіштің шкаласы кімнің бағаланғанына тәуелді: ұйым қосылса, басқаларының балы өзгереді",
        ru="Шкала у стольких показателей зависит от состава: {value}. Новая организация меняет баллы остальных",
        en="The scales of {value} indicators move with the population: one organisation more changes others' scores",
    ),
}

STEPS: tuple[tuple[str, Text], ...] = (
    (
        "framework",
        Text(
            kk="Нені және кім үшін өлшейтіні: ұғым және оның бөліктері",
            ru="Что и для кого измеряется: понятие и его части",
            en="What is measured and for whom: the concept and its parts",
        ),
    ),
    (
        "selection",
        Text(
            kk="Көрсеткіштерді таңдау және деректер",
            ru="Выбор показателей и данные",
            en="The indicators and their data",
        ),
    ),
    ("imputation", Text(kk="Жоқ мәндер", ru="Пропуски", en="Missing values")),
    (
        "multivariate_analysis",
        Text(
            kk="Көрсеткіштердің өзара байланысы",
            ru="Связь показателей между собой",
            en="How the indicators hang together",
        ),
    ),
    ("normalisation", Text(kk="Ортақ шкала", ru="Общая шкала", en="The common scale")),
    (
        "weighting_and_aggregation",
        Text(kk="Салмақтар және біріктіру", ru="Веса и агрегирование", en="Weights and aggregation"),
    ),
    (
        "robustness",
        Text(
            kk="Белгісіздік және сезімталдық",
            ru="Неопределённость и чувствительность",
            en="Uncertainty and sensitivity",
        ),
    ),
    (
        "back_to_the_data",
        Text(
            kk="Балдан деректерге қайту: қай көрсеткіш қанша берді",
            ru="От балла назад к данным: что дал каждый показатель",
            en="From the score back to the data: what each indicator brought",
        ),
    ),
    (
        "links_to_other_indicators",
        Text(
            kk="Бағаланбайтын нәрселермен байланыс: көлем, құрам, орын",
            ru="Связь с тем, что не оценивается: размер, состав, место",
            en="Links to what is not scored: size, intake, place",
        ),
    ),
    (
        "presentation",
        Text(kk="Жұртшылыққа ұсыну", ru="Представление публике", en="How it is put before the public"),
    ),
)
"""In the order of the handbook."""


def told(measured: Mapping[str, Any], judgements: Mapping[str, Any]) -> dict[str, Any]:
    """Measurements with their findings as sentences, and with the judgements the weights of a node follow from."""
    return {
        **measured,
        "findings": [{**finding, "text": sentence(finding)._asdict()} for finding in measured["findings"]],
        "composites": [{**one, "judgement": judgements.get(one["code"])} for one in measured["composites"]],
    }


def sentence(finding: Mapping[str, Any]) -> Text:
    """A finding with its names and numbers, rounded to what a person reads."""
    values: dict[str, Value] = {
        "subject": finding["subject"],
        "other": finding["other"] or "",
        "value": _short(finding["value"]),
        "limit": _short(finding["limit"]),
    }
    return FINDINGS[finding["code"]].filled(values)


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"
