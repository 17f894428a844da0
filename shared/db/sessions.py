"""Two kinds of session, so that a type checker sees who may write, and who is writing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NewType, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

ReadSession = NewType("ReadSession", AsyncSession)
"""On a read-only connection in autocommit: each statement sees what is committed when it starts."""

WriteSession = NewType("WriteSession", AsyncSession)
"""One transaction, committed by whoever opened it and by nobody else."""

AnySession = ReadSession | WriteSession


class Person(Protocol):
    """Whoever acts: the part of an actor that the database remembers."""

    @property
    def subject(self) -> str: ...
    @property
    def roles(self) -> Iterable[str]: ...


@dataclass(frozen=True, slots=True)
class Authorship:
    """Under whose name a transaction is written into the audit trail."""

    subject: str
    roles: tuple[str, ...] = ()
    reason: str | None = None
    """Why, in the words of the caller (`X-Reason`)."""
    request_id: str | None = None


def authorship(session: WriteSession) -> Authorship:
    """The author of this transaction; a session opened for nobody in particular belongs to the system."""
    found = session.info.get("authorship")
    return found if isinstance(found, Authorship) else Authorship("system")
