"""The identifiers of the training service, each of its own type."""

from typing import NewType
from uuid import UUID

OrganisationId = NewType("OrganisationId", UUID)
ProviderId = NewType("ProviderId", UUID)
ProgrammeId = NewType("ProgrammeId", UUID)
CohortId = NewType("CohortId", UUID)
VenueId = NewType("VenueId", UUID)
SeatId = NewType("SeatId", UUID)
SessionId = NewType("SessionId", UUID)
EducatorId = NewType("EducatorId", UUID)
EnrolmentId = NewType("EnrolmentId", UUID)
CertificateId = NewType("CertificateId", UUID)
OrganisationEnrolmentId = NewType("OrganisationEnrolmentId", UUID)
RoomId = NewType("RoomId", UUID)
TrainerId = NewType("TrainerId", UUID)
PoolId = NewType("PoolId", UUID)
RubricId = NewType("RubricId", UUID)
SupportPlanId = NewType("SupportPlanId", UUID)
SupportVisitId = NewType("SupportVisitId", UUID)
EvidenceId = NewType("EvidenceId", UUID)
QuestionnaireId = NewType("QuestionnaireId", UUID)
FeedbackRoundId = NewType("FeedbackRoundId", UUID)
OutcomeMeasureId = NewType("OutcomeMeasureId", UUID)
AssessmentId = NewType("AssessmentId", UUID)
ContractId = NewType("ContractId", UUID)
AllocationId = NewType("AllocationId", UUID)
