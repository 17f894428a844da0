"""When somebody holds a certificate: the condition that every count over certificates shares."""

from typing import Final

HELD: Final = (
    "certificates.issued_on <= :as_of AND NOT certificates.void @> :as_of "
    "AND coalesce(certificates.valid_until > :as_of, true)"
)
"""SQL for: issued by the day `as_of`, not run out, not revoked, suspended or replaced on that day."""
