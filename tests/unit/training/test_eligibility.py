"""Who may join: each rule, its sentence, and what no rule may do."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.training_api.eligibility import rules
from services.training_api.eligibility.rules import Earned, Person, Workplace
from shared.schemas.training.eligibility import EligibilityRule
from shared.schemas.training.programmes import AudienceGroup
from shared.schemas.training.words import EducatorRole, QualificationCategory

_RULE: TypeAdapter[EligibilityRule] = TypeAdapter(EligibilityRule)
_FIRST_DAY = date(2026, 1, 5)
_SCHOOL = Workplace("school", "gymnasium", ["790000000", "791000000"], "city", "state")


def person(**more: Any) -> Person:
    given = {"role": EducatorRole.TEACHER, "subjects": ("physics",), "left_on": None, "workplace": _SCHOOL, **more}
    return Person(**given)


def failed(asked: dict[str, Any], who: Person, *, code: str = "LAB") -> list[str]:
    """The codes of the rules that do not hold, the only one beside employment being `asked`."""
    found = rules.examine(
        [], [_RULE.validate_python(asked)], who, programme_code=code, starts_on=_FIRST_DAY, on=_FIRST_DAY
    )
    return [one.code for one in found if not one.ok]


@pytest.mark.parametrize(
    ("asked", "fits", "does_not"),
    [
        (
            {"rule": "category", "at_least": "expert"},
            [{"category": QualificationCategory.EXPERT}, {"category": QualificationCategory.MASTER}],
            [{"category": QualificationCategory.MODERATOR}, {"category": None}],
        ),
        (
            {"rule": "experience", "at_least_years": 3},
            [{"teaching_since": date(2023, 1, 5)}],
            [{"teaching_since": date(2023, 1, 6)}, {"teaching_since": date(2027, 1, 1)}, {"teaching_since": None}],
        ),
        (
            {"rule": "prerequisite", "programmes": ["A", "B"]},
            [{"certificates": (Earned("A", date(2020, 1, 1)), Earned("B", date(2026, 1, 5)))}],
            [{"certificates": (Earned("A", date(2020, 1, 1)), Earned("B", date(2026, 1, 6)))}, {"certificates": ()}],
        ),
        (
            {"rule": "prerequisite", "programmes": ["A", "B"], "need": "any", "within_months": 12},
            [{"certificates": (Earned("B", date(2025, 1, 6)),)}],
            [{"certificates": (Earned("B", date(2025, 1, 5)),)}, {"certificates": (Earned(None, date(2025, 6, 1)),)}],
        ),
        (
            {"rule": "last_course_before", "months": 12},
            [{"certificates": ()}, {"certificates": (Earned(None, date(2025, 1, 5)),)}],
            [{"certificates": (Earned("A", date(2020, 1, 1)), Earned(None, date(2025, 1, 6)))}],
        ),
        (
            {"rule": "last_course_within", "months": 36},
            [{"certificates": (Earned(None, date(2023, 1, 6)),)}],
            [{"certificates": (Earned(None, date(2023, 1, 5)),)}, {"certificates": ()}],
        ),
        (
            {"rule": "not_certified_within", "months": 36},
            [{"certificates": (Earned("OTHER", date(2025, 9, 1)), Earned("LAB", date(2023, 1, 5)))}],
            [{"certificates": (Earned("LAB", date(2023, 1, 6)),)}],
        ),
        (
            {"rule": "workplace", "types": ["school"], "areas": ["790000000"], "settings": ["city", "town"]},
            [{}],
            [
                {"workplace": Workplace("college", None, ["790000000"], "city", None)},
                {"workplace": Workplace("school", None, ["750000000"], "city", None)},
                {"workplace": Workplace("school", None, ["790000000"], None, None)},
                {"workplace": None},
            ],
        ),
        ({"rule": "workplace"}, [{}], []),
    ],
)
def test_each_rule_lets_in_whom_it_says_and_nobody_else(
    asked: dict[str, Any], fits: list[dict[str, Any]], does_not: list[dict[str, Any]]
) -> None:
    assert [failed(asked, person(**one)) for one in fits] == [[] for _ in fits]
    assert [failed(asked, person(**one)) for one in does_not] == [[asked["rule"]] for _ in does_not]


def test_the_trace_names_every_rule_in_three_languages_with_what_is_asked_and_what_is_so() -> None:
    audience = [AudienceGroup(role=EducatorRole.TEACHER, subjects=["physics", "chemistry"])]
    asked = [_RULE.validate_python({"rule": "category", "at_least": "expert"})]
    geographer = person(subjects=("geography",), category=QualificationCategory.MODERATOR)

    findings = rules.examine(audience, asked, geographer, programme_code="LAB", starts_on=_FIRST_DAY, on=_FIRST_DAY)
    verdict = rules.told(findings, on=_FIRST_DAY)

    assert [(one.code, one.ok) for one in verdict.trace] == [
        ("employment", True),
        ("role", True),
        ("subject", False),
        ("category", False),
    ]
    subject, category = verdict.failed
    assert not verdict.eligible
    assert subject.message.en == "One of these subjects is needed: chemistry, physics; the educator's: geography"
    assert category.message.ru == "Категория не ниже: педагог-эксперт; у педагога: педагог-модератор"
    assert category.message.kk == "Санаты кемінде: педагог-сарапшы; педагогтікі: педагог-модератор"
    assert category.facts == {"at_least": "expert", "category": "moderator"}


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        (Person(EducatorRole.DIRECTOR, (), None), []),
        (Person(EducatorRole.TEACHER, ("physics",), None), []),
        (Person(EducatorRole.TEACHER, ("history", "chemistry"), None), []),
        (Person(EducatorRole.TEACHER, ("geography",), None), ["subject"]),
        (Person(EducatorRole.TEACHER, (), None), ["subject"]),
        (Person(EducatorRole.LIBRARIAN, ("physics",), None), ["role"]),
        (Person(EducatorRole.LIBRARIAN, (), date(2026, 1, 1)), ["employment", "role"]),
        (Person(EducatorRole.DIRECTOR, (), date(2026, 1, 6)), []),
    ],
)
def test_eligibility_is_a_group_of_the_audience_and_a_job_when_it_begins(who: Person, refused: list[str]) -> None:
    audience = [
        AudienceGroup(role=EducatorRole.DIRECTOR),
        AudienceGroup(role=EducatorRole.TEACHER, subjects=["physics", "chemistry"]),
    ]

    found = rules.examine(audience, [], who, programme_code="LAB", starts_on=_FIRST_DAY, on=_FIRST_DAY)

    assert [one.code for one in found if not one.ok] == refused


def test_an_audience_without_groups_is_everyone() -> None:
    who = Person(EducatorRole.OTHER, (), None)

    found = rules.examine([], [], who, programme_code="LAB", starts_on=_FIRST_DAY, on=_FIRST_DAY)

    assert [one.code for one in found] == ["employment"]


def test_who_has_left_by_the_first_day_may_not_join() -> None:
    def found(left_on: date) -> bool:
        who = person(left_on=left_on)
        return rules.examine([], [], who, programme_code="LAB", starts_on=_FIRST_DAY, on=_FIRST_DAY)[0].ok

    assert [found(date(2026, 1, 5)), found(date(2026, 1, 6))] == [False, True]


_CODES = st.sampled_from(["LAB", "A", "B"])
_MONTHS = st.integers(1, 240)
_DAYS = st.dates(date(2000, 1, 1), date(2026, 12, 31))
_ASKED = st.one_of(
    st.builds(lambda word: {"rule": "category", "at_least": word}, st.sampled_from([*QualificationCategory])),
    st.builds(lambda years: {"rule": "experience", "at_least_years": years}, st.integers(1, 60)),
    st.builds(
        lambda codes, need, months: {
            "rule": "prerequisite",
            "programmes": codes,
            "need": need,
            "within_months": months,
        },
        st.lists(_CODES, min_size=1, max_size=3),
        st.sampled_from(["all", "any"]),
        st.none() | _MONTHS,
    ),
    st.builds(
        lambda rule, months: {"rule": rule, "months": months},
        st.sampled_from(["last_course_before", "last_course_within", "not_certified_within"]),
        _MONTHS,
    ),
    st.builds(
        lambda types, areas, settings: {"rule": "workplace", "types": types, "areas": areas, "settings": settings},
        st.lists(st.sampled_from(["school", "college"]), max_size=2),
        st.lists(st.sampled_from(["790000000", "750000000"]), max_size=2),
        st.lists(st.sampled_from(["city", "village"]), max_size=2),
    ),
).map(_RULE.validate_python)
_AUDIENCE = st.lists(
    st.builds(
        AudienceGroup,
        role=st.sampled_from([*EducatorRole]),
        subjects=st.lists(st.sampled_from(["physics", "geography"]), max_size=2),
    ),
    max_size=3,
)
_PERSONS = st.builds(
    Person,
    role=st.sampled_from([*EducatorRole]),
    subjects=st.lists(st.sampled_from(["physics", "geography", "music"]), max_size=3).map(tuple),
    left_on=st.none() | _DAYS,
    category=st.none() | st.sampled_from([*QualificationCategory]),
    teaching_since=st.none() | _DAYS,
    workplace=st.none()
    | st.builds(
        Workplace,
        type=st.sampled_from(["school", "college"]),
        kind=st.none(),
        area_path=st.lists(st.sampled_from(["790000000", "750000000"]), max_size=2),
        setting=st.none() | st.sampled_from(["city", "village"]),
        ownership=st.none(),
    ),
    certificates=st.lists(st.builds(Earned, st.none() | _CODES, _DAYS), max_size=4).map(tuple),
)


@given(_AUDIENCE, st.lists(_ASKED, max_size=4), _ASKED, _PERSONS, _DAYS)
@settings(max_examples=300, deadline=None)
def test_a_rule_added_never_lets_more_people_in_and_every_finding_has_its_sentence(
    audience: list[AudienceGroup], asked: list[EligibilityRule], added: EligibilityRule, who: Person, day: date
) -> None:
    def verdict(conditions: list[EligibilityRule]) -> rules.Verdict:
        findings = rules.examine(audience, conditions, who, programme_code="LAB", starts_on=day, on=day)
        return rules.told(findings, on=day)

    before, after = verdict(asked), verdict([*asked, added])

    assert before.eligible or not after.eligible
    assert len(after.trace) == len(before.trace) + 1
    assert after.eligible == (after.failed == [])
    assert all(sentence.strip() and "{" not in sentence for one in after.trace for sentence in one.message)


@given(st.lists(_ASKED, max_size=4), _PERSONS, _DAYS)
@settings(max_examples=200, deadline=None)
def test_what_no_rule_needs_changes_nothing(asked: list[EligibilityRule], who: Person, day: date) -> None:
    needed = rules.needs(asked)
    bare = Person(
        role=who.role,
        subjects=who.subjects,
        left_on=who.left_on,
        category=who.category,
        teaching_since=who.teaching_since if rules.Need.CAREER in needed else None,
        workplace=who.workplace if rules.Need.WORKPLACE in needed else None,
        certificates=who.certificates if rules.Need.CERTIFICATES in needed else (),
    )

    whole = rules.examine([], asked, who, programme_code="LAB", starts_on=day, on=day)

    assert rules.examine([], asked, bare, programme_code="LAB", starts_on=day, on=day) == whole
