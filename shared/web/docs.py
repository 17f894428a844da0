"""/docs that works in a closed network, and a page about every kind of problem."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from shared.errors import NotFound, Problem
from shared.web import problems

_ASSETS = "/docs/assets"
_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src blob:; frame-ancestors 'none'"
)


def install(app: FastAPI) -> None:
    """Add `/docs`, `/redoc` and `/problems`; nothing is loaded from another host."""
    assets = str(files("fastapi_offline").joinpath("static"))
    app.mount(_ASSETS, StaticFiles(directory=assets), name="assets")

    async def swagger(_: Request) -> Response:
        page = get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=app.title,
            swagger_js_url=f"{_ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{_ASSETS}/swagger-ui.css",
            swagger_favicon_url=f"{_ASSETS}/favicon.png",
        )
        return _page(page)

    async def redoc(_: Request) -> Response:
        page = get_redoc_html(
            openapi_url="/openapi.json",
            title=app.title,
            redoc_js_url=f"{_ASSETS}/redoc.standalone.js",
            redoc_favicon_url=f"{_ASSETS}/favicon.png",
            with_google_fonts=False,
        )
        return _page(page)

    async def index(_: Request) -> Response:
        return JSONResponse({"items": [_described(kind) for _, kind in sorted(kinds().items())]})

    async def one(request: Request) -> Response:
        kind = kinds().get(str(request.path_params["code"]))
        if kind is None:
            return problems.response(request, NotFound())
        return JSONResponse(_described(kind))

    app.add_route("/docs", swagger, include_in_schema=False)
    app.add_route("/redoc", redoc, include_in_schema=False)
    app.add_route("/problems", index, include_in_schema=False)
    app.add_route("/problems/{code}", one, include_in_schema=False)


def kinds() -> dict[str, type[Problem]]:
    """Every kind of problem that the code of this process knows, by its code."""

    def below(kind: type[Problem]) -> Iterator[type[Problem]]:
        yield kind
        for child in kind.__subclasses__():
            yield from below(child)

    return {kind.code: kind for kind in below(Problem)}


def _described(kind: type[Problem]) -> dict[str, Any]:
    return {
        "type": problems.type_of(kind.code),
        "code": kind.code,
        "status": kind.status,
        "title": kind.title._asdict(),
        "detail": kind.detail._asdict() if kind.detail else None,
        "about": (kind.__doc__ or "").strip() or None,
    }


def _page(page: HTMLResponse) -> Response:
    page.headers["Content-Security-Policy"] = _POLICY
    return page
