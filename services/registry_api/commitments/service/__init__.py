"""What is done with commitments: made, proven, judged by two lights, carried on by successors."""

from services.registry_api.commitments.models import CommitmentEvidence, CommitmentReport
from services.registry_api.commitments.service.agenda import Day, days, words
from services.registry_api.commitments.service.carrying import bound, carry, take_back
from services.registry_api.commitments.service.history import lights as light_history
from services.registry_api.commitments.service.proving import (
    count_items,
    items,
    override,
    report,
    review,
    submit_evidence,
)
from services.registry_api.commitments.service.reads import (
    Page,
    Seen,
    Summary,
    count,
    due,
    due_page,
    get,
    lights,
    of_memorandum,
    quiet,
    steps,
    summaries,
    wanted_due,
)
from services.registry_api.commitments.service.writing import amend, lock, make, move

__all__ = [
    "CommitmentEvidence",
    "CommitmentReport",
    "Day",
    "Page",
    "Seen",
    "Summary",
    "amend",
    "bound",
    "carry",
    "count",
    "count_items",
    "days",
    "due",
    "due_page",
    "get",
    "items",
    "light_history",
    "lights",
    "lock",
    "make",
    "move",
    "of_memorandum",
    "override",
    "quiet",
    "report",
    "review",
    "steps",
    "submit_evidence",
    "summaries",
    "take_back",
    "wanted_due",
    "words",
]
