"""From a methodology document to the words of the core; what could not be computed for some data is refused here."""

from services.rating_engine.core import types as core
from services.rating_engine.methodologies.documents import checks, evidence, gaps, uncertainty, views, words
from services.rating_engine.methodologies.documents.checks import LEAST_WEIGHT, lower_bound
from services.rating_engine.methodologies.documents.frozen import written
from services.rating_engine.methodologies.documents.weighting import judgements, weights
from services.rating_engine.methodologies.documents.words import leaf, node
from services.rating_engine.methodologies.errors import MethodologyRefused
from shared.errors import FieldError
from shared.schemas.rating import methodology as wire

__all__ = ["LEAST_WEIGHT", "judgements", "leaf", "lower_bound", "node", "read", "weights", "written"]


def read(document: wire.MethodologyDocument, *, data_at_hand: bool = False, at: str = "") -> core.Methodology:
    """The document as the core takes it; raises `MethodologyRefused` with every reason and its pointer.

    `data_at_hand`: the values to be rated come with the document, as in a simulation. Whether a scale goes below
    zero under a mean that is not defined there is then judged by what is computed.
    `at` is the pointer of the document in the body.
    """
    found = [
        *checks.tree(document, data_at_hand),
        *evidence.check(document),
        *views.check(document),
        *uncertainty.check(document),
        *gaps.check(document),
    ]
    if found:
        raise MethodologyRefused(
            errors=[FieldError(at + pointer, refusal.code, refusal.message) for pointer, refusal in found]
        )
    return core.Methodology(
        code=document.code,
        tree=words.node(document.tree),
        missing=gaps.missing(document.missing),
        peer_groups=gaps.peer_groups(document.peer_groups),
        imputation=gaps.imputation(document.imputation),
        screening=gaps.screening(document.screening),
        limits=gaps.limits(document.limits),
        context=tuple(document.context),
        ranked=document.ranking,
        precision=evidence.precision(document.precision),
        bands=evidence.bands(document.bands),
        value_added=views.value_added(document.value_added),
        status_change=views.status_change(document.status_change),
        uncertainty=None if document.uncertainty is None else uncertainty.uncertainty(document.uncertainty),
    )
