"""What is done with support plans: they are agreed upon, visited, evidenced, completed, and counted."""

from services.training_api.support.service.plans import agree, cancel, change, complete, draft, start
from services.training_api.support.service.reading import (
    count,
    count_due,
    due,
    get,
    page,
    progress,
    report,
    steps,
)
from services.training_api.support.service.rubrics import count_rubrics, get_rubric, page_rubrics, write_rubric
from services.training_api.support.service.visits import (
    add_evidence,
    move_visit,
    plan_visit,
    record_visit,
    review_evidence,
)

__all__ = [
    "add_evidence",
    "agree",
    "cancel",
    "change",
    "complete",
    "count",
    "count_due",
    "count_rubrics",
    "draft",
    "due",
    "get",
    "get_rubric",
    "move_visit",
    "page",
    "page_rubrics",
    "plan_visit",
    "progress",
    "record_visit",
    "report",
    "review_evidence",
    "start",
    "steps",
    "write_rubric",
]
