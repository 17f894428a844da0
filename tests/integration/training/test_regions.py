"""The regions a report leaves none of out follow the registry's classifier."""

from datetime import UTC, datetime

from services.training_api.reports import repository
from services.training_api.reports import service as reports
from services.training_api.reports.regions import REGIONS
from shared.db.engine import Database
from shared.schemas.base import TextOut
from shared.schemas.registry.areas import AreaKind, AreaSummary

NOW = datetime(2027, 5, 1, 9, tzinfo=UTC)


async def test_a_region_that_comes_is_added_and_one_that_goes_keeps_its_row_for_the_days_before(
    training_database: str,
) -> None:
    database = Database(training_database, application_name="test")
    told = [
        AreaSummary(code=code, level=1, kind=AreaKind.REGION, name=TextOut(kk=kk, ru=ru, en=en))
        for code, kk, ru, en in REGIONS[1:]
    ]
    told.append(AreaSummary(code="120000000", level=1, kind=AreaKind.REGION, name=TextOut(ru="Новая область")))

    async with database.reading() as session:
        begun = [one.code for one in await repository.regions(session, as_of=NOW.date())]
    async with database.writing() as session:
        await reports.keep_regions(session, told, now=NOW)
    async with database.writing() as session:
        await reports.keep_regions(session, [], now=NOW)
        now = [one.code for one in await repository.regions(session, as_of=NOW.date())]
        before = [one.code for one in await repository.regions(session, as_of=datetime(2027, 4, 30, tzinfo=UTC).date())]
    await database.close()

    first = REGIONS[0][0]
    assert begun == [code for code, *_ in REGIONS]
    assert len(now) == 20
    assert first not in now
    assert "120000000" in now
    assert first in before
