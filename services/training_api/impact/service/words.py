"""How a result of impact is put into words, in three languages, and what it rests on."""

from services.training_api.impact.rules import MIN_CLUSTERS, MIN_N, Impact
from shared.errors import Text
from shared.schemas.base import TextOut
from shared.schemas.training.impact import ImpactMethod, ImpactUnit, NotEnough

_MORE = Text(
    kk="Қатысқандардың өсімі күткендердікінен көп: айырма {low} мен {high} аралығында (95 %)",
    ru="Прирост у участников больше, чем у ожидавших: разница от {low} до {high} (95 %)",
    en="Participants changed more than those who waited: by {low} to {high} (95 %)",
)
_LESS = Text(
    kk="Қатысқандардың өсімі күткендердікінен аз: айырма {low} мен {high} аралығында (95 %)",
    ru="Прирост у участников меньше, чем у ожидавших: разница от {low} до {high} (95 %)",
    en="Participants changed less than those who waited: by {low} to {high} (95 %)",
)
_NONE = Text(
    kk="Айырма бар деуге болмайды: {low} мен {high} аралығында, ішінде нөл бар (95 %)",
    ru="Нельзя сказать, что разница есть: от {low} до {high}, ноль внутри (95 %)",
    en="It cannot be said that there is a difference: {low} to {high}, with zero inside (95 %)",
)
_REASONS = {
    NotEnough.TOO_FEW_PARTICIPANTS: Text(
        kk="Айтуға жеткіліксіз: өлшенген қатысушы {n}-нан аз",
        ru="Недостаточно: измеренных участников меньше {n}",
        en="Not enough: fewer than {n} participants were measured",
    ),
    NotEnough.TOO_FEW_WAITED: Text(
        kk="Айтуға жеткіліксіз: өлшенген күтуші {n}-нан аз",
        ru="Недостаточно: измеренных ожидавших меньше {n}",
        en="Not enough: fewer than {n} of those who waited were measured",
    ),
    NotEnough.TOO_FEW_ORGANISATIONS: Text(
        kk="Айтуға жеткіліксіз: бір жақта ұйым {clusters}-тен аз",
        ru="Недостаточно: с одной стороны меньше {clusters} организаций",
        en="Not enough: fewer than {clusters} organisations on one side",
    ),
    NotEnough.NO_COMMON_STRATUM: Text(
        kk="Айтуға жеткіліксіз: қатысқандар мен күткендер салыстырылатын топтарда тым аз",
        ru="Недостаточно: в сопоставимых группах мало участников или ожидавших",
        en="Not enough: too few of both kinds in groups that can be compared",
    ),
}

_ESTIMAND = {
    ImpactUnit.PERSON: Text(
        kk="Орын алғандарға орын берудің олардың ұпайының өзгеруіне орташа әсері (келмегендер де есепте)",
        ru="Средний эффект места в курсе на изменение балла тех, кто его получил (неявившиеся учтены)",
        en="Mean effect of a seat on the change of the score of those who had one (those who did not come included)",
    ),
    ImpactUnit.ORGANISATION: Text(
        kk="Қатысушысы бар ұйымдарға курстың олардың көрсеткішінің өзгеруіне орташа әсері",
        ru="Средний эффект участия сотрудников на изменение показателя организаций, чьи сотрудники учились",
        en="Mean effect of having participants on the change of the indicator of organisations that had them",
    ),
}
_COMMON = (
    Text(
        kk="Курссыз екі топ бірдей өзгерер еді (параллель үрдістер)",
        ru="Без курса обе группы изменились бы одинаково (параллельные тренды)",
        en="Without the course both groups would have changed alike (parallel trends)",
    ),
    Text(
        kk="Өлшеу екі топта бірдей және кімнің өлшенгені нәтижеге байланысты емес",
        ru="Измерение одинаково в обеих группах, и выбор измеренных не зависит от результата",
        en="Both groups were measured alike, and who was measured does not depend on the result",
    ),
    Text(
        kk="Әр мектептің адамдары өзара тәуелді болуы мүмкін, мектептер тәуелсіз",
        ru="Люди одной школы могут быть зависимы, школы между собой независимы",
        en="People of one school may depend on one another, schools do not",
    ),
)
_OF_UNIT = {
    ImpactUnit.PERSON: Text(
        kk="Бір орындағы кезекте кім бұрын келгені ұпайдың өзгеруіне байланысты емес",
        ru="Внутри площадки и полосы очереди порядок прихода не связан с изменением балла",
        en="Within a venue and a band of its line, who came first has nothing to do with how the score changes",
    ),
    ImpactUnit.ORGANISATION: Text(
        kk="Ұйым ішінде оқымағандар да есепте: әсер адамға емес, ұйымға тән",
        ru="Показатель относится ко всей организации, и к тем, кто не учился: эффект не переносится на человека",
        en="The indicator speaks of the whole organisation: nothing follows from it for a person",
    ),
}
_ESTIMATOR = (
    "sum over strata s of w_s * (mean change of participants in s - mean change of those who waited in s), "
    "w_s = participants in s / all participants"
)
_INTERVAL = (
    "estimate +- t(nu) * sqrt(V): V by clusters (organisations) with leverage correction, nu by Bell and McCaffrey; "
    "with one unit a cluster V is Welch's"
)
_SOURCES = [
    "Abadie (2005), Semiparametric Difference-in-Differences Estimators, Review of Economic Studies 72",
    "Imbens and Rubin (2015), Causal Inference for Statistics, Social, and Biomedical Sciences, ch. 9",
    "Bell and McCaffrey (2002), Bias Reduction in Standard Errors for Linear Regression, Survey Methodology 28",
    "Welch (1947), The Generalization of Student's Problem, Biometrika 34",
]


def result(found: Impact) -> TextOut:
    """The result in a sentence; of one that is missing, why."""
    if found.effect is None:
        assert found.reason is not None
        sentence = _REASONS[found.reason].filled({"n": MIN_N, "clusters": MIN_CLUSTERS})
    else:
        low, high = found.effect.low, found.effect.high
        kind = _MORE if low > 0 else _LESS if high < 0 else _NONE
        if kind is _LESS:
            low, high = -high, -low
        sentence = kind.filled({"low": f"{low:.1f}", "high": f"{high:.1f}"})
    return _out(sentence)


def method(unit: ImpactUnit) -> ImpactMethod:
    """What is estimated, how, and what has to be true for it."""
    strata = {
        ImpactUnit.PERSON: "; strata: venue x band of the order of arrival (near the last seat, far from it)",
        ImpactUnit.ORGANISATION: "; strata: regions",
    }
    return ImpactMethod(
        estimand=_out(_ESTIMAND[unit]),
        estimator=_ESTIMATOR + strata[unit],
        interval=_INTERVAL,
        sources=_SOURCES,
        assumptions=[_out(one) for one in (_OF_UNIT[unit], *_COMMON)],
    )


def _out(sentence: Text) -> TextOut:
    return TextOut(**sentence._asdict())
