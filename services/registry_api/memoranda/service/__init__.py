"""What is done with memoranda: written, signed, led through their life, amended, looked at."""

from services.registry_api.memoranda.service.parties import change, join, leave, listed
from services.registry_api.memoranda.service.reads import Brief, Seen, briefly, count, get, page, steps, wanted
from services.registry_api.memoranda.service.steps import move, renew, sign
from services.registry_api.memoranda.service.texts import (
    MOST_BYTES,
    Upload,
    amend_text,
    amendments,
    consolidated,
    count_documents,
    document,
    documents,
    has_document,
    keep,
    store_in,
)
from services.registry_api.memoranda.service.writing import amend, lock, write_down

__all__ = [
    "MOST_BYTES",
    "Brief",
    "Seen",
    "Upload",
    "amend",
    "amend_text",
    "amendments",
    "briefly",
    "change",
    "consolidated",
    "count",
    "count_documents",
    "document",
    "documents",
    "get",
    "has_document",
    "join",
    "keep",
    "leave",
    "listed",
    "lock",
    "move",
    "page",
    "renew",
    "sign",
    "steps",
    "store_in",
    "wanted",
    "write_down",
]
