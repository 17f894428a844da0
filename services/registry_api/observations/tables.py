"""Writes a table as the document that callers get, and names it by its content."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID


def canonical(content: Any) -> str:
    """JSON with sorted keys, no spaces and the shortest numbers that read back as the same.

    >>> canonical({"b": [1.0, None], "a": "Ә"})
    '{"a":"Ә","b":[1.0,null]}'
    """
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def written(
    *,
    organisations: list[UUID],
    attributes: Mapping[str, list[Any]],
    columns: Mapping[str, Mapping[str, list[Any]]],
    as_of: date,
    period: str,
    known_at: datetime,
) -> tuple[bytes, str]:
    """The document and its digest.

    The digest covers organisations, attributes, columns and day, as `shared.schemas.tables.digest_of` computes it:
    each part is written once, and the canonical whole is put together from the parts.
    """
    parts = {
        "as_of": canonical(as_of.isoformat()),
        "attributes": canonical(attributes),
        "columns": canonical(columns),
        "organisations": canonical([str(organisation) for organisation in organisations]),
    }
    whole = "{" + ",".join(f'"{name}":{text}' for name, text in parts.items()) + "}"
    digest = "sha256:" + hashlib.sha256(whole.encode()).hexdigest()
    more = {"period": period, "known_at": known_at.isoformat(), "digest": digest}
    return (whole[:-1] + "," + canonical(more)[1:]).encode(), digest
