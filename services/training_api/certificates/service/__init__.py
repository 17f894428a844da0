"""What is done with certificates: recording, verifying, withdrawing, taking in those of others, keeping the norm."""

from services.training_api.certificates.service.life import command, expire, lapsed, supersede
from services.training_api.certificates.service.norm import amend_norm, norm_rules, norms
from services.training_api.certificates.service.outside import take_in_many
from services.training_api.certificates.service.reading import (
    Held,
    Paper,
    count,
    get,
    held,
    held_by,
    number_given,
    numbers_given,
    page,
    paper,
    paper_by_id,
    steps,
    verify,
    voided,
)
from services.training_api.certificates.service.recording import Document, forget, record, record_many

__all__ = [
    "Document",
    "Held",
    "Paper",
    "amend_norm",
    "command",
    "count",
    "expire",
    "forget",
    "get",
    "held",
    "held_by",
    "lapsed",
    "norm_rules",
    "norms",
    "number_given",
    "numbers_given",
    "page",
    "paper",
    "paper_by_id",
    "record",
    "record_many",
    "steps",
    "supersede",
    "take_in_many",
    "verify",
    "voided",
]
