"""Listens to every write session and records, field by field, what the ORM changes, in the same transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Column, event, inspect
from sqlalchemy.orm import InstanceState, Mapper, Session, UOWTransaction

from shared.audit.tables import audit_entries
from shared.audit.values import HIDDEN, NOT_READ, as_json
from shared.db.bitemporal import Bitemporal
from shared.db.engine import WritingSession
from shared.db.sessions import Authorship
from shared.ids import new_id

SENSITIVE: Mapping[str, str] = {"audit": "sensitive"}
"""`mapped_column(info=dict(SENSITIVE))`: changes of the column are recorded without its values."""

UNRECORDED: Mapping[str, str] = {"audit": "none"}
"""`mapped_column(info=dict(UNRECORDED))`: the column is derived from others, such as a sort key."""

_BOOKKEEPING = frozenset({"version", "created_at", "updated_at", "recorded"})


@dataclass(frozen=True, slots=True)
class Audited:
    """`__audit__ = Audited("organisation", "organisation_id")`: under whose name a model's changes are recorded."""

    resource_type: str
    identity: str | None = None
    """The attribute that names the resource, where that is not the row's own primary key."""


Changes = dict[str, list[Any]]
Action = Literal["create", "update", "end", "delete"]


def entry(
    author: Authorship, *, action: str, resource_type: str, resource_id: str, changes: Mapping[str, Any]
) -> dict[str, Any]:
    """One row of the trail, as the insert wants it."""
    return {
        "id": new_id(),
        "actor": author.subject,
        "roles": list(author.roles),
        "action": action,
        "resource_type": resource_type,
        "resource_id": resource_id,
        "changes": dict(changes),
        "reason": author.reason,
        "request_id": author.request_id,
    }


@event.listens_for(WritingSession, "after_flush")
def _record(session: Session, _flush: UOWTransaction) -> None:
    author = session.info.get("authorship") or Authorship("system")
    entries = [
        entry(author, action=action, resource_type=resource[0], resource_id=resource[1], changes=changes)
        for action, changed in _changed(session)
        if (resource := _resource(changed)) is not None and (changes := _changes(action, changed))
    ]
    if entries:
        session.connection().execute(audit_entries.insert(), entries)


def _changed(session: Session) -> Iterator[tuple[Action, Any]]:
    for instance in session.new:
        if not isinstance(instance, Bitemporal):
            yield "create", instance
        elif not instance.is_remainder:
            yield "create" if instance.takes_the_place_of is None else "update", instance
    for instance in session.dirty:
        if session.is_modified(instance):
            if not isinstance(instance, Bitemporal):
                yield "update", instance
            elif not instance.is_replaced:  # else the rows that take its place tell what changed
                yield "end", instance
    for instance in session.deleted:
        yield "delete", instance


def _resource(instance: Any) -> tuple[str, str] | None:
    audited = getattr(type(instance), "__audit__", None)
    if audited is False:
        return None
    mapper: Mapper[Any] = inspect(instance).mapper
    if isinstance(audited, Audited):
        own: Sequence[str] = (audited.identity,) if audited.identity else _primary_key(mapper)
        resource_type = audited.resource_type
    else:
        own = _primary_key(mapper)
        resource_type = str(mapper.local_table.description)
    return resource_type, ":".join(str(as_json(getattr(instance, name))) for name in own)


def _primary_key(mapper: Mapper[Any]) -> list[str]:
    return [mapper.get_property_by_column(column).key for column in mapper.primary_key]


def _changes(action: Action, instance: Any) -> Changes:
    state: InstanceState[Any] = inspect(instance)
    if action == "end":
        return {"valid": [as_json(instance.valid), None]}
    former = instance.takes_the_place_of if isinstance(instance, Bitemporal) else None
    changes: Changes = {}
    for key, column in _recorded_columns(state.mapper):
        before, after = _before_and_after(action, state, key, former)
        if before == after:
            continue
        if column.info.get("audit") == "sensitive":
            changes[key] = [None if before is None else HIDDEN, None if after is None else HIDDEN]
        else:
            changes[key] = [before if before is NOT_READ else as_json(before), as_json(after)]
    return changes


def _before_and_after(
    action: Literal["create", "update", "delete"], state: InstanceState[Any], key: str, former: Any
) -> tuple[Any, Any]:
    match action:
        case "create":
            return None, state.dict.get(key)
        case "delete":
            return state.dict.get(key, NOT_READ), None
        case "update" if former is not None:
            return getattr(former, key), state.dict.get(key)
        case "update":
            history = state.attrs[key].history
            if not history.has_changes():
                return None, None
            after = history.added[0] if history.added else None
            return (history.deleted[0] if history.deleted else NOT_READ), after


def _recorded_columns(mapper: Mapper[Any]) -> Iterator[tuple[str, Column[Any]]]:
    for attribute in mapper.column_attrs:
        column = attribute.columns[0]
        if not isinstance(column, Column) or column.computed is not None or column.primary_key:
            continue
        if attribute.key not in _BOOKKEEPING and column.info.get("audit") != "none":
            yield attribute.key, column
