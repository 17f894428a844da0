"""What differs between two trees, told by indicators and nodes instead of places in a document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.rating_engine.methodologies.documents import weights
from shared.errors import Text
from shared.schemas.rating.methodologies import TreeChange, TreeChangeKind
from shared.schemas.rating.methodology import Leaf, MethodologyDocument, Node

_SAME = 1e-12
"""Shares this near are equal: 1 of 2 and 10 of 20."""

_TEXTS: Mapping[TreeChangeKind, Text] = {
    TreeChangeKind.ADDED: Text(
        kk="{code} қосылды: {parent} ішінде, жалпы салмақтағы үлесі {after}",
        ru="Добавлено {code}: в {parent}, доля в общем весе {after}",
        en="{code} was added to {parent} with a share of {after} of the whole weight",
    ),
    TreeChangeKind.REMOVED: Text(
        kk="{code} алынды: жалпы салмақтағы үлесі {before} болатын",
        ru="Убрано {code}: доля в общем весе была {before}",
        en="{code} was removed; its share of the whole weight was {before}",
    ),
    TreeChangeKind.MOVED: Text(
        kk="{code} {origin} ішінен {parent} ішіне көшірілді",
        ru="{code} перенесено из {origin} в {parent}",
        en="{code} was moved from {origin} to {parent}",
    ),
    TreeChangeKind.REWEIGHTED: Text(
        kk="{code}: жалпы салмақтағы үлесі {before} болатын, енді {after}",
        ru="{code}: доля в общем весе была {before}, стала {after}",
        en="{code}: its share of the whole weight was {before} and is {after}",
    ),
    TreeChangeKind.REDEFINED: Text(
        kk="{code} басқаша есептеледі: {fields}",
        ru="{code} считается иначе: {fields}",
        en="{code} is computed differently: {fields}",
    ),
}


@dataclass(frozen=True, slots=True)
class _Place:
    parent: str | None
    share: float
    settings: Mapping[str, Any]


def of_trees(first: MethodologyDocument, second: MethodologyDocument) -> list[TreeChange]:
    """Every indicator and node that was added, removed, moved, weighed or computed differently.

    What both have comes in the order of the second tree, then what only the first has. A share is of the weight of the
    whole, with the weights that follow from a node's rule.
    """
    before, after = dict(_places(first)), dict(_places(second))
    found = []
    for key, now in after.items():
        old = before.get(key)
        if old is None:
            found.append(_change(TreeChangeKind.ADDED, key, None, now))
            continue
        if old.parent != now.parent:
            found.append(_change(TreeChangeKind.MOVED, key, old, now))
        if abs(old.share - now.share) > _SAME:
            found.append(_change(TreeChangeKind.REWEIGHTED, key, old, now))
        if old.settings != now.settings:
            found.append(_change(TreeChangeKind.REDEFINED, key, old, now))
    return found + [_change(TreeChangeKind.REMOVED, key, old, None) for key, old in before.items() if key not in after]


def _places(document: MethodologyDocument) -> Iterator[tuple[tuple[str, str], _Place]]:
    def below(node: Node, parent: str | None, share: float) -> Iterator[tuple[tuple[str, str], _Place]]:
        own = node.model_dump(mode="json", exclude={"code", "weight", "weighting", "children"})
        yield ("node", node.code), _Place(parent, share, own)
        shares = weights(node)
        total = sum(shares)
        for child, weight in zip(node.children, shares, strict=True):
            part = share * weight / total
            if isinstance(child, Leaf):
                settings = child.model_dump(mode="json", exclude={"indicator", "weight"})
                yield ("indicator", child.indicator), _Place(node.code, part, settings)
            else:
                yield from below(child, node.code, part)

    return below(document.tree, None, 1.0)


def _change(kind: TreeChangeKind, key: tuple[str, str], old: _Place | None, now: _Place | None) -> TreeChange:
    fields = (
        sorted(name for name in {*old.settings, *now.settings} if old.settings.get(name) != now.settings.get(name))
        if kind is TreeChangeKind.REDEFINED and old and now
        else []
    )
    words = {
        "code": key[1],
        "parent": now.parent or "" if now else "",
        "origin": old.parent or "" if old else "",
        "before": f"{old.share:.4g}" if old else "",
        "after": f"{now.share:.4g}" if now else "",
        "fields": ", ".join(fields),
    }
    return TreeChange(
        kind=kind,
        what=key[0],
        code=key[1],
        parent_before=old.parent if old else None,
        parent_after=now.parent if now else None,
        share_before=old.share if old else None,
        share_after=now.share if now else None,
        fields=fields,
        text=_TEXTS[kind].filled(words)._asdict(),
    )
