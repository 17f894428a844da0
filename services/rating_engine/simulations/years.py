"""What several years of a table tell of its latest one."""

import numpy as np

from services.rating_engine.core.evidence import years
from services.rating_engine.simulations import tables
from services.rating_engine.simulations.views import plain
from shared.schemas.rating.simulations import Table
from shared.schemas.rating.years import SeveralYearsRead


def several(table: Table) -> dict[str, SeveralYearsRead]:
    """By indicator with earlier years; a table that holds together."""
    unknown = [None] * len(table.units)
    told = {}
    for code, before in table.history.items():
        values = [*before.values, table.columns[code]]
        variances = [*before.variance, table.variance.get(code, unknown)]
        found = years.several_years(
            np.column_stack(list(map(tables.numbers, values))), np.column_stack(list(map(tables.numbers, variances)))
        )
        told[code] = SeveralYearsRead(
            lasting=found.parts.lasting,
            passing=found.parts.passing,
            decay=found.parts.decay,
            estimate=plain(found.estimates),
            sd=plain(found.errors),
        )
    return told
