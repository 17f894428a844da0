"""The job of a check."""

from uuid import UUID

from services.registry_api.quality.service import checks
from shared import clock
from shared.jobs import Handler, JobContext, JobOutcome


def handlers() -> dict[str, Handler]:
    """The kinds of job this capability carries out."""
    return {checks.CHECK: _check}


async def _check(context: JobContext) -> JobOutcome:
    """Check once in effect: what an earlier attempt has written down is not done again."""
    async with context.database.writing(context.authorship, reason=context.authorship.reason) as session:
        run = await checks.carry_out(session, UUID(context.arguments["run_id"]), now=clock.now())
        outcome = JobOutcome(dict(run.figures) if run else {}, location="/v1/data-quality/runs")
        await context.finish_in(session, outcome)
    return outcome
