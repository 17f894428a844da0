"""What is told beside a score, of a document for the core, and what is wrong with it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from services.rating_engine.core import types as core
from services.rating_engine.methodologies import refusals
from services.rating_engine.methodologies.documents.checks import Found, ascending
from shared.schemas.rating import methodology as whole
from shared.schemas.rating import views as wire

_OWN = frozenset({"intercept", "tau2"})
"""Coefficients that are no indicator's."""


def check(document: whole.MethodologyDocument) -> Iterator[Found]:
    """What of the views contradicts itself."""
    yield from _repeated("/value_added", [view.code for view in document.value_added])
    for place, view in enumerate(document.value_added):
        yield from _value_added(view, f"/value_added/{place}")
    yield from _repeated("/status_change", [view.code for view in document.status_change])
    for place, grid in enumerate(document.status_change):
        yield from _status_change(grid, f"/status_change/{place}")


def _repeated(at: str, codes: Sequence[str]) -> Iterator[Found]:
    counted: Counter[str] = Counter()
    for place, code in enumerate(codes):
        if counted[code]:
            yield f"{at}/{place}/code", refusals.CODE_REPEATED.of(code=code)
        counted[code] += 1


def _value_added(view: wire.ValueAdded, at: str) -> Iterator[Found]:
    seen = {view.outcome}
    if view.prior in seen:
        yield f"{at}/prior", refusals.CODE_REPEATED.of(code=view.prior)
    seen.add(view.prior)
    for place, code in enumerate(view.covariates):
        if code in seen:
            yield f"{at}/covariates/{place}", refusals.CODE_REPEATED.of(code=code)
        seen.add(code)
    if view.coefficients is None:
        return
    models = {
        "progress": (view.coefficients.progress, {view.prior}),
        "contextual_progress": (view.coefficients.contextual_progress, {view.prior, *view.covariates}),
    }
    for name, (coefficients, known) in models.items():
        for code in coefficients or {}:
            if code not in known | _OWN:
                yield f"{at}/coefficients/{name}/{code}", refusals.COEFFICIENT_UNKNOWN.of(code=code)


def _status_change(grid: wire.StatusChange, at: str) -> Iterator[Found]:
    sides = {"status": (grid.status_cuts, grid.status_levels), "change": (grid.change_cuts, grid.change_levels)}
    for name, (cuts, levels) in sides.items():
        if not ascending(cuts):
            yield f"{at}/{name}_cuts", refusals.NOT_ASCENDING.of()
        if len(levels) != len(cuts) + 1:
            yield f"{at}/{name}_levels", refusals.ONE_MORE.of(expected=len(cuts) + 1, given=len(levels))
    if len(grid.grid) != len(grid.status_levels):
        yield f"{at}/grid", refusals.LABELS_EXPECTED.of(expected=len(grid.status_levels), given=len(grid.grid))
    for place, row in enumerate(grid.grid):
        if len(row) != len(grid.change_levels):
            yield f"{at}/grid/{place}", refusals.LABELS_EXPECTED.of(expected=len(grid.change_levels), given=len(row))


def value_added(items: Sequence[wire.ValueAdded]) -> tuple[core.ValueAdded, ...]:
    """Outcomes to be told three ways."""
    return tuple(
        core.ValueAdded(
            code=item.code,
            outcome=item.outcome,
            prior=item.prior,
            covariates=tuple(item.covariates),
            progress=None if item.coefficients is None else item.coefficients.progress,
            contextual=None if item.coefficients is None else item.coefficients.contextual_progress,
        )
        for item in items
    )


def status_change(items: Sequence[wire.StatusChange]) -> tuple[core.StatusChange, ...]:
    """Grids of level and change."""
    return tuple(
        core.StatusChange(
            code=item.code,
            status=item.status,
            status_cuts=tuple(item.status_cuts),
            status_levels=tuple(item.status_levels),
            change_cuts=tuple(item.change_cuts),
            change_levels=tuple(item.change_levels),
            grid=tuple(tuple(row) for row in item.grid),
            change=item.change,
            decimals=item.decimals,
            cut_belongs_above=item.on_cut is wire.OnCut.HIGHER,
            min_n=item.min_n,
        )
        for item in items
    )
