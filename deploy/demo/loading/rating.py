"""Agrees the methodologies, computes the ratings and publishes them."""

from typing import Any, NamedTuple

from deploy.demo import methods
from deploy.demo.loading.calls import Document, Service
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
    """Compute and publish one edition, unless it is there."""
    published = await _published(rating, code, edition)
    if published is not None:
        return published
    methodology = await _agreed(rating, code)
    body: dict[str, Any] = {"methodology_id": methodology["id"], **edition._asdict()} | ({"area": area} if area else {})
    run = await rating.post("/v1/runs", body, step=f"run:{code}:{edition.period}")
    await rating.finished(run["job_id"])
    told = {"run_id": run["id"], "note": methods.NOTE}
    return await rating.post("/v1/publications", told, step=f"publication:{code}:{edition.period}")


async def _agreed(rating: Service, code: str) -> Document:
    """The demo's version of the methodology, written down and agreed."""
    async for known in rating.items("/v1/methodologies", {"code": code}):
        if known["edition"] == 1:
            break
    else:
        known = await rating.post("/v1/methodologies", methods.document(code), step=f"methodology:{code}")
    if known["status"] == "draft":
        known = await rating.post(
            f"/v1/methodologies/{known['id']}/agree", {"basis": methods.BASIS}, step=f"agreement:{code}"
        )
    return known


async def _published(rating: Service, code: str, edition: Edition) -> Document | None:
    async for known in rating.items("/v1/publications", {"code": code}):
        if known["period"] == edition.period:
            return known
    return None
