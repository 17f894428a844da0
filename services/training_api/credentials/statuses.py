"""Bitstring status lists: one bit a document, compressed, so that who asks tells nobody which one he asks about."""

import gzip
import zlib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from services.training_api.credentials.encodings import base64url, from_base64url

CONTEXT = "https://www.w3.org/ns/credentials/v2"
_BASE64URL_MARK = "u"
_LARGEST = 8_388_608
_GZIP = 31


class Purpose(StrEnum):
    """What a bit that is set means."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"


def entry(address: str, purpose: Purpose, position: int) -> dict[str, str]:
    """What a credential says of its place in a list."""
    return {
        "id": f"{address}#{position}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose.value,
        "statusListIndex": str(position),
        "statusListCredential": address,
    }


def status_list(
    address: str,
    purpose: Purpose,
    positions: Iterable[int],
    *,
    length: int,
    issuer: str,
    valid_from: str,
    valid_until: str,
    ttl: int,
) -> dict[str, Any]:
    """A list in which the bits at these positions are set; `ttl` is for how many milliseconds it may be kept.

    It ends, so that nobody can show an old one for a new one.
    """
    bits = bytearray(length // 8)
    for position in positions:
        bits[position // 8] |= 0x80 >> position % 8
    return {
        "@context": [CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": valid_from,
        "validUntil": valid_until,
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose.value,
            "encodedList": _BASE64URL_MARK + base64url(gzip.compress(bytes(bits), mtime=0)),
            "ttl": ttl,
        },
    }


def is_set(listed: Mapping[str, Any], purpose: str, position: int) -> bool:
    """The bit at the position. Raises `ValueError` if the list is not one or is for something else."""
    subject = listed.get("credentialSubject")
    if not isinstance(subject, Mapping) or subject.get("statusPurpose") != purpose:
        raise ValueError("another list")
    encoded = subject.get("encodedList")
    if not isinstance(encoded, str) or not encoded.startswith(_BASE64URL_MARK):
        raise ValueError("no list")
    inflater = zlib.decompressobj(wbits=_GZIP)
    try:
        bits = inflater.decompress(from_base64url(encoded[1:]), _LARGEST)
    except zlib.error as error:
        raise ValueError("no list") from error
    if not inflater.eof or not 0 <= position < len(bits) * 8:
        raise ValueError("no such place")
    return bool(bits[position // 8] & 0x80 >> position % 8)
