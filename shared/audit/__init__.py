"""Who changed what, when and why: an append-only trail, written in the transaction of the change."""

from shared.audit.recorder import SENSITIVE, UNRECORDED, Audited
from shared.audit.tables import audit_entries
from shared.audit.trail import KEYS, Filters, note, read

__all__ = ["KEYS", "SENSITIVE", "UNRECORDED", "Audited", "Filters", "audit_entries", "note", "read"]
