"""What the fuzzer has to know of the house: a key of idempotency belongs to one request."""

from typing import Any
from uuid import uuid4

import schemathesis


@schemathesis.hook
def map_case(context: Any, case: Any) -> Any:
    """A fresh key for each request: the fuzzer repeats values, and a repeated key with another body is refused."""
    if case.headers and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"fuzz-{uuid4()}"
    return case
