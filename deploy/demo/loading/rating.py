"""Agrees the methodologies, computes the ratings and publishes them."""

from typing import Any

from deploy.demo import methods
from deploy.demo.loading.calls import Document, Service
from deploy.demo.people import RATED_ON

EDITIONS = (("2024-2025", "2025-11-01"), ("2025-2026", RATED_ON.isoformat()))
"""Period and day of each edition, the oldest first."""


async def is_published(rating: Service, code: str) -> bool:
    """Whether the last edition of the demo's rating is there, superseded or not."""
    return await _edition(rating, code, EDITIONS[-1][0]) is not None


async def publish(rating: Service, code: str, *, area: str | None, editions: int) -> Document:
    """Publish the last editions of a rating; the newest one."""
    methodology = await _agreed(rating, code)
    published: Document | None = None
    for period, as_of in EDITIONS[-editions:]:
        published = await _edition(rating, code, period)
        if published is None:
            body: dict[str, Any] = {"methodology_id": methodology["id"], "period": period, "as_of": as_of}
            run = await rating.post("/v1/runs", body | ({"area": area} if area else {}), step=f"run:{code}:{period}")
            await rating.finished(run["job_id"])
            told = {"run_id": run["id"], "note": methods.NOTE}
            published = await rating.post("/v1/publications", told, step=f"publication:{code}:{period}")
    assert published is not None
    return published


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


async def _edition(rating: Service, code: str, period: str) -> Document | None:
    async for known in rating.items("/v1/publications", {"code": code}):
        if known["period"] == period:
            return known
    return None
