"""What every client of a service does: deadline, retries of what may be repeated, problems as exceptions."""

import asyncio
import random
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import stamina
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.clients.breaker import CircuitBreaker
from shared.clients.credentials import TokenSource
from shared.clients.errors import RemoteAnswerInvalid, RemoteProblem, RemoteUnavailable
from shared.clients.wire import (
    MAX_ANSWER_BYTES,
    MAX_PAGE,
    MAX_PROBLEM_BYTES,
    Parameters,
    Request,
    at_most,
    lines_of,
    object_of,
    retry_after,
    written,
)
from shared.observability.context import outgoing_headers
from shared.schemas.changes import ChangePage
from shared.schemas.pages import Page

T = TypeVar("T")
_CONNECT_SECONDS = 2.0
_OVERLOADED = frozenset({429, 502, 503, 504})
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures after which the other side has seen nothing, so that any call may be repeated."""


class ServiceClient:
    """One per process and service; safe to share between tasks.

    A call is repeated, with jitter and within its deadline, when repeating does no harm: reads, writes that carry an
    `Idempotency-Key`, and whatever never reached the other side. `Retry-After` is honoured when there is time for it.
    Raises `RemoteProblem` for a refusal, `RemoteUnavailable` for silence, `RemoteAnswerInvalid` for nonsense.
    """

    def __init__(
        self,
        base_url: str,
        tokens: TokenSource | None = None,
        *,
        name: str,
        transport: httpx.AsyncBaseTransport | None = None,
        deadline_seconds: float = 10,
        attempts: int = 4,
        first_wait_seconds: float = 0.05,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self.name = name
        self._tokens = tokens
        self._deadline = deadline_seconds
        self._attempts = attempts
        self._first_wait = first_wait_seconds
        self._breaker = breaker or CircuitBreaker()
        self._adapters: dict[Any, TypeAdapter[Any]] = {}
        self._http = httpx.AsyncClient(
            base_url=base_url,
            transport=transport,
            verify=_trust(base_url),
            trust_env=False,
            follow_redirects=False,
            # uvicorn drops idle connections after 5 s: let go of them first.
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=16, keepalive_expiry=4),
            headers={"User-Agent": "bilim", "Accept": "application/json"},
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def get(
        self, path: str, model: type[T], *, params: Parameters | None = None, deadline_seconds: float | None = None
    ) -> T:
        """Read one answer."""
        answer = await self.send("GET", path, params=params, deadline_seconds=deadline_seconds)
        return self._parsed(model, answer.content)

    async def post(
        self,
        path: str,
        body: BaseModel | None,
        model: type[T],
        *,
        idempotency_key: str | None = None,
        params: Parameters | None = None,
        deadline_seconds: float | None = None,
    ) -> T:
        """Write; repeated on failure only with an `idempotency_key`."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        answer = await self.send(
            "POST", path, params=params, body=body, headers=headers, deadline_seconds=deadline_seconds
        )
        return self._parsed(model, answer.content)

    async def items(self, path: str, model: type[T], *, params: Parameters | None = None) -> AsyncGenerator[T, None]:
        """All items of a list, page after page; each page has a deadline of its own."""
        cursor: str | None = None
        while True:
            asked = {"limit": MAX_PAGE, **(params or {}), **({"cursor": cursor} if cursor else {})}
            answer = await self.send("GET", path, params=asked)
            page: Page[Any] = self._parsed(Page[model], answer.content)  # type: ignore[valid-type]  # made at run time
            for item in page.items:
                yield item
            if page.next_cursor is None:
                return
            if page.next_cursor == cursor:
                raise RemoteAnswerInvalid(self.name, reason="cursor")
            cursor = page.next_cursor

    async def changes(self, *, after: int, limit: int, wait: int) -> ChangePage:
        """A page of the change feed; the other side may take `wait` seconds longer to answer."""
        params = {"after": after, "limit": limit, "wait": wait}
        return await self.get("/v1/changes", ChangePage, params=params, deadline_seconds=wait + self._deadline)

    async def lines(
        self, path: str, model: type[T], *, params: Parameters | None = None, deadline_seconds: float = 300
    ) -> AsyncGenerator[T, None]:
        """A large list as it arrives (`application/x-ndjson`), in memory one line at a time.

        Once the first line has come, a failure is not repeated but raised: the caller holds half of the list.
        """
        ends = time.monotonic() + deadline_seconds
        async with self.stream(path, params=params, accept="application/x-ndjson") as answer:
            adapter = self._adapter(model)
            async for line in lines_of(answer, self.name):
                if time.monotonic() > ends:
                    raise RemoteUnavailable(self.name, reason="deadline")
                try:
                    item = adapter.validate_json(line)
                except ValidationError as error:
                    raise RemoteAnswerInvalid(self.name, reason=model.__name__) from error
                yield item

    @asynccontextmanager
    async def stream(
        self, path: str, *, params: Parameters | None = None, accept: str = "application/json"
    ) -> AsyncIterator[httpx.Response]:
        """An answer whose body the caller reads piece by piece; everything up to the headers is retried."""
        request = Request("GET", path, written(params), None, {"Accept": accept}, self._deadline)
        answer = await self._answered(request, read_body=False)
        try:
            yield answer
        except httpx.TransportError as error:
            self._breaker.failed()
            raise RemoteUnavailable(self.name, reason=type(error).__name__) from error
        finally:
            await answer.aclose()

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Parameters | None = None,
        body: BaseModel | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        deadline_seconds: float | None = None,
    ) -> httpx.Response:
        """Any call, its answer read in full; an answer of 400 and above is raised."""
        sent = dict(headers or {})
        if body is not None:
            content = body.model_dump_json().encode()
            sent.setdefault("Content-Type", "application/json")
        request = Request(method, path, written(params), content, sent, deadline_seconds or self._deadline)
        return await self._answered(request, read_body=True)

    async def _answered(self, request: Request, *, read_body: bool) -> httpx.Response:
        ends = time.monotonic() + request.seconds
        again = stamina.AsyncRetryingCaller(
            attempts=self._attempts,
            timeout=request.seconds,
            wait_initial=self._first_wait,
            wait_max=2,
            wait_jitter=self._first_wait * 2,
        )
        try:
            async with asyncio.timeout(request.seconds):
                return await again(_repeatable(request, ends), self._once, request, read_body)
        except TimeoutError as error:
            self._breaker.failed()
            raise RemoteUnavailable(self.name, reason="deadline") from error
        except httpx.TransportError as error:
            raise RemoteUnavailable(self.name, reason=type(error).__name__) from error
        except httpx.DecodingError as error:
            raise RemoteAnswerInvalid(self.name, reason="encoding") from error
        except RemoteProblem as problem:
            if problem.remote_status not in _OVERLOADED:
                raise
            wait = problem.retry_after_seconds or 1
            raise RemoteUnavailable(self.name, reason=str(problem.remote_status), retry_after_seconds=wait) from problem

    async def _once(self, request: Request, read_body: bool) -> httpx.Response:
        token = await self._tokens.token() if self._tokens is not None else None
        wait = self._breaker.wait_seconds()
        if wait:
            raise RemoteUnavailable(self.name, reason="circuit", retry_after_seconds=wait)
        try:
            answer = await self._exchange(request, token)
            if answer.status_code == 401 and self._tokens is not None and token is not None:
                await answer.aclose()
                self._tokens.forget(token)
                answer = await self._exchange(request, await self._tokens.token())
            if answer.status_code >= 400:
                raise await self._problem(answer)
            if read_body:
                answer = await self._read(answer)
        except httpx.TransportError:
            self._breaker.failed()
            raise
        except RemoteProblem as problem:
            if problem.remote_status in _OVERLOADED - {429}:
                self._breaker.failed()
            else:
                self._breaker.succeeded()
            raise
        self._breaker.succeeded()
        return answer

    async def _exchange(self, request: Request, token: str | None) -> httpx.Response:
        headers = {**outgoing_headers(), **request.headers}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        built = self._http.build_request(
            request.method,
            request.path,
            params=request.params,
            content=request.content,
            headers=headers,
            timeout=httpx.Timeout(request.seconds, connect=min(_CONNECT_SECONDS, request.seconds)),
        )
        return await self._http.send(built, stream=True)

    async def _read(self, answer: httpx.Response) -> httpx.Response:
        """The same answer with its body in memory, unless that is too much."""
        try:
            body = await at_most(answer, MAX_ANSWER_BYTES)
        finally:
            await answer.aclose()
        if body is None:
            raise RemoteAnswerInvalid(self.name, reason="length")
        headers = [
            (name, value)
            for name, value in answer.headers.multi_items()
            if name not in {"content-encoding", "content-length", "transfer-encoding"}
        ]
        return httpx.Response(answer.status_code, headers=headers, content=body, request=answer.request)

    async def _problem(self, answer: httpx.Response) -> RemoteProblem:
        try:
            body = await at_most(answer, MAX_PROBLEM_BYTES)
        finally:
            await answer.aclose()
        return RemoteProblem(
            self.name,
            status=answer.status_code,
            document=object_of(body or b"{}"),
            retry_after_seconds=retry_after(answer),
        )

    def _parsed(self, model: type[T], content: bytes) -> T:
        try:
            return self._adapter(model).validate_json(content)
        except ValidationError as error:
            places = "; ".join(
                "/".join(str(part) for part in fault["loc"]) + f" {fault['type']}"
                for fault in error.errors(include_input=False)[:3]
            )
            raise RemoteAnswerInvalid(self.name, reason=f"{model.__name__}: {places}"[:200]) from error

    def _adapter(self, model: type[T]) -> TypeAdapter[T]:
        known = self._adapters.get(model)
        if known is None:
            known = self._adapters[model] = TypeAdapter(model)
        return known


def _repeatable(request: Request, ends: float) -> Callable[[Exception], bool | float]:
    """Whether to try again after a failure, and if the other side said when, after how many seconds."""

    def again(error: Exception) -> bool | float:
        if isinstance(error, _NEVER_SENT):
            return True
        if not request.is_repeatable:
            return False
        if isinstance(error, httpx.TransportError):
            return True
        if not isinstance(error, RemoteProblem):
            return False
        wait = error.retry_after_seconds
        in_flight = error.remote_status == 409 and wait is not None  # the first try of the same key still runs
        if error.remote_status not in _OVERLOADED and not in_flight:
            return False
        if wait is None:
            return True
        # Those who were sent away together must not come back together.
        wait *= random.uniform(1, 1.2)  # noqa: S311  # no secret depends on it
        return wait if time.monotonic() + wait < ends else False

    return again


def _trust(base_url: str) -> ssl.SSLContext:
    """The certificates to believe; for plain HTTP none at all, which spares reading them."""
    return httpx.create_ssl_context() if base_url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
