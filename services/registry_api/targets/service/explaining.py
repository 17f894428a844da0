"""How far a target is, in words of three languages."""

from collections.abc import Mapping
from types import MappingProxyType

from services.registry_api.targets.models import TargetState
from services.registry_api.targets.service.figures import Figures
from services.registry_api.targets.service.measuring import Measured
from shared.errors import Text
from shared.schemas.registry.target_progress import LightReason

_VALUE = Text(
    kk="Мәні {value} ({source}, {on}).",
    ru="Значение {value} ({source}, {on}).",
    en="The value is {value} ({source}, {on}).",
)
_WAY = Text(
    kk="{baseline} мәнінен {wanted} мәніне дейінгі жолдың {progress} % өтілді.",
    ru="Пройдено {progress} % пути от {baseline} до {wanted}.",
    en="{progress} % of the way from {baseline} to {wanted} is done.",
)
_RANGE = Text(
    kk="{baseline} мәнінен {low}–{high} аралығына дейінгі жолдың {progress_low}–{progress_high} % өтілді.",
    ru="Пройдено {progress_low}–{progress_high} % пути от {baseline} до {low}–{high}.",
    en="{progress_low} to {progress_high} % of the way from {baseline} to {low}–{high} is done.",
)
_MISSING = Text(kk="Қалғаны {remaining}.", ru="Осталось {remaining}.", en="{remaining} remain.")
_LINE = Text(
    kk="Түзу сызық бойынша бүгін {expected} болуы керек.",
    ru="По прямой сегодня должно быть {expected}.",
    en="By a straight line it should be {expected} today.",
)
_REASONS: Mapping[LightReason, Text] = MappingProxyType(
    {
        LightReason.MET: Text(kk="Орындалды.", ru="Выполнено.", en="Met."),
        LightReason.ON_TRACK: Text(kk="Кестеден қалмай келеді.", ru="Идёт по графику.", en="On track."),
        LightReason.BEHIND: Text(kk="Кестеден сәл артта.", ru="Немного отстаёт от графика.", en="Somewhat behind."),
        LightReason.FAR_BEHIND: Text(kk="Кестеден көп артта.", ru="Сильно отстаёт от графика.", en="Far behind."),
        LightReason.OVERDUE: Text(
            kk="Мерзімі өтті, орындалмады.", ru="Срок прошёл, не выполнено.", en="The date is over and it is not met."
        ),
        LightReason.REGRESSED: Text(
            kk="Бастапқы мәннен де нашарлады.", ru="Стало хуже исходного.", en="It is worse than at the start."
        ),
        LightReason.NO_SCHEDULE: Text(
            kk="Бастапқы күні немесе мерзімі белгісіз, сондықтан кестесі жоқ.",
            ru="Нет даты начала или срока, поэтому графика нет.",
            en="Without a first day and a due date there is no schedule.",
        ),
        LightReason.NOT_COMPARABLE: Text(
            kk="Қатар үзілген: бастапқы мән мен қазіргі мәнді салыстыруға болмайды.",
            ru="Ряд прерван: исходное и нынешнее значения несравнимы.",
            en="The series is broken: the baseline and the value cannot be compared.",
        ),
        LightReason.NO_DATA: Text(kk="Дерек жоқ.", ru="Данных нет.", en="There is no data."),
    }
)


def explain(state: TargetState, measured: Measured, found: Figures) -> Text:
    """What was measured, how far that is, and why the light is as it is."""
    told: list[Text] = []
    if measured.actual is not None:
        source, on = measured.actual.source_system, measured.actual.on.isoformat()
        told.append(_VALUE.filled({"value": written(measured.actual.value), "source": source, "on": on}))
    ends = {
        "baseline": written(state.baseline_value),
        "low": written(state.value_low),
        "high": written(state.value_high),
    }
    if found.progress is not None:
        told.append(_WAY.filled({**ends, "wanted": ends["low"], "progress": written(found.progress)}))
    if found.progress_low is not None:
        shares = {"progress_low": written(found.progress_low), "progress_high": written(found.progress_high)}
        told.append(_RANGE.filled({**ends, **shares}))
    if found.remaining:
        told.append(_MISSING.filled({"remaining": written(found.remaining)}))
    if found.trajectory is not None and not found.met:
        told.append(_LINE.filled({"expected": written(found.trajectory.expected)}))
    told.append(_REASONS[found.light_reason])
    return Text(*(" ".join(sentences) for sentences in zip(*told, strict=True)))


def written(value: float | None) -> str:
    """A number for people: at most three decimals."""
    return "" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")
