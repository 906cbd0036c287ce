"""What routing saves against the best possible, and how long one order takes.

The cost is that of the test-bed in `_routing_testbed`, relative to the lower bound of its linear
programme; every order goes through the same `decide` as a live one. The time is that of one
order among 5,000 and 50,000 places, from columns to an explained choice.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from statistics import fmean, median, stdev

from _report import Report
from _routing_chain import YUAN
from _routing_costs import POLICIES, Result, Task, compared
from _routing_places import Times, country, times
from _routing_policies import Outcome
from _routing_stores import ChainTask, Served, served_by_policy

SCARCE, AMPLE, LONG = "stock of z = 0.5", "stock of z = 3", "ten times the orders"
STOCKED, STOCKED_EVERYWHERE = 0.3, 1.0
TIMED_RUNS = 3


def main() -> None:
    """Runs the test-bed on all cores, then times orders on one."""
    report = Report.begin(bench="routing", about=__doc__ or "")
    results, served = _results(report)
    scarce = [each for each in results if each.scenario == SCARCE]
    _tell_costs(report, scarce)
    _tell_times(report)
    _tell_baselines(report, scarce)
    for scenario, suffix in ((AMPLE, "z3"), (LONG, "10x_orders")):
        _tell_beside(report, [each for each in results if each.scenario == scenario], suffix)
    _tell_chain(report, served)
    seconds = [second for result in results for second in result.solve_seconds]
    report.figure("price_solve_p50_ms", 1_000 * median(seconds))
    report.figure("price_solve_max_ms", 1_000 * max(seconds))
    report.end()


def _results(report: Report) -> tuple[list[Result], list[dict[str, Served]]]:
    tasks = list(_tasks(is_quick=report.is_quick))
    chains = [ChainTask(seed, orders=150 if report.is_quick else 5_000) for seed in range(2)]
    results: list[Result] = []
    with multiprocessing.get_context("spawn").Pool(os.cpu_count() or 1) as pool:
        serving = pool.map_async(served_by_policy, chains, chunksize=1)
        for result in pool.imap_unordered(compared, tasks):
            results.append(result)
            report.progress(f"{len(results)} of {len(tasks)} runs: {result.scenario}")
        return results, serving.get()


def _tasks(*, is_quick: bool) -> Iterator[Task]:
    if is_quick:
        for scenario, z in ((SCARCE, 0.5), (AMPLE, 3.0), (LONG, 0.5)):
            yield Task(scenario, z, seed=0, sequence=0, periods=300)
        return
    for seed in range(2):
        yield Task(LONG, 0.5, seed, sequence=0, periods=100_000)
    for seed in range(15):
        yield Task(SCARCE, 0.5, seed, sequence=0, periods=10_000)
        yield Task(SCARCE, 0.5, seed, sequence=1, periods=10_000)
    for seed in range(10):
        yield Task(AMPLE, 3.0, seed, sequence=0, periods=10_000)


def _tell_costs(report: Report, results: Sequence[Result]) -> None:
    report.figure("cost_to_bound_one_solve", _to_bound(results, "one_solve"), aim="≤ 1.06")
    report.figure("cost_to_bound_ten_solves", _to_bound(results, "ten_solves"), aim="≤ 1.045")
    report.figure("nearest_per_line_to_bound", _to_bound(results, "nearest_per_line"))
    report.figure("parcels_per_order", _parcels(results, "one_solve"))
    report.figure("nearest_parcels_per_order", _parcels(results, "nearest_per_line"))
    report.figure("unfilled_with_stock", _unfilled_with_stock(results), aim="= 0")
    errors = ", ".join(
        f"{_error(results, policy):.4f} ({policy})" for policy in ("one_solve", "ten_solves")
    )
    report.note(
        "cost",
        f"means over {len(results)} runs with stock of z = 0.5, the scarcer and the harder; "
        f"standard errors {errors}; parcels per order and savings are those of one solve",
    )


def _tell_times(report: Report) -> None:
    for places, aim in ((5_000, "≤ 1"), (50_000, "≤ 3")):
        report.progress(f"timing orders among {places:,} places")
        timed = _timed(report, places, STOCKED)
        report.figure(f"route_p50_ms_{places}_places", _median(timed, 0.5), aim=aim)
        report.figure(f"route_p99_ms_{places}_places", _median(timed, 0.99))
        report.figure(
            f"route_cpu_p50_ms_{places}_places", median(median(each.of_processor) for each in timed)
        )
        by_lines = ", ".join(
            f"{lines}: {median(milliseconds):.2f}"
            for lines, milliseconds in timed[0].by_lines.items()
        )
        report.note(f"{places:,} places", f"median milliseconds by number of lines: {by_lines}")
        dense = _timed(report, places, STOCKED_EVERYWHERE)
        report.figure(f"route_p50_ms_{places}_places_all_stocked", _median(dense, 0.5))
    report.note(
        "time",
        "orders of one to five lines, each size as often; a place holds a SKU with chance "
        f"{STOCKED}, or every SKU (all_stocked); medians of {TIMED_RUNS} runs, one thread",
    )


def _timed(report: Report, places: int, share_stocked: float) -> list[Times]:
    land = country(places=places, share_stocked=share_stocked)
    orders, runs = (25, 1) if report.is_quick else (500, TIMED_RUNS)
    return [times(land=land, orders=orders, seed=seed) for seed in range(runs)]


def _tell_baselines(report: Report, results: Sequence[Result]) -> None:
    nearest, once = _to_bound(results, "nearest_per_line"), _to_bound(results, "one_solve")
    parcels = _parcels(results, "one_solve") / _parcels(results, "nearest_per_line")
    report.figure("cheaper_than_nearest_percent", 100 * (1 - once / nearest), aim="≥ 5")
    report.figure("fewer_parcels_than_nearest_percent", 100 * (1 - parcels), aim="≥ 8")
    report.figure("rule_engine_to_bound", _to_bound(results, "rule_engine"))
    report.figure("myopic_to_bound", _to_bound(results, "myopic"))
    report.figure("one_solve_of_mean_to_bound", _to_bound(results, "one_solve_of_mean"))
    for policy in ("rule_engine", "myopic", "one_solve_of_mean", "ten_solves"):
        report.figure(f"{policy}_parcels_per_order", _parcels(results, policy))
    lines = sum(each.items for each in _outcomes(results, "one_solve"))
    unfilled = sum(each.unfilled for each in _outcomes(results, "one_solve"))
    report.figure("unfilled_lines_percent", 100 * unfilled / lines)


def _tell_beside(report: Report, results: Sequence[Result], suffix: str) -> None:
    for policy in POLICIES:
        report.figure(f"{policy}_to_bound_{suffix}", _to_bound(results, policy))
    report.figure(f"unfilled_with_stock_{suffix}", _unfilled_with_stock(results), aim="= 0")


def _tell_chain(report: Report, served: Sequence[dict[str, Served]]) -> None:
    for policy in served[0]:
        of_policy = [each[policy] for each in served]
        orders = sum(each.orders for each in of_policy)
        report.figure(
            f"chain_{policy}_yuan_per_order", sum(each.milli for each in of_policy) / orders / YUAN
        )
    routed = [each["one_solve"] for each in served]
    orders = sum(each.orders for each in routed)
    report.figure("chain_parcels_per_order", sum(each.parcels for each in routed) / orders)
    report.figure("chain_declined_per_order", sum(each.declined for each in routed) / orders)
    report.figure(
        "chain_unfilled_with_stock", sum(each.unfilled_with_stock for each in routed), aim="= 0"
    )
    report.note(
        "chain",
        f"{len(served)} chains of 2 warehouses and 60 stores that accept 75 to 95 %, couriers for "
        "one order in five; cost with declines and 60 yuan for each line not sent; myopic_trusting "
        "ignores that stores decline, myopic has no prices, one_solve has both",
    )


def _outcomes(results: Sequence[Result], policy: str) -> list[Outcome]:
    return [result.outcome_by_policy[policy] for result in results]


def _to_bound(results: Sequence[Result], policy: str) -> float:
    return fmean(result.to_bound(policy) for result in results)


def _error(results: Sequence[Result], policy: str) -> float:
    ratios = [result.to_bound(policy) for result in results]
    return stdev(ratios) / len(ratios) ** 0.5 if len(ratios) > 1 else 0.0


def _parcels(results: Sequence[Result], policy: str) -> float:
    outcomes = _outcomes(results, policy)
    return sum(each.parcels for each in outcomes) / sum(each.orders for each in outcomes)


def _unfilled_with_stock(results: Sequence[Result]) -> int:
    return sum(
        outcome.unfilled_with_stock for policy in POLICIES for outcome in _outcomes(results, policy)
    )


def _median(timed: Sequence[Times], share: float) -> float:
    return median(each.quantile(share) for each in timed)


if __name__ == "__main__":
    main()
