"""What is done about eligibility: asking the rules of one person or of many, and setting them aside with a reason."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.training_api.certificates import service as certificates
from services.training_api.certificates.service import Held
from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.service import Run
from services.training_api.educators import service as educators
from services.training_api.educators.service import Learner
from services.training_api.eligibility import errors, repository, rules
from services.training_api.eligibility.models import KeptOverride
from services.training_api.eligibility.rules import Earned, Finding, Need, Person, RuleTrace, Verdict, Workplace
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Known
from services.training_api.programmes import service as programmes
from services.training_api.programmes.service import Taught
from services.training_api.providers import service as providers
from services.training_api.reasons import service as reasons
from shared.auth import Actor
from shared.db.sessions import AnySession, WriteSession, authorship
from shared.schemas.base import TextOut
from shared.schemas.training.certificates import CertificateKind
from shared.schemas.training.eligibility import (
    EligibilityOverride,
    EligibilityQuery,
    EligibilityRead,
    EligibleCount,
    EligibleQuery,
    OverrideRead,
    RuleTraceRead,
)
from shared.schemas.training.reasons import ReasonList

__all__ = [
    "RuleTrace",
    "Verdict",
    "admit",
    "admit_many",
    "count_eligible",
    "count_workplaces",
    "examine",
    "keep_override",
    "overrides",
    "why_not",
]


async def examine(session: AnySession, learner: Learner, run: Run, programme: Taught, *, on: date) -> Verdict:
    """What every rule of the programme says of the person, as of the first day of the course, or of `on` if it is over.

    Nothing is looked up that no rule of this programme asks for.
    """
    return rules.told(await _findings(session, learner, run, programme, on=on), on=max(on, run.starts_on))


async def admit(
    session: WriteSession,
    actor: Actor,
    learner: Learner,
    run: Run,
    programme: Taught,
    *,
    override: EligibilityOverride | None,
    on: date,
) -> Verdict:
    """Let the person in if every rule holds, or if who manages the provider's courses sets aside those that do not.

    Raises `NotEligible`; with an override `OutOfReach`, `ReasonUnknown`. The caller keeps an override that was used
    by `keep_override`, once the enrolment is there. The trace of who is let in by every rule is left out.
    """
    findings = await _findings(session, learner, run, programme, on=on)
    day = max(on, run.starts_on)
    if all(finding.ok for finding in findings):
        return Verdict(True, day, [])  # nobody reads why: most who enrol are let in, and words take time
    verdict = rules.told(findings, on=day)
    if override is None:
        raise errors.NotEligible([(rule.code, rule.message) for rule in verdict.failed])
    await providers.demand(session, actor, programme.provider_id)
    await reasons.check(
        session,
        ReasonList.APPLICATION,
        override.reason_code,
        on=on,
        needed=True,
        pointer="/override/reason_code",
    )
    return verdict


async def admit_many(
    session: AnySession, learners: Sequence[Learner], run: Run, programme: Taught, *, on: date
) -> dict[UUID, errors.NotEligible | None]:
    """Of each person why not, or None if every rule holds; what the rules need is looked up once for all."""
    day = max(on, run.starts_on)
    persons = await _persons(session, learners, rules.needs(programme.rules), on=day)
    found: dict[UUID, errors.NotEligible | None] = {}
    for learner, person in zip(learners, persons, strict=True):
        findings = rules.examine(
            programme.audience,
            programme.rules,
            person,
            programme_code=programme.code,
            starts_on=run.starts_on,
            on=day,
        )
        failed = rules.told([finding for finding in findings if not finding.ok], on=day).trace
        found[learner.id] = errors.NotEligible([(rule.code, rule.message) for rule in failed]) if failed else None
    return found


async def keep_override(
    session: WriteSession,
    enrolment_id: UUID,
    verdict: Verdict,
    override: EligibilityOverride,
    *,
    on: date,
    now: datetime,
) -> None:
    """Write down which rules were set aside for this enrolment, by whom and why; nothing if all of them held."""
    if verdict.eligible:
        return
    session.add(
        KeptOverride(
            enrolment_id=enrolment_id,
            rules=[rule.code for rule in verdict.failed],
            trace=[_trace(rule).model_dump(mode="json") for rule in verdict.trace],
            actor=authorship(session).subject,
            reason_code=override.reason_code,
            comment=override.comment,
            on=on,
            recorded_at=now,
        )
    )


async def overrides(session: AnySession, enrolment_id: UUID) -> list[OverrideRead]:
    """What was set aside for the enrolment: nothing, or one thing."""
    kept = await repository.override_of(session, enrolment_id)
    return [] if kept is None else [OverrideRead.model_validate(kept)]


async def why_not(
    session: AnySession, actor: Actor, cohort_id: UUID, query: EligibilityQuery, *, on: date
) -> EligibilityRead:
    """What the rules say of a person within the caller's reach. Raises `CohortNotFound`, `EducatorNotFound`."""
    run = await cohorts.run_of(session, cohort_id)
    learner = await educators.learner(session, actor, query.educator_id)
    programme = await programmes.taught(session, run.programme_id)
    verdict = await examine(session, learner, run, programme, on=on)
    return EligibilityRead.model_validate(
        {
            "cohort_id": run.id,
            "programme_id": programme.id,
            "educator_id": learner.id,
            "eligible": verdict.eligible,
            "on": verdict.on,
            "trace": [_trace(rule) for rule in verdict.trace],
        }
    )


