"""What a failing database means, told by its SQLSTATE and never with the values of a row."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import asyncpg
from sqlalchemy import exc
from sqlalchemy.orm.exc import StaleDataError


class Kind(StrEnum):
    """What went wrong, as far as a caller can act upon it."""

    UNIQUE = "unique"
    FOREIGN_KEY = "foreign_key"
    CHECK = "check"
    EXCLUSION = "exclusion"
    NOT_NULL = "not_null"
    STALE = "stale"
    """The row has changed since it was read."""
    INVALID_VALUE = "invalid_value"
    """A value that the column's type cannot hold."""
    CONTENTION = "contention"
    """Deadlock, serialisation failure or lock timeout: the same request may succeed in a moment."""
    TIMEOUT = "timeout"
    UNAVAILABLE = "unavailable"
    """No connection: refused, lost, none free, or the server is starting or stopping."""
    FULL = "full"
    """The server has no disk, memory or connections left."""
    READ_ONLY = "read_only"
    FAULT = "fault"
    """Our mistake: a wrong statement, a missing table, a right not granted."""


_RETRY_AFTER = {
    Kind.CONTENTION: timedelta(seconds=1),
    Kind.TIMEOUT: timedelta(seconds=2),
    Kind.UNAVAILABLE: timedelta(seconds=2),
    Kind.FULL: timedelta(seconds=30),
    Kind.READ_ONLY: timedelta(seconds=5),
}
_BY_SQLSTATE = {
    "23505": Kind.UNIQUE,
    "23503": Kind.FOREIGN_KEY,
    "23001": Kind.FOREIGN_KEY,
    "23514": Kind.CHECK,
    "23P01": Kind.EXCLUSION,
    "23502": Kind.NOT_NULL,
    "40001": Kind.CONTENTION,
    "40P01": Kind.CONTENTION,
    "55P03": Kind.CONTENTION,
    "25P03": Kind.TIMEOUT,
    "25P04": Kind.TIMEOUT,
    "57014": Kind.TIMEOUT,
    "25006": Kind.READ_ONLY,
    "53300": Kind.UNAVAILABLE,
}
_BY_CLASS = {
    "08": Kind.UNAVAILABLE,
    "22": Kind.INVALID_VALUE,
    "23": Kind.CHECK,
    "40": Kind.CONTENTION,
    "53": Kind.FULL,
    "57": Kind.UNAVAILABLE,
    "58": Kind.FULL,
}
_BROKEN_LINE = (ConnectionError, socket.gaierror)


@dataclass(frozen=True, slots=True)
class Failure:
    """A database error without its data: names from our own schema and nothing else."""

    kind: Kind
    sqlstate: str | None = None
    constraint: str | None = None
    table: str | None = None
    column: str | None = None

    @property
    def retry_after(self) -> timedelta | None:
        """When to try again; None if the same request would fail the same way."""
        return _RETRY_AFTER.get(self.kind)


def classify(error: BaseException) -> Failure | None:
    """What `error` says about the database; None if it does not come from there.

    A bare `TimeoutError` counts as one of the driver's: a deadline of the request's own has to be
    answered before this is asked.
    """
    if isinstance(error, StaleDataError):
        return Failure(Kind.STALE)
    if isinstance(error, exc.TimeoutError):
        return Failure(Kind.UNAVAILABLE)
    for cause in _causes(error):
        if isinstance(cause, asyncpg.PostgresError):
            return _from_server(cause)
        if isinstance(cause, asyncpg.InterfaceError):
            # The driver has one class for «the connection is closed» and for using it wrongly.
            return Failure(Kind.UNAVAILABLE if "closed" in str(cause) else Kind.FAULT)
        if isinstance(cause, TimeoutError):
            return Failure(Kind.TIMEOUT)
        if isinstance(cause, _BROKEN_LINE):
            return Failure(Kind.UNAVAILABLE)
    if isinstance(error, exc.DBAPIError):
        return Failure(Kind.UNAVAILABLE if error.connection_invalidated else Kind.FAULT)
    return Failure(Kind.FAULT) if isinstance(error, exc.SQLAlchemyError) else None


def conceal(error: BaseException) -> None:
    """Take the values of rows out of an error and all its causes, so that no traceback in a log can show them."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, asyncpg.PostgresError):
            # DETAIL quotes the row, CONTEXT the line of a COPY.
            cause.detail = cause.hint = cause.context = None
    state = next((str(cause.sqlstate) for cause in causes if isinstance(cause, asyncpg.PostgresError)), "")
    if _BY_CLASS.get(state[:2]) is Kind.INVALID_VALUE:  # here the message itself quotes the value
        for cause in causes:
            cause.args = (f"a value was refused ({state})",)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = getattr(error, "orig", None) or error.__cause__


def _from_server(error: asyncpg.PostgresError) -> Failure:
    state = error.sqlstate or ""
    return Failure(
        kind=_BY_SQLSTATE.get(state) or _BY_CLASS.get(state[:2], Kind.FAULT),
        sqlstate=state or None,
        constraint=getattr(error, "constraint_name", None),
        table=getattr(error, "table_name", None),
        column=getattr(error, "column_name", None),
    )
