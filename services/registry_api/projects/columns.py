"""One project in two forms: the document that callers read and write, and the columns of its rows."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.registry_api.projects.models import Project, ProjectItem, ProjectStakeholder
from services.registry_api.texts import spread, text
from shared.ids import new_id
from shared.schemas.registry.projects import ProjectAttributes, StakeholderCreate

_PLAIN = ("kind", "owner_id", "parent_id", "items_planned", "starts_on", "ends_on")
STAKEHOLDER = ("position", "organisation_id", "body_kk", "body_ru", "body_en", "role")
"""Columns of a stakeholder that a caller decides upon."""


def columns(asked: ProjectAttributes, *, area: str | None) -> dict[str, Any]:
    """The columns of a project."""
    return {
        **{name: getattr(asked, name) for name in _PLAIN},
        **spread("title", asked.title),
        **spread("goal", asked.goal),
        "level": asked.level.value,
        "area_code": area,
        "link_hosts": list(asked.link_hosts),
    }


def stakeholder_columns(place: int, asked: StakeholderCreate) -> dict[str, Any]:
    """The columns of a stakeholder."""
    plain = {"position": place, "organisation_id": asked.organisation_id, "role": asked.role}
    return {**plain, **spread("body", asked.body)}


def stakeholders(project_id: UUID, asked: ProjectAttributes) -> list[ProjectStakeholder]:
    """The rows of all who have a part in a project."""
    return [
        ProjectStakeholder(id=new_id(), project_id=project_id, **stakeholder_columns(place, one))
        for place, one in enumerate(asked.stakeholders)
    ]


def document(project: Project, stakeholders: Sequence[ProjectStakeholder]) -> dict[str, Any]:
    """The project as `ProjectAttributes` reads it; what is not told is left out."""
    found: dict[str, Any] = {name: getattr(project, name) for name in (*_PLAIN, "level", "link_hosts")}
    found |= {"title": text(project, "title"), "goal": text(project, "goal"), "area": project.area_code}
    found["stakeholders"] = [
        {"organisation_id": one.organisation_id, "body": text(one, "body"), "role": one.role} for one in stakeholders
    ]
    return {name: value for name, value in found.items() if value is not None}


def summary(project: Project, items_there: int, names: Mapping[UUID | None, Any]) -> dict[str, Any]:
    """A project as `ProjectSummary` reads it."""
    plain = ("id", "level", "kind", "status", "parent_id", "items_planned", "starts_on", "ends_on")
    return {
        **{name: getattr(project, name) for name in plain},
        "title": text(project, "title"),
        "owner": names.get(project.owner_id),
        "area": project.area_code,
        "item_count": items_there,
    }


def item(row: ProjectItem) -> dict[str, Any]:
    """An item as `ProjectItemRead` reads it."""
    plain = {name: getattr(row, name) for name in ("id", "number", "note", "url")}
    return {**plain, "title": text(row, "title")}
