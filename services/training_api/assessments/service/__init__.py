"""What is done about results: assessing, completing one or a whole cohort, taking again, voiding, explaining."""

from services.training_api.assessments.service.assessing import count, get, page, record, void
from services.training_api.assessments.service.completing import complete, complete_cohort, resit, void_outcome
from services.training_api.assessments.service.explaining import explain

__all__ = [
    "complete",
    "complete_cohort",
    "count",
    "explain",
    "get",
    "page",
    "record",
    "resit",
    "void",
    "void_outcome",
]
