"""The task that numbers events as soon as they are committed."""

from shared.db.engine import Database
from shared.db.listening import Listener
from shared.observability.backoff import Backoff
from shared.outbox.events import WRITTEN
from shared.outbox.feed import stamp

_POLL_SECONDS = 2.0
"""Should a notification be lost (the listening connection was down), an event waits no longer than this."""
_BATCH = 1000


class Stamper:
    """Runs in every process of a service; the lock in `stamp` lets one at a time number."""

    def __init__(self, database: Database, listener: Listener, *, poll_seconds: float = _POLL_SECONDS) -> None:
        self._database = database
        self._written = listener.bell(WRITTEN)
        self._poll_seconds = poll_seconds
        self._backoff = Backoff("change feed stamper")

    @property
    def failing(self) -> str | None:
        """The class of the error it is failing with now, if it is."""
        return self._backoff.last_error

    async def run(self) -> None:
        """Number for ever; the database may come and go."""
        while True:
            next_ring = self._written.next_ring()
            try:
                more = await self._stamp()
            except Exception as error:
                await self._backoff.failed(error)
                continue
            self._backoff.succeeded()
            if not more:
                await next_ring.within(self._poll_seconds)

    async def _stamp(self) -> bool:
        async with self._database.writing() as session:
            return await stamp(session, limit=_BATCH) == _BATCH
