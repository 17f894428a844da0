"""HTTP of feedback."""

from services.training_api.feedback.router.answers import router as answers
from services.training_api.feedback.router.questionnaires import router as questionnaires
from services.training_api.feedback.router.rounds import reports
from services.training_api.feedback.router.rounds import router as rounds
from shared.web.routing import Router

routers: tuple[Router, ...] = (answers, rounds, questionnaires, reports)
