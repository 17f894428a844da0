"""What is done with programmes: drafting, versioning, reviewing, approving, comparing."""

from services.training_api.programmes.service.approving import decide, review
from services.training_api.programmes.service.drafting import add_version, draft
from services.training_api.programmes.service.reading import (
    Taught,
    codes,
    compare,
    count,
    get,
    line,
    page,
    reviews,
    taught,
    taught_from,
)

__all__ = [
    "Taught",
    "add_version",
    "codes",
    "compare",
    "count",
    "decide",
    "draft",
    "get",
    "line",
    "page",
    "review",
    "reviews",
    "taught",
    "taught_from",
]
