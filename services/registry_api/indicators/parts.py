"""Parts of the statements of other capabilities, so that a list needs only one."""

from typing import Any

from sqlalchemy import Select, Text, bindparam, select

from services.registry_api.indicators.models import Indicator


def with_code() -> Select[Any]:
    """All versions of the indicator bound as `indicator`."""
    return select(Indicator.id).where(Indicator.code == bindparam("indicator", type_=Text))
