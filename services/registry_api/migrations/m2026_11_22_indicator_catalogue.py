"""Define the indicators this registry ships with; what somebody has defined already stays as it is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.registry_api.indicators import catalogue
from services.registry_api.indicators.rules import definition_of
from shared.clock import now
from shared.ids import new_id

revision = "20261122_indicator_catalogue"
down_revision: str | None = "20261122_initial"


def upgrade() -> None:
    shipped = [definition_of(one) for one in catalogue.definitions()]
    lists = {"organisation_types", "disaggregation"}
    indicators = sa.table(
        "indicators",
        sa.column("id", sa.Uuid()),
        sa.column("version", sa.Integer()),
        sa.column("edition", sa.Integer()),
        sa.column("recorded_at", sa.DateTime(timezone=True)),
        *(sa.column(name, sa.ARRAY(sa.Text())) if name in lists else sa.column(name) for name in shipped[0]),
    )
    recorded_at = now()
    rows = [{"id": new_id(), "version": 1, "edition": 1, "recorded_at": recorded_at, **row} for row in shipped]
    op.execute(postgresql.insert(indicators).values(rows).on_conflict_do_nothing(index_elements=["code", "version"]))
