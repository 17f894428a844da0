"""What an outcome earns."""

from shared.schemas.training.certificates import CertificateKind as Kind
from shared.schemas.training.enrolments import EnrolmentStatus

KIND_OF: dict[EnrolmentStatus, Kind] = {
    EnrolmentStatus.COMPLETED_PASSED: Kind.CERTIFICATE,
    EnrolmentStatus.COMPLETED_ATTENDED: Kind.ATTENDANCE_REFERENCE,
}
"""What an outcome earns; other outcomes earn nothing."""
