"""Published results as a table of indicators, which a rating takes beside those of the other services."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from services.rating_engine.surveys import figures, rules
from services.rating_engine.surveys.repository import results
from services.rating_engine.surveys.repository.results import Score
from shared.db.engine import Database
from shared.schemas.tables import IndicatorColumn, IndicatorTable, MissingReason, sealed

SATISFACTION, RESPONSE = "ORG_PARENT_SATISFACTION", "ORG_SURVEY_RESPONSE"
CODES = (SATISFACTION, RESPONSE)
_COUNTS = "counts"

_Cell = tuple[float | None, int | None, float | None, MissingReason | None]


class Published:
    """Published surveys, read from our own database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def table(
        self,
        *,
        indicators: Sequence[str],
        organisation_type: str,
        period: str,
        as_of: date,
        known_at: datetime | None,
        area: str | None,
    ) -> IndicatorTable | None:
        """Value, n and variance of every organisation that was asked about in the period; None without such a survey.

        Of two surveys of one period the one published last counts.
        """
        wanted = [code for code in CODES if code in indicators]
        if not wanted:
            return None
        async with self._database.reading() as session:
            rows = await results.published(
                session,
                period=period,
                organisation_type=organisation_type,
                known_at=known_at,
                area=area,
                name=_COUNTS,
            )
        if not rows:
            return None
        organisations: list[UUID] = [row.organisation_id for row in rows]
        cells = {SATISFACTION: _satisfaction, RESPONSE: _response}
        columns = {code: _column([cells[code](row) for row in rows]) for code in wanted}
        return sealed(organisations, {}, columns, as_of)


def _column(cells: Sequence[_Cell]) -> IndicatorColumn:
    return IndicatorColumn(
        value=[cell[0] for cell in cells],
        n=[cell[1] for cell in cells],
        variance=[cell[2] for cell in cells],
        reason=[cell[3] for cell in cells],
    )


def _satisfaction(row: Score) -> _Cell:
    """A value where the survey shows one and the indicator's own bounds are kept; else why there is none."""
    found = figures.estimate_of(row.scores[_COUNTS])
    if found is None:
        return None, None, None, MissingReason.NOT_REPORTED
    if found.n < rules.MIN_RATED_N:
        return None, None, None, MissingReason.BELOW_MIN_N
    if not row.shown:
        return None, None, None, MissingReason.SUPPRESSED
    if 100.0 * found.n / row.population < rules.MIN_RATED_RESPONSE:
        return None, None, None, MissingReason.LOW_COVERAGE
    return found.value, found.n, found.variance, None


def _response(row: Score) -> _Cell:
    """Ballots that count of the frame, in percent; the variance is that of a share p(1 − p)/N, p = (x + ½)/(N + 1)."""
    found = figures.estimate_of(row.scores[_COUNTS])
    answered, asked = (found.n if found else 0), row.population
    share = (answered + 0.5) / (asked + 1)
    return 100.0 * answered / asked, asked, 10_000.0 * share * (1 - share) / asked, None
