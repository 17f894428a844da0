"""What can go wrong with allocations."""

from collections.abc import Mapping, Sequence

from shared.errors import Conflict, FieldError, NotFound, Problem, Text


class AllocationNotFound(NotFound):
    code = "allocation_not_found"
    title = Text(kk="Мұндай бөлу жоқ", ru="Такого распределения нет", en="There is no such allocation")


class OneProvider(Problem):
    """The cohorts of one allocation are of one provider, who answers for it."""

    code = "cohorts_of_several_providers"
    status = 422
    title = Text(
        kk="Ағымдар әртүрлі провайдерлердікі",
        ru="Потоки принадлежат разным организаторам",
        en="The cohorts are of several providers",
    )


class CohortOver(Conflict):
    code = "cohort_not_open"
    title = Text(
        kk="Ағымға енді ешкімді бөлуге болмайды",
        ru="В поток уже нельзя распределять",
        en="Nobody can be allocated to the cohort any more",
    )
    detail = Text(
        kk="{cohort} ағымының күйі: {status}",
        ru="Поток {cohort}, состояние: {status}",
        en="Cohort {cohort} is {status}",
    )


class NobodyApplies(Problem):
    code = "nobody_applies"
    status = 422
    title = Text(
        kk="Бұл сипаттамаға сай ешкім жоқ",
        ru="Под это описание никто не подходит",
        en="Nobody answers this description",
    )


class TooManyApply(Problem):
    code = "too_many_apply"
    status = 422
    title = Text(
        kk="Бір бөлуге адам тым көп",
        ru="Для одного распределения людей слишком много",
        en="These are too many people for one allocation",
    )
    detail = Text(kk="Ең көбі: {limit}", ru="Не больше {limit}", en="At most {limit}")


class WaysTooMany(Problem):
    code = "question_too_large"
    status = 422
    title = Text(
        kk="Адамдар мен орындардың үйлесімі тым көп",
        ru="Слишком много сочетаний людей и площадок",
        en="There are too many pairs of person and venue",
    )
    detail = Text(
        kk="Үйлесім: {ways}, ең көбі: {limit}. Қашықтықты шектеңіз немесе бөліп сұраңыз.",
        ru="Сочетаний {ways}, не больше {limit}. Ограничьте расстояние или разделите вопрос.",
        en="{ways} pairs, at most {limit}. Limit the distance, or ask in parts.",
    )


class NotSolved(Conflict):
    code = "allocation_not_solved"
    title = Text(
        kk="Бұл күйдегі бөлуді қолдануға болмайды",
        ru="Распределение в этом состоянии применить нельзя",
        en="An allocation in this state cannot be applied or compared",
    )
    detail = Text(kk="Күйі: {status}", ru="Состояние: {status}", en="It is {status}")


_CHANGED: Mapping[str, Text] = {
    "seats_changed": Text(
        kk="Бос орындар өзгерді: {was} → {now}",
        ru="Свободные места изменились: {was} → {now}",
        en="The free seats have changed: {was} → {now}",
    ),
    "cohort_changed": Text(
        kk="Ағымның күйі өзгерді: {was} → {now}",
        ru="Состояние потока изменилось: {was} → {now}",
        en="The state of the cohort has changed: {was} → {now}",
    ),
    "person_changed": Text(
        kk="Педагогтің деректері немесе жазылулары өзгерді",
        ru="Данные или записи педагога изменились",
        en="The educator's data or enrolments have changed",
    ),
    "person_refused": Text(
        kk="Педагогке бұл орынды беру мүмкін болмады: {now}",
        ru="Педагогу нельзя дать это место: {now}",
        en="The educator cannot have this seat: {now}",
    ),
}


def changed(code: str, pointer: str, *, was: str = "", now: str = "") -> FieldError:
    """One thing that is not as it was when the allocation was solved; `pointer` tells which by its id."""
    words = (text.format(was=was, now=now) if text else text for text in _CHANGED[code])
    return FieldError(pointer, code, Text(*words))


class AllocationStale(Conflict):
    """`errors` names the first 200 venues, cohorts and people that are not as they were in the preview."""

    code = "allocation_stale"
    title = Text(
        kk="Бөлу есептелгеннен бері орындар немесе адамдар өзгерді",
        ru="С момента расчёта места или люди изменились",
        en="Seats or people have changed since the allocation was solved",
    )
    detail = Text(
        kk="Өзгерістер: {count}. Қайта есептеңіз.",
        ru="Изменений: {count}. Рассчитайте заново.",
        en="Changes: {count}. Solve it again.",
    )

    def __init__(self, changes: Sequence[FieldError]) -> None:
        super().__init__(errors=changes[:200], count=len(changes))


_UNKNOWN = Text(
    kk="Педагог белгісіз немесе оған құқығыңыз жоқ",
    ru="Педагог неизвестен или вне вашего ведения",
    en="The educator is not known, or is out of your reach",
)


class PeopleUnknown(Conflict):
    """`errors` names the first 200 of them."""

    code = "educator_unknown"
    title = Text(kk="Кейбір педагогтер белгісіз", ru="Некоторые педагоги неизвестны", en="Some educators are not known")

    def __init__(self, places: Sequence[int]) -> None:
        found = [FieldError(f"/people/{place}/educator_id", "educator_unknown", _UNKNOWN) for place in places[:200]]
        super().__init__(errors=found, count=len(places))


class VenueForeign(Conflict):
    """A wish or a venue that is of none of the cohorts."""

    code = "venue_unknown"
    title = Text(
        kk="Өткізу орны бұл ағымдардікі емес",
        ru="Площадка не относится к этим потокам",
        en="The venue is of none of these cohorts",
    )
