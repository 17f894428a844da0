"""Organisations around one, as others need them."""

from services.registry_api.organisations.repository.around import alike, authorities

__all__ = ["alike", "authorities"]
