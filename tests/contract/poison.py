"""What hostile or broken callers send: as paths, queries, headers and bodies, for any operation of a document."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

CANARY = "870101300123"
"""Twelve digits like a person's number: to be found in no refusal and no log."""

Headers = list[tuple[bytes, bytes]]
Document = Mapping[str, Any]
JSON = (b"Content-Type", b"application/json")
METHODS = ("get", "post", "put", "patch", "delete")

WORDS = (
    b"%00",
    b"a%00b",
    b"%ff%fe",
    b"%ED%A0%80",
    b"..%2f..%2f..%2fetc%2fpasswd",
    b"%27%20OR%201%3D1--",
    b"1%3Bselect%20pg_sleep(9)--",
    b"-1",
    b"9" * 40,
    b"1e999",
    b"NaN",
    b"%E2%80%AE%F0%9F%98%80",
    b"x" * 4000,
    CANARY.encode(),
)
"""For a place in an address."""

HEADERS: tuple[Headers, ...] = (
    [(b"Accept", b"text/html;q=x,;,*/*;q=-1,/")],
    [(b"Accept", b"," * 8000)],
    [(b"Accept-Language", b"*;q=0,\xff\xfe,kk-KZ-x-" + b"a" * 2000)],
    [(b"If-Match", b'"\xff')],
    [(b"If-Match", b'"' + CANARY.encode() + b'"')],
    [(b"If-None-Match", b'W/"' + b"x," * 3000 + b'"')],
    [(b"Idempotency-Key", b"\xd0\x96" * 100)],
    [(b"Idempotency-Key", b"k" * 4000)],
    [(b"X-Request-ID", b"'; drop table jobs; --" + CANARY.encode())],
    [(b"X-Reason", b"\xff" * 600)],
    [(b"traceparent", b"00-" + b"f" * 500 + b"-zz")],
    [(b"Authorization", b"Bearer " + b"e30." * 3000)],
    [(b"Authorization", b"Bearer \xff\xfe")],
    [(b"Content-Type", b"multipart/form-data")],
    [(b"Content-Type", b"\xff/\xff; charset=none")],
    [(b"Range", b"bytes=0-1,-1"), (b"Expect", b"nothing"), (b"X-Forwarded-Host", b"evil.example")],
)

