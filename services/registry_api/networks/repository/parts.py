"""Parts of the statements of other capabilities, so that a list needs only one."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, Select, Text, bindparam, func, select

from services.registry_api.networks.models import Membership, Network


@lru_cache(maxsize=2)
def members(*, known: bool) -> Select[Any]:
    """Who belongs to the network bound as `network` on the day bound as `on`, coordinators left aside; with `known`
    as it was known at the moment bound as `known_at`."""
    believed: ColumnElement[bool] = func.upper_inf(Membership.recorded)
    if known:
        believed = Membership.recorded.op("@>")(bindparam("known_at", type_=DateTime(timezone=True)))
    return (
        select(Membership.organisation_id)
        .join(Network, Network.id == Membership.network_id)
        .where(
            Network.code == bindparam("network", type_=Text),
            Membership.role != "coordinator",
            Membership.valid.op("@>")(bindparam("on", type_=Date)),
            believed,
        )
    )
