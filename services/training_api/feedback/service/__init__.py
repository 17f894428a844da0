"""What is done with feedback: asked in rounds, answered without names, shown where enough have answered."""

from services.training_api.feedback.service.answering import close, hand_out, questions, take, turn
from services.training_api.feedback.service.planning import (
    count,
    count_questionnaires,
    get,
    get_questionnaire,
    page,
    page_questionnaires,
    schedule,
    write_questionnaire,
)
from services.training_api.feedback.service.results import opinions, results, trend

__all__ = [
    "close",
    "count",
    "count_questionnaires",
    "get",
    "get_questionnaire",
    "hand_out",
    "opinions",
    "page",
    "page_questionnaires",
    "questions",
    "results",
    "schedule",
    "take",
    "trend",
    "turn",
    "write_questionnaire",
]
