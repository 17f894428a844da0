"""Freezing what the services say, and finding it again by its digest."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from services.rating_engine.snapshots import freeze, repository
from services.rating_engine.snapshots.errors import SnapshotNotFound
from services.rating_engine.snapshots.freeze import Frozen, parse
from services.rating_engine.snapshots.source import Services, Source, Wanted
from shared.db.sessions import AnySession, WriteSession

__all__ = ["Frozen", "Services", "Source", "Wanted", "content", "keep", "named", "parse", "read", "sources"]


def named(frozen: Frozen) -> tuple[str, bytes]:
    """The digest of a snapshot and its content as it is stored; a country takes a second, so not on the loop."""
    content = frozen.content()
    return freeze.digest_of(content), freeze.pack(content)


async def keep(session: WriteSession, frozen: Frozen, *, digest: str, packed: bytes, now: datetime) -> None:
    """Keep the snapshot under its digest; both are those of `named`."""
    await repository.keep(
        session,
        digest=digest,
        period=frozen.period,
        as_of=frozen.as_of,
        organisations=len(frozen.organisations),
        content=packed,
        now=now,
    )


async def read(session: AnySession, digest: str) -> Frozen:
    """The snapshot with this digest; raises `SnapshotNotFound`."""
    return parse(await content(session, digest))


async def content(session: AnySession, digest: str) -> bytes:
    """The snapshot with this digest as canonical JSON; raises `SnapshotNotFound`."""
    stored = await repository.content(session, digest)
    if stored is None:
        raise SnapshotNotFound
    return freeze.unpack(stored)


async def sources(session: AnySession, digest: str) -> Mapping[str, str]:
    """For each indicator of a snapshot the service that gave it; raises `SnapshotNotFound`.

    Every preview asks: the data of a country are not read for it, and unpacked beside the loop.
    """
    stored = await repository.content(session, digest)
    if stored is None:
        raise SnapshotNotFound
    return await asyncio.to_thread(lambda: freeze.sources_of(freeze.unpack(stored)))
