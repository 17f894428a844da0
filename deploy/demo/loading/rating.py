"""Computes ratings by the built-in methodologies, has them audited and checked, and publishes them."""

from typing import Any, NamedTuple

from deploy.demo import methods
from deploy.demo.loading.calls import Document, LoadFailure, Service
from deploy.demo.people import RATED_ON


class Edition(NamedTuple):
    """One edition of a rating."""

    period: str
    as_of: str


EDITIONS = (Edition("2024-2025", "2025-11-01"), Edition("2025-2026", RATED_ON.isoformat()))
"""The oldest first."""


async def is_published(rating: Service, code: str) -> bool:
    """Whether the last edition of the demo's rating is there, superseded or not."""
    return await _published(rating, code, EDITIONS[-1]) is not None


async def publish(rating: Service, code: str, edition: Edition, *, area: str | None) -> Document:
    """Compute, audit, check and publish one edition, unless it is there."""
    published = await _published(rating, code, edition)
    if published is not None:
        return published
    methodology = await _built_in(rating, code)
    named = f"{code}:{edition.period}"
    body: dict[str, Any] = {"methodology_id": methodology["id"], **edition._asdict()} | ({"area": area} if area else {})
    run = await rating.post("/v1/runs", body, step=f"run:{named}")
    await rating.finished(run["job_id"])
    await rating.post(f"/v1/methodologies/{methodology['id']}/audit", {"run_id": run["id"]}, step=f"audit:{named}")
    await rating.post(f"/v1/runs/{run['id']}/check", {}, step=f"check:{named}")
    told = {"run_id": run["id"], "note": methods.NOTE}
    if (await _document(rating, methodology)).get("appeals"):
        told["waive_appeals"] = methods.NO_APPEALS
    return await rating.post("/v1/publications", told, step=f"publication:{named}")


async def _built_in(rating: Service, code: str) -> Document:
    """The version of the methodology that came with the service."""
    async for known in rating.items("/v1/methodologies", {"code": code, "origin": "built_in"}):
        return known
    raise LoadFailure(f"The rating engine does not bring the methodology {code}.")


async def _document(rating: Service, methodology: Document) -> Document:
    whole = await rating.get(f"/v1/methodologies/{methodology['id']}")
    document: Document = whole["document"]
    return document


async def _published(rating: Service, code: str, edition: Edition) -> Document | None:
    async for known in rating.items("/v1/publications", {"code": code}):
        if known["period"] == edition.period:
            return known
    return None
