"""Every table of the rating engine, gathered for its migrations."""

from services.rating_engine.appeals.models import Appeal, AppealStep
from services.rating_engine.base import Base
from services.rating_engine.methodologies.models import Methodology, MethodologyAudit
from services.rating_engine.publications.models import Publication, PublicationEntry
from services.rating_engine.runs.models import Run, RunArtefact, RunCorrection, RunResult, RunStep
from services.rating_engine.snapshots.models import Snapshot
from services.rating_engine.surveys.models import (
    Survey,
    SurveyBallot,
    SurveyInvestigation,
    SurveyKey,
    SurveyOrganisation,
    SurveyResult,
    SurveyToken,
    SurveyTotal,
)
from services.rating_engine.working_days.models import CalendarException

__all__ = [
    "Appeal",
    "AppealStep",
    "Base",
    "CalendarException",
    "Methodology",
    "MethodologyAudit",
    "Publication",
    "PublicationEntry",
    "Run",
    "RunArtefact",
    "RunCorrection",
    "RunResult",
    "RunStep",
    "Snapshot",
    "Survey",
    "SurveyBallot",
    "SurveyInvestigation",
    "SurveyKey",
    "SurveyOrganisation",
    "SurveyResult",
    "SurveyToken",
    "SurveyTotal",
]