BODIES: tuple[tuple[Headers, bytes], ...] = (
    ([JSON], b""),
    ([JSON], b"null"),
    ([JSON], b"[]"),
    ([JSON], b"true"),
    ([JSON], b'"' + CANARY.encode() + b'"'),
    ([JSON], b"{"),
    ([JSON], b"NaN"),
    ([JSON], b"\xff\xfe\x00"),
    ([JSON], b'\xef\xbb\xbf{"a":1}'),
    ([JSON], '{"a":1}'.encode("utf-16")),
    ([JSON], b"[" * 100_000 + b"]" * 100_000),
    ([JSON], b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
    ([JSON], b"9" * 5000),
    ([JSON], b'{"code":1,"code":2,"\\u0000":1,"\\ud800":2}'),
    ([JSON], json.dumps(dict.fromkeys(map(str, range(100_000)), 0), separators=(",", ":")).encode()),
    ([JSON], b'{"' + CANARY.encode() + b'":"' + CANARY.encode() + b'"}'),
    ([(b"Content-Type", b"text/plain")], b"hello"),
    ([(b"Content-Type", b"application/xml")], b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
    ([(b"Content-Type", b"application/x-www-form-urlencoded")], b"a=%00&b=%ff"),
    ([(b"Content-Type", b"application/json; charset=utf-16")], b"{}"),
    ([(b"Content-Type", b"multipart/form-data; boundary=x")], b"--x\r\nno end"),
    ([(b"Content-Type", b"multipart/form-data; boundary=" + b"x" * 300)], b"--y--"),
    ([(b"Content-Encoding", b"gzip"), JSON], b"\x1f\x8b\x08\x00not gzip"),
    ([], b"{}"),
)

VALUES = (
    '"a\\u0000b"',
    '"\\ud800"',
    '"\\u0007\\u009f"',
    '"\\u202e\\ufeff"',
    '""',
    '"   "',
    '"' + "x" * 20_000 + '"',
    '"\'; drop table jobs; --"',
    f'"{CANARY}"',
    "NaN",
    "-Infinity",
    "1e999",
    "1e308",
    "-0.0",
    "9223372036854775808",
    "9" * 400,
    "true",
    "null",
    "[]",
    "{}",
    "[" * 500 + "]" * 500,
    '[null, "a", 1]',
    '{"kk": "a\\u0000", "\\u0000": {"\\ud83d": 1}}',
    '"0001-01-01"',
    '"2026-02-30"',
)
"""For a field of a body, as it stands in JSON."""

_NOBODY = "01a20000-0000-7000-8000-000000000000"
_HERE = "\ue000here"


@dataclass(frozen=True, slots=True)
class Shot:
    """One request."""

    method: str
    target: bytes
    headers: Headers = field(default_factory=list)
    body: bytes | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.target[:200]!r} {str(self.headers)[:150]} {(self.body or b'')[:150]!r}"


def shots(document: Document, known: Mapping[str, list[str]]) -> Iterator[Shot]:
    """Every operation with every poison in every place."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield from _of_operation(method.upper(), path, item[method], document, known)


def _of_operation(
    method: str, path: str, operation: Document, document: Document, known: Mapping[str, list[str]]
) -> Iterator[Shot]:
    body = _sample_body(operation, document, known)
    plain: Headers = [JSON, (b"If-Match", b"*")] if body is not None else [(b"If-Match", b"*")]
    sound = _filled(path, known)
    content = json.dumps(body).encode() if body is not None else None
    for word in WORDS:
        for name in _names(operation, "path"):
            yield Shot(method, _filled(path, known, name, word), plain, content)
        for name in (*_names(operation, "query"), "unknown"):
            yield Shot(method, sound + b"?" + name.encode() + b"=" + word, plain, content)
        yield Shot(method, sound + b"?" + word, plain, content)
    for name in _names(operation, "query"):
        twice = name.encode() + b"=1&" + name.encode() + b"=2"
        yield Shot(method, sound + b"?" + twice, plain, content)
    for headers in HEADERS:
        told = {key.lower() for key, _ in headers}
        yield Shot(method, sound, [*(one for one in plain if one[0].lower() not in told), *headers], content)
    for headers, raw in BODIES if method != "GET" else BODIES[:1]:
        yield Shot(method, sound, [(b"If-Match", b"*"), *headers], raw)
    if isinstance(body, dict):
        for name in _properties(operation, document):
            for value in VALUES:
                text = json.dumps({**body, name: _HERE}).replace(json.dumps(_HERE), value)
                yield Shot(method, sound, plain, text.encode())


def _names(operation: Document, place: str) -> list[str]:
    return [one["name"] for one in operation.get("parameters", ()) if one["in"] == place]


def _filled(path: str, known: Mapping[str, list[str]], poisoned: str = "", word: bytes = b"") -> bytes:
    """The path with what exists in its places, and the poison in one of them."""
    parts = []
    for part in path.split("/"):
        name = part.strip("{}")
        sound = known.get(name, [_NOBODY])[0] if part.startswith("{") else part
        parts.append(word if name == poisoned else sound.encode())
    return b"/".join(parts)


def _schema_of(operation: Document, document: Document) -> Document | None:
    content = operation.get("requestBody", {}).get("content", {})
    schema = next((told["schema"] for kind, told in content.items() if kind.endswith("json")), None)
    return None if schema is None else _resolved(schema, document)


def _resolved(schema: Document, document: Document) -> Document:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "properties" not in schema:
        for part in (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
            if part.get("type") != "null":
                return {**schema, **_resolved(part, document)}
    return schema


def _properties(operation: Document, document: Document) -> list[str]:
    return list((_schema_of(operation, document) or {}).get("properties", ()))


def _sample_body(operation: Document, document: Document, known: Mapping[str, list[str]]) -> Any:
    schema = _schema_of(operation, document)
    return None if schema is None else _acquainted(_sample(schema, document), known)


def _sample(schema: Document, document: Document) -> Any:
    """A value that fits: the document's own examples put together."""
    if schema.get("examples"):
        return schema["examples"][0]
    if "const" in schema:
        return schema["const"]
    whole = _resolved(schema, document)
    if whole is not schema and whole.get("examples"):
        return whole["examples"][0]
    if "properties" in whole:
        return {name: _sample(whole["properties"][name], document) for name in whole.get("required", ())}
    return whole.get("default", whole.get("enum", [None])[0])


def _acquainted(body: Any, known: Mapping[str, list[str]]) -> Any:
    """The body with what exists in place of what is only an example."""
    if isinstance(body, list):
        return [_acquainted(one, known) for one in body]
    if isinstance(body, dict):
        return {
            name: known[name][0] if name.endswith("_id") and name in known and value else _acquainted(value, known)
            for name, value in body.items()
        }
    return body
