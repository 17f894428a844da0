"""What the fuzzer has to know of the house: what only we can have made, it cannot make up."""

import re
from typing import Any
from uuid import uuid4

import schemathesis

_CURSOR = re.compile(r"^[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+$")
_TAG = re.compile(r'^"[^"]*"$')


@schemathesis.hook
def map_case(context: Any, case: Any) -> Any:
    """Keys, tags and cursors that fit.

    A fresh key for each request: the fuzzer repeats values, and a repeated key with another body is refused. Any tag
    for the present one: one made up is old. No cursor for a well-formed one: one made up is forged.
    """
    if case.headers and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"fuzz-{uuid4()}"
    if case.headers and _TAG.match(str(case.headers.get("If-Match", ""))):
        case.headers["If-Match"] = "*"
    if case.query and _CURSOR.match(str(case.query.get("cursor", ""))):
        del case.query["cursor"]
    return case
