"""HiGHS at work on one programme: relaxed, or in whole numbers until the time is over."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from services.training_api.allocations.case import Floats
from services.training_api.allocations.model import Programme

WHOLE = 1e-6
"""How far from a whole number a value may be and still count as one."""
_RELAXED_SECONDS = 120.0
"""A relaxation is always solved to the end: without it there is neither an answer nor a bound."""


class Stopped(Exception):
    """The work was asked to stop."""


@dataclass(frozen=True, slots=True)
class Found:
    values: Floats | None
    bound: float
    is_impossible: bool
    row_duals: Floats | None = None
    column_duals: Floats | None = None
    """Of the relaxation."""
    is_branched: bool = False

    @property
    def is_whole(self) -> bool:
        return self.values is not None and bool(np.all(np.abs(self.values - np.round(self.values)) <= WHOLE))


class Solver:
    """HiGHS with one thread and a fixed seed, so that equal programmes have equal answers, and a time to be ready."""

    def __init__(self, seconds: float, stop: Callable[[], bool]) -> None:
        self._deadline = time.monotonic() + seconds
        self._stop = stop

    @property
    def left(self) -> float:
        """Seconds until the time is over; never quite nothing, so that small things are still solved."""
        return max(0.5, self._deadline - time.monotonic())

    def run(
        self, programme: Programme, *, whole: bool = False, start: Floats | None = None, seconds: float | None = None
    ) -> Found:
        """The best of the programme; with `whole` in whole numbers, from a `start` if there is one."""
        if self._stop():
            raise Stopped
        # Imported here: it takes long to load, and only who solves needs it.
        import highspy

        highs = highspy.Highs()  # type: ignore[no-untyped-call] # the package tells only some of its types
        for name, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", 1),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 1e-7),
            ("time_limit", (seconds or self.left) if whole else _RELAXED_SECONDS),
        ):
            highs.setOptionValue(name, value)
        if whole:
            # These two do not look at the clock.
            highs.setOptionValue("mip_detect_symmetry", False)
            highs.setOptionValue("mip_heuristic_effort", 0.1)
        highs.passModel(_written(highspy, programme, whole=whole))
        if start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = start.tolist()
            highs.setSolution(solution)
        highs.run()
        status, info, solution = highs.getModelStatus(), highs.getInfo(), highs.getSolution()
        is_known = info.primal_solution_status == highspy.kSolutionStatusFeasible
        is_best = status == highspy.HighsModelStatus.kOptimal
        bound = info.mip_dual_bound if whole else info.objective_function_value if is_best else math.inf
        return Found(
            values=np.array(solution.col_value) if is_known else None,
            bound=float(bound),
            is_impossible=status == highspy.HighsModelStatus.kInfeasible,
            row_duals=np.array(solution.row_dual) if is_known and not whole else None,
            column_duals=np.array(solution.col_dual) if is_known and not whole else None,
        )

    def settle(self, programme: Programme, *, start: Floats | None = None, seconds: float | None = None) -> Found:
        """The best in whole numbers; of the relaxation, if that is whole already."""
        relaxed = self.run(programme)
        if relaxed.values is None or relaxed.is_whole:
            return relaxed
        found = self.run(programme, whole=True, start=start, seconds=seconds or self.left)
        values = found.values if found.values is not None else start
        return Found(
            values, min(found.bound, relaxed.bound), found.is_impossible, relaxed.row_duals, relaxed.column_duals, True
        )


def _written(highspy: Any, programme: Programme, *, whole: bool) -> Any:
    """The programme in the words of HiGHS."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(programme.upper), len(programme.row_upper)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = programme.cost, programme.lower, programme.upper
    lp.row_lower_, lp.row_upper_ = programme.row_lower, programme.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = programme.starts.astype(np.int32)
    lp.a_matrix_.index_ = programme.rows.astype(np.int32)
    lp.a_matrix_.value_ = programme.factors
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(programme.upper)
    return lp
