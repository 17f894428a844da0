"""Where the bytes of documents are kept: a port, so that they may move to another store without anybody noticing."""

from collections.abc import AsyncIterator
from typing import Protocol


class DocumentStore(Protocol):
    """Keeps files by the digest of their bytes; what is there once is never changed."""

    async def has(self, digest: str) -> bool:
        """Whether the file is there."""
        ...

    async def put(self, digest: str, parts: AsyncIterator[bytes]) -> None:
        """Keep a file in parts of up to a megabyte; nothing happens if it is there already."""
        ...

    def read(self, digest: str) -> AsyncIterator[bytes]:
        """The parts of a file in their order; none if it is not there."""
        ...
