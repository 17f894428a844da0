"""Speaking to one service: JSON in and out, keys by which a repeated step has one effect, files, jobs, whole lists."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from shared.clients.base import ServiceClient
from shared.clients.errors import RemoteProblem
from shared.clients.wire import Parameters

_POLL_SECONDS = 0.1
_JOB_SECONDS = 600.0
_CALL_SECONDS = 60.0
_BOUNDARY = "bilim-demo-file"
Document = dict[str, Any]


class LoadFailure(Exception):
    """The demo cannot be loaded; the message says which step and why, for the person at the terminal."""


class Service:
    """One of the three, as the loader uses it."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def get(self, path: str, params: Parameters | None = None) -> Document:
        """Read one document."""
        answer = await self._client.send("GET", path, params=params, deadline_seconds=_CALL_SECONDS)
        return _object(answer.content)

    async def find(self, path: str, params: Parameters | None = None) -> Document | None:
        """Read one document, or None where there is none."""
        try:
            return await self.get(path, params)
        except RemoteProblem as problem:
            if problem.remote_status == 404:
                return None
            raise

    async def items(self, path: str, params: Mapping[str, Any] | None = None) -> AsyncIterator[Document]:
        """A whole list, page by page."""
        cursor: str | None = None
        while True:
            page = await self.get(path, {"limit": 200, **(params or {}), "cursor": cursor})
            for item in page["items"]:
                yield item
            cursor = page["next_cursor"]
            if cursor is None:
                return

    async def post(self, path: str, body: Mapping[str, Any], *, step: str) -> Document:
        """Write; the same step with the same body is carried out once, however often it is sent."""
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        return await self._send(path, content, "application/json", step)

    async def hand_in(self, kind: str, name: str, content: bytes, mapping: Mapping[str, Any] | None = None) -> Document:
        """Hand in a file and wait until it is applied; its import with the report. Raises `LoadFailure`."""
        fields = {"kind": kind} | ({"mapping": json.dumps(mapping, sort_keys=True)} if mapping else {})
        form = _form(fields, name, content)
        asked = await self._send("/v1/imports", form, f"multipart/form-data; boundary={_BOUNDARY}", f"import:{name}")
        await self.finished(asked["job_id"])
        done = await self.get(f"/v1/imports/{asked['id']}")
        if done["state"] != "applied":
            raise LoadFailure(f"The file {name} was {done['state']}: {_worst(done)}")
        return done

    async def finished(self, job_id: str) -> Document:
        """The job, once it has succeeded. Raises `LoadFailure`."""
        for _ in range(int(_JOB_SECONDS / _POLL_SECONDS)):
            job = await self.get(f"/v1/jobs/{job_id}")
            if job["status"] == "succeeded":
                return job
            if job["status"] in {"failed", "cancelled"}:
                raise LoadFailure(f"Job {job_id} ({job['kind']}) {job['status']}: {job['problem']}")
            await asyncio.sleep(_POLL_SECONDS)
        raise LoadFailure(f"Job {job_id} did not end within {_JOB_SECONDS:.0f} s.")

    async def _send(self, path: str, content: bytes, kind: str, step: str) -> Document:
        key = f"demo:{step}:{hashlib.sha256(path.encode() + content).hexdigest()[:16]}"
        headers = {"Content-Type": kind, "Idempotency-Key": key}
        answer = await self._client.send("POST", path, content=content, headers=headers, deadline_seconds=_CALL_SECONDS)
        return _object(answer.content)


def explained(problem: RemoteProblem) -> str:
    """What a service said when it refused, for a person."""
    told = problem.document
    first = [f"{one.get('pointer')}: {one.get('message')}" for one in told.get("errors", [])[:3]]
    return "; ".join([f"{problem.remote_status} {problem.remote_code}", str(told.get("detail", "")), *first])


def _object(content: bytes) -> Document:
    document = json.loads(content)
    assert isinstance(document, dict)
    return document


def _form(fields: Mapping[str, str], name: str, content: bytes) -> bytes:
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    return b"".join(
        [*parts, f"{head}Content-Type: text/csv\r\n\r\n".encode(), content, f"\r\n--{_BOUNDARY}--\r\n".encode()]
    )


def _worst(done: Document) -> str:
    report = done["report"] or {"errors": []}
    return "; ".join(f"row {one['row']}, {one['column']}: {one['message']}" for one in report["errors"][:3])
