"""What is done with surveys: asked, answered once a token, screened, looked into, published where enough answered."""

from services.rating_engine.surveys.service.frames import count_participation, participation, replace_frame
from services.rating_engine.surveys.service.investigations import (
    count_investigations,
    decide,
    get_investigation,
    investigate,
    page_investigations,
)
from services.rating_engine.surveys.service.lives import (
    JOB_KIND,
    close,
    close_due,
    count,
    create,
    get,
    held,
    open_,
    page,
    read,
    update,
)
from services.rating_engine.surveys.service.publishing import publish
from services.rating_engine.surveys.service.rated import CODES, Published
from services.rating_engine.surveys.service.results import count_results, page_results, screens, totals
from services.rating_engine.surveys.service.tally import carry_out
from services.rating_engine.surveys.service.voting import form, hand_out, take

__all__ = [
    "CODES",
    "JOB_KIND",
    "Published",
    "carry_out",
    "close",
    "close_due",
    "count",
    "count_investigations",
    "count_participation",
    "count_results",
    "create",
    "decide",
    "form",
    "get",
    "get_investigation",
    "hand_out",
    "held",
    "investigate",
    "open_",
    "page",
    "page_investigations",
    "page_results",
    "participation",
    "publish",
    "read",
    "replace_frame",
    "screens",
    "take",
    "totals",
    "update",
]
