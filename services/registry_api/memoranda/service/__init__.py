"""What is done with memoranda: written, signed, led through their life, amended, looked at."""

from services.registry_api.memoranda.rules import LIVE, MEDIA_TYPES, PUBLIC
from services.registry_api.memoranda.service.carrying import Heirs, bound, carry, take_back
from services.registry_api.memoranda.service.moving import move, renew, sign
from services.registry_api.memoranda.service.parties import change, join, leave, listed
from services.registry_api.memoranda.service.reads import (
    Brief,
    Seen,
    briefly,
    count,
    demand,
    get,
    ids_of,
    page,
    steps,
    wanted,
)
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
    "LIVE",
    "MEDIA_TYPES",
    "MOST_BYTES",
    "PUBLIC",
    "Brief",
    "Heirs",
    "Seen",
    "Upload",
    "amend",
    "amend_text",
    "amendments",
    "bound",
    "briefly",
    "carry",
    "change",
    "consolidated",
    "count",
    "count_documents",
    "demand",
    "document",
    "documents",
    "get",
    "has_document",
    "ids_of",
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
    "take_back",
    "wanted",
    "write_down",
]
