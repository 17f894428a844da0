"""A snapshot on the wire: the data of a rating, and which of them are older than its period."""

from uuid import UUID

from pydantic import Field

from shared.schemas.tables import IndicatorTable

_ORGANISATION = "01a20034-2d1f-77a4-b618-84a4220ed269"


class SnapshotRead(IndicatorTable):
    """The data a rating was computed on."""

    carried: dict[str, dict[UUID, str]] = Field(
        default={},
        description="By indicator and organisation, the earlier period whose value stands in for one that was not "
        "sampled",
        examples=[{"SCH_MODO_G9": {_ORGANISATION: "2023-2024"}}],
    )
