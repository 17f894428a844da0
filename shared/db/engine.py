"""A service's way to its database: one engine that writes, one that cannot, and the limits of both."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
from sqlalchemy import URL, event, func, make_url, select, text
from sqlalchemy.engine import Connection, ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, SessionTransaction

from shared.db import json_columns
from shared.db.failures import conceal
from shared.db.sessions import Authorship, Person, ReadSession, WriteSession

READ_LANES = 8
WRITE_LANES = 6
"""How many requests of one process may hold a connection at once.

More connections do not answer faster (a process has one core), and each of three services takes both. The web layer
admits exactly so many (`Depends(max_concurrency=…)`), because its queue is fair and the pool's is not.
"""

CONNECT_TIMEOUT = timedelta(seconds=3)
POOL_TIMEOUT = timedelta(seconds=3)
STATEMENT_TIMEOUT = timedelta(seconds=10)
LOCK_TIMEOUT = timedelta(seconds=3)
IDLE_IN_TRANSACTION_TIMEOUT = timedelta(seconds=15)

_PREPARED_STATEMENTS = 250
"""Kept by each connection: more than the statements of one service, so that none is prepared twice."""


def asyncpg_url(url: str) -> URL:
    """The address as SQLAlchemy's asyncpg dialect wants it, from one written for libpq.

    >>> asyncpg_url("postgres://a@h/d?sslmode=require").render_as_string()
    'postgresql+asyncpg://a@h/d?ssl=require'
    """
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.split("+")[0] not in ("postgres", "postgresql"):
        raise ValueError("a database address begins with postgresql://")
    parsed = make_url(f"postgresql+asyncpg://{rest}")
    mode = parsed.query.get("sslmode")
    if mode is None:
        return parsed
    return parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})


class Database:
    """Two pools upon one database. Nothing is connected before the first statement, so a service starts without it.

    `reader_url` may name a replica. Errors leave here without the values of rows (`failures.conceal`);
    `failures.classify` says what they mean.
    """

    def __init__(
        self,
        url: str,
        *,
        application_name: str,
        reader_url: str | None = None,
        read_lanes: int = READ_LANES,
        write_lanes: int = WRITE_LANES,
        statement_timeout: timedelta = STATEMENT_TIMEOUT,
        lock_timeout: timedelta = LOCK_TIMEOUT,
        pool_timeout: timedelta = POOL_TIMEOUT,
    ) -> None:
        self.application_name = application_name
        self.url = asyncpg_url(url)
        common = {
            "statement_timeout": _milliseconds(statement_timeout),
            "lock_timeout": _milliseconds(lock_timeout),
            "idle_in_transaction_session_timeout": _milliseconds(IDLE_IN_TRANSACTION_TIMEOUT),
            "jit": "off",  # our statements are short: compiling them costs more than running them
            "timezone": "UTC",
        }
        # The server ends a slow statement by itself; the driver's own limit is for a server that no longer answers.
        command_timeout = statement_timeout.total_seconds() + 2
        self.writer = _engine(
            self.url,
            lanes=write_lanes,
            pool_timeout=pool_timeout,
            command_timeout=command_timeout,
            settings={**common, "application_name": application_name},
        )
        self.reader = _engine(
            asyncpg_url(reader_url) if reader_url else self.url,
            lanes=read_lanes,
            pool_timeout=pool_timeout,
            command_timeout=command_timeout,
            settings={
                **common,
                "application_name": f"{application_name} (reads)",
                "default_transaction_read_only": "on",
                # After five runs PostgreSQL may prefer one plan for all values. It cannot know then how many states
                # hold on a day, and reads and sorts a whole table for one page: 60 ms in place of 1.
                "plan_cache_mode": "force_custom_plan",
            },
            isolation_level="AUTOCOMMIT",
        )

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[ReadSession]:
        """A session that PostgreSQL itself keeps from writing; `consistent` gives several statements one moment."""
        async with AsyncSession(self.reader, expire_on_commit=False, autoflush=False) as session:
            yield ReadSession(session)

    @asynccontextmanager
    async def writing(
        self, actor: Person | None = None, *, reason: str | None = None, request_id: str | None = None
    ) -> AsyncIterator[WriteSession]:
        """One transaction: committed when the block ends, undone when it raises. Without an actor the system acts."""
        session = AsyncSession(self.writer, sync_session_class=WritingSession, expire_on_commit=False)
        subject, roles = (actor.subject, actor.roles) if actor else (f"system:{self.application_name}", ())
        session.info["authorship"] = Authorship(subject, tuple(sorted(roles)), reason, request_id)
        async with session:
            yield WriteSession(session)
            await session.commit()

    async def close(self) -> None:
        """Give all connections back to the server."""
        await self.writer.dispose()
        await self.reader.dispose()


class WritingSession(Session):
    """The synchronous half of every `WriteSession`: what listens to writes (the audit trail) listens to this class."""


@event.listens_for(WritingSession, "after_begin")
def _name_the_author(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    # SQLAlchemy sends BEGIN with its first statement only. Until then, work done through the bare driver connection
    # would stand outside the transaction and survive its rollback; so the first statement is this one, always.
    author = session.info.get("authorship")
    subject = author.subject if isinstance(author, Authorship) else "system"
    connection.execute(select(func.set_config("app.actor", subject, True)))


@asynccontextmanager
async def consistent(session: ReadSession) -> AsyncIterator[ReadSession]:
    """Several statements that see the database at one and the same moment (repeatable read, read only)."""
    await session.commit()  # gives back a connection that is already in autocommit
    await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield session
    finally:
        await session.commit()


async def driver_connection(session: WriteSession) -> Any:
    """The asyncpg connection under `session`, for what only the driver can do (COPY), inside its transaction."""
    connection = await session.connection()
    found = (await connection.get_raw_connection()).driver_connection
    assert isinstance(found, asyncpg.Connection)
    if not found.is_in_transaction():
        await connection.execute(text("SELECT 1"))
    if not found.is_in_transaction():
        raise RuntimeError("the driver's connection is not inside the session's transaction")
    return found


def _engine(
    url: URL,
    *,
    lanes: int,
    pool_timeout: timedelta,
    command_timeout: float,
    settings: dict[str, str],
    **options: Any,
) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=lanes,
        max_overflow=0,
        pool_timeout=pool_timeout.total_seconds(),
        pool_recycle=1800,
        hide_parameters=True,
        json_serializer=json_columns.written,
        json_deserializer=json_columns.read,
        connect_args={
            "prepared_statement_cache_size": _PREPARED_STATEMENTS,
            "timeout": CONNECT_TIMEOUT.total_seconds(),
            "command_timeout": command_timeout,
            "server_settings": settings,
        },
        **options,
    )
    event.listen(engine.sync_engine, "checkout", _refuse_a_dead_connection)
    event.listen(engine.sync_engine, "handle_error", _conceal)
    return engine


def _refuse_a_dead_connection(connection: Any, _record: Any, _proxy: Any) -> None:
    # Instead of pool_pre_ping, which would ask the server (three round trips in a transaction): the event loop has
    # already told the driver when the server closed the line, and the pool then takes the next connection or makes one.
    if connection.driver_connection.is_closed():
        raise DisconnectionError("closed by the server while it waited in the pool")


def _conceal(context: ExceptionContext) -> None:
    conceal(context.sqlalchemy_exception or context.original_exception)


def _milliseconds(duration: timedelta) -> str:
    return str(int(duration.total_seconds() * 1000))
