"""Every SQL statement about surveys."""

from services.rating_engine.surveys.repository import boxes, lives, results

__all__ = ["boxes", "lives", "results"]
