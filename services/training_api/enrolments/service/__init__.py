"""What is done with enrolments: a person gets a seat or a place in line, and keeps it, loses it or passes it on.

Locks are taken in one order: person, cohort, venues by id, enrolments, seats. Who takes a free seat shares the lock
of the venue; who joins the line or gives a seat back has it alone. So the line moves only when nobody is halfway
through taking a seat, and a seat that comes free goes to the line before anybody else can see it.
"""

from services.training_api.enrolments.repository import Applicant, Booked, Live, applicants, busy_of, live_in
from services.training_api.enrolments.service.applying import approve, reject, take_back
from services.training_api.enrolments.service.cohort import cancel, resize, start
from services.training_api.enrolments.service.concluding import conclude_many
from services.training_api.enrolments.service.deciding import decide
from services.training_api.enrolments.service.joining import enrol, resume, transfer
from services.training_api.enrolments.service.many import Answered, enrol_many
from services.training_api.enrolments.service.outcome import (
    Conclusion,
    Earned,
    Expected,
    Standing,
    conclude,
    earned,
    earned_in,
    expected,
    standing,
    standings,
)
from services.training_api.enrolments.service.pools import (
    add_pool,
    change_pool,
    due_cohorts,
    hold,
    one_pool,
    pool_report,
    release_pool,
    release_pools,
)
from services.training_api.enrolments.service.priority import prioritise
from services.training_api.enrolments.service.reading import (
    count,
    count_open,
    get,
    line,
    line_length,
    overrides,
    page,
    reads_of,
    seat_counts,
    told,
    transitions,
)
from services.training_api.enrolments.service.schedule import (
    add_session,
    assign_trainer,
    cancel_session,
    change_cohort,
    change_session,
    release_trainer,
)
from services.training_api.enrolments.service.seat import (
    accept,
    decline,
    defer,
    expire,
    expired_offers,
    offer,
    withdraw,
)
from services.training_api.enrolments.service.substitution import substitute

__all__ = [
    "Answered",
    "Applicant",
    "Booked",
    "Conclusion",
    "Earned",
    "Expected",
    "Live",
    "Standing",
    "accept",
    "add_pool",
    "add_session",
    "applicants",
    "approve",
    "assign_trainer",
    "busy_of",
    "cancel",
    "cancel_session",
    "change_cohort",
    "change_pool",
    "change_session",
    "conclude",
    "conclude_many",
    "count",
    "count_open",
    "decide",
    "decline",
    "defer",
    "due_cohorts",
    "earned",
    "earned_in",
    "enrol",
    "enrol_many",
    "expected",
    "expire",
    "expired_offers",
    "get",
    "hold",
    "line",
    "line_length",
    "live_in",
    "offer",
    "one_pool",
    "overrides",
    "page",
    "pool_report",
    "prioritise",
    "reads_of",
    "reject",
    "release_pool",
    "release_pools",
    "release_trainer",
    "resize",
    "resume",
    "seat_counts",
    "standing",
    "standings",
    "start",
    "substitute",
    "take_back",
    "told",
    "transfer",
    "transitions",
    "withdraw",
]
