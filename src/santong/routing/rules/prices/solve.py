"""The scarcity price of each place's stock: the dual of its row in the forecast's programme."""

import highspy
import numpy as np

from santong.routing.rules.prices.problem import PriceProblem, Prices
from santong.routing.rules.prices.rows import MILLI, Rows


def solve_prices(*, problem: PriceProblem) -> Prices:
    """What a unit in each place saves later if it is not sent now; integers, so they replay.

    The same problem gives the same prices: one thread, one seed, no time limit.
    """
    rows = Rows(problem=problem)
    if not rows.costs:
        return Prices(price_milli_by_place={}, bound_milli=0)
    duals, cost = _solved(rows)
    price_milli_by_place = {
        place: price
        for place, row in rows.stock_row.items()
        if (price := round(-duals[row] * MILLI)) > 0
    }
    return Prices(price_milli_by_place=price_milli_by_place, bound_milli=round(cost * MILLI))


def _solved(rows: Rows) -> tuple[list[float], float]:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # ships no types
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        highs.setOptionValue(option, value)
    columns = len(rows.costs)
    highs.passModel(
        columns,
        len(rows.lower),
        len(rows.indices),
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        np.array(rows.costs),
        np.zeros(columns),
        np.full(columns, highspy.kHighsInf),
        np.array(rows.lower),
        np.array(rows.upper),
        np.array(rows.starts[:-1], dtype=np.int32),
        np.array(rows.indices, dtype=np.int32),
        np.array(rows.values),
        np.zeros(columns, dtype=np.int32),
    )
    highs.run()
    status = highs.getModelStatus()
    assert status == highspy.HighsModelStatus.kOptimal, f"unfilled is always possible: {status}"
    return list(highs.getSolution().row_dual), highs.getInfo().objective_function_value