async def count_eligible(
    session: AnySession,
    actor: Actor,
    programme_id: UUID,
    query: EligibleQuery,
    *,
    on: date,
    after: Sequence[Any] | None,
) -> list[EligibleCount]:
    """How many may join, workplace by workplace and within the caller's reach. Raises `ProgrammeNotFound`."""
    await programmes.get(session, programme_id)
    programme = await programmes.taught(session, programme_id)
    workplaces = await educators.staffed(
        session,
        actor,
        organisation_id=query.organisation_id,
        area=query.area,
        on=on,
        after=after[0] if after else None,
        limit=query.limit,
    )
    staff = await educators.staff_on(session, workplaces, on)
    persons = await _persons(session, staff, rules.needs(programme.rules), on=on)
    counted = await asyncio.to_thread(_count, programme, staff, persons, on)
    return [counted[workplace] for workplace in workplaces if workplace in counted]


async def count_workplaces(session: AnySession, actor: Actor, query: EligibleQuery, *, on: date) -> int:
    """How many workplaces within the caller's reach employ somebody on the day."""
    return await educators.count_staffed(session, actor, organisation_id=query.organisation_id, area=query.area, on=on)


def _count(
    programme: Taught, staff: Sequence[Learner], persons: Sequence[Person], on: date
) -> dict[UUID, EligibleCount]:
    all_, eligible = Counter[UUID](), Counter[UUID]()
    failed: dict[UUID, Counter[str]] = {}
    for learner, person in zip(staff, persons, strict=True):
        findings = rules.examine(
            programme.audience, programme.rules, person, programme_code=programme.code, starts_on=on, on=on
        )
        workplace = learner.organisation_id
        all_[workplace] += 1
        eligible[workplace] += all(one.ok for one in findings)
        failed.setdefault(workplace, Counter()).update({one.code for one in findings if not one.ok})
    return {
        workplace: EligibleCount.model_validate(
            {
                "organisation_id": workplace,
                "educators": all_[workplace],
                "eligible": eligible[workplace],
                "failed": dict(sorted(failed[workplace].items())),
            }
        )
        for workplace in all_
    }


async def _findings(session: AnySession, learner: Learner, run: Run, programme: Taught, *, on: date) -> list[Finding]:
    day = max(on, run.starts_on)
    person = (await _persons(session, [learner], rules.needs(programme.rules), on=day))[0]
    return rules.examine(
        programme.audience,
        programme.rules,
        person,
        programme_code=programme.code,
        starts_on=run.starts_on,
        on=day,
    )


async def _persons(
    session: AnySession, learners: Sequence[Learner], needed: Collection[Need], *, on: date
) -> list[Person]:
    """The learners with what the rules need to know of them, each need asked for once."""
    ids = [learner.id for learner in learners]
    hired: Mapping[UUID, date] = {}
    if Need.CAREER in needed and any(learner.teaching_since is None for learner in learners):
        hired = await educators.hired_first(session, ids)
    places: Mapping[UUID, Known] = {}
    if Need.WORKPLACE in needed:
        places = await organisations.find_many(session, {learner.organisation_id for learner in learners})
    held: Mapping[UUID, Sequence[Held]] = {}
    if Need.CERTIFICATES in needed:
        held = await certificates.held_by(session, ids, on=on)
    return [
        Person(
            role=learner.role,
            subjects=learner.subjects,
            left_on=learner.left_on,
            category=learner.category,
            teaching_since=learner.teaching_since or hired.get(learner.id),
            workplace=_workplace(places.get(learner.organisation_id)),
            certificates=tuple(
                Earned(one.programme_code, one.issued_on)
                for one in held.get(learner.id, ())
                if one.kind is CertificateKind.CERTIFICATE
            ),
        )
        for learner in learners
    ]


def _workplace(known: Known | None) -> Workplace | None:
    if known is None:
        return None
    return Workplace(known.type, known.kind, known.area_path, known.setting, known.ownership)


def _trace(rule: RuleTrace) -> RuleTraceRead:
    return RuleTraceRead(code=rule.code, ok=rule.ok, message=TextOut(**rule.message._asdict()), facts=dict(rule.facts))
