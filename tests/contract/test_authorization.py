"""Every operation is either on the reviewed list of public ones or closed to strangers and to the wrong role."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from tests.support.apps import build_app, client_for

PUBLIC = {
    "registry": """
        countConstructionProjects countMembers exportConstructionProjects getArea getCalendar
        getClubProvider getCommitment getDevelopmentPlan getEvent getEventPlan getLiveness getMemorandum
        getOrganisation getOrganisationHistory getOrganisationProfile getProject getReadiness getStudyVisit
        listAcademicYears listAreas listClubCounts listClubProviders listConstructionProjects
        listCoordinators listDevelopmentPlans listDirectives listEventPlans listEvents listFacilities
        listFacilityAssessments listFacilityGaps listFacilityStandards listIdleSchools listIndicators
        listMemberships listMemoranda listMemorandumCommitments listMemorandumParties listNationalFigures
        listNetworkMemberships listNetworks listOperators listOrganisationFigures listOrganisations
        listProjectItems listProjects listStudyVisits listTargets readAcademicYear readAgreementCalendar
        readAreaTable readConstructionCosts readConstructionFacts readConstructionPlans
        readConstructionProject readDirective readFacilityAssessment readFacilityStandard readGateDates
        readIndicator readMembership readNetwork readSelection readStageChanges readTarget readTargetHistory
        reportEventPlan reportStudyVisits resolveIdentifier suggestOrganisations
    """,
    "training": """
        compareProgrammes countOrganisations countSeats getLiveness getReadiness giveFeedback listAllVenues listCohorts
        listNormRules listOrganisationEnrolments listProgrammes listProviders listPublicKeys listReasons
        listRooms listSessions listVenues readCalendarFeed readCohort readDidDocument readFeedbackQuestions
        readOrganisationEnrolment readPool readProgramme readProvider readRoom readRoomCalendar readSession
        readStatusList reportPools scanOwnAttendance verifyCertificate verifyFile
    """,
    "rating": """
        castSurveyBallot compareMethodologies compareOrganisations getLatestPublication getLiveness getMethodology
        getPublication getPublicationEntry getReadiness getRunBundle getSurvey getSurveyForm getSurveyTotals
        getTrajectory listCalendarExceptions listMethodologies listPublicationEntries listPublications listSurveyResults
        listSurveys readAttestationCriteria readMethodologyAudit
    """,
}
"""What anyone may read. Whoever adds a name here has thought about who should see it."""

OTHER_SCOPE = {"registry": "rating:read", "training": "rating:read", "rating": "training:enrol"}
"""A right that opens nothing in that service beyond what any token opens."""
ANY_TOKEN = {"listJobs", "readJob", "cancelJob"}
"""Open to every caller, each for the caller's own jobs."""


@pytest.fixture(scope="module", params=["registry", "training", "rating"])
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def app(service: str, local_key_file: Path) -> FastAPI:
    """The app without a database: who may call is decided before there is need of one."""
    nowhere = "postgresql://nobody@127.0.0.1:9/none"
    environment = {f"{service.upper()}_DATABASE_URL": nowhere, "BILIM_LOCAL_KEY_FILE": str(local_key_file)}
    return build_app(service, environment)


def operations(app: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in app.openapi()["paths"].items():
        for method, operation in item.items():
            if method in {"get", "post", "put", "patch", "delete"}:
                yield method, re.sub(r"\{[^}]*\}", str(uuid4()), path), operation


def test_what_is_public_is_what_was_reviewed(service: str, app: FastAPI) -> None:
    public = {operation["operationId"] for _, _, operation in operations(app) if operation["security"] == []}

    assert public == set(PUBLIC[service].split())


async def test_strangers_are_refused_everywhere_else(app: FastAPI) -> None:
    answers = {}
    async with client_for(app) as http:
        for method, path, operation in operations(app):
            if operation["security"] != []:
                answers[operation["operationId"]] = (await http.request(method, path)).status_code

    assert {name: status for name, status in answers.items() if status != 401} == {}


async def test_a_token_without_the_right_is_refused(service: str, app: FastAPI, token_for: Callable[..., str]) -> None:
    token = token_for("admin", scopes=[OTHER_SCOPE[service]])
    answers = {}
    async with client_for(app, headers={"Authorization": f"Bearer {token}"}) as http:
        for method, path, operation in operations(app):
            if operation["security"] != [] and operation["operationId"] not in ANY_TOKEN:
                answer = await http.request(method, path)
                answers[operation["operationId"]] = (answer.status_code, answer.json().get("code"))

    assert {name: answer for name, answer in answers.items() if answer != (403, "scope_missing")} == {}


async def test_a_broken_token_is_refused_even_where_strangers_may_read(app: FastAPI) -> None:
    async with client_for(app, headers={"Authorization": "Bearer not-a-token"}) as http:
        answers = {
            operation["operationId"]: (await http.request(method, path)).status_code
            for method, path, operation in operations(app)
            if operation["operationId"] not in {"getLiveness", "getReadiness"}
        }

    assert set(answers.values()) == {401}


async def test_every_operation_is_described(app: FastAPI) -> None:
    faults = []
    seen: set[str] = set()
    for method, path, operation in operations(app):
        name = operation["operationId"]
        if not re.fullmatch(r"[a-z]+[A-Za-z0-9]+", name) or name in seen:
            faults.append(f"{method} {path}: operationId {name}")
        seen.add(name)
        if not operation.get("summary") or not operation.get("description") or not operation.get("tags"):
            faults.append(f"{name}: summary, description or tag is missing")
        for parameter in operation.get("parameters", []):
            if not parameter.get("description"):
                faults.append(f"{name}: parameter {parameter['name']} is not described")
        for status, answer in operation["responses"].items():
            if (
                status[0] in "45"
                and "$ref" not in answer
                and "application/problem+json" not in answer.get("content", {})
            ):
                faults.append(f"{name}: {status} is no problem document")

    assert faults == []


async def test_the_document_is_served(app: FastAPI) -> None:
    async with client_for(app) as http:
        answer = await http.get("/openapi.json")

    assert isinstance(answer, httpx.Response)
    assert answer.json()["openapi"].startswith("3.1")
