"""What routing a whole day at once saves against booking it visit by visit.

Twenty technicians and 200 visits a day among points of real cities. Greedy: every visit goes to
whoever costs least when it comes in, as the product books. Planned: the same visits, with the same
promised windows, as the product proposes them anew. Another checker than the product's judges both.
"""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from statistics import fmean, median

from _dayplan_days import MADE_UP, PEOPLE, VISITS
from _dayplan_plot import draw
from _dayplan_runs import Result, compared
from _report import Report

SEEDS, QUICK_SEEDS = 24, 2


def main() -> None:
    """Days of many seeds, one process each; seconds are those of one day on one core."""
    report = Report.begin(bench="dayplan", about=__doc__ or "", draws=True)
    people, visits = (6, 40) if report.is_quick else (PEOPLE, VISITS)
    tasks = [(seed, people, visits) for seed in range(QUICK_SEEDS if report.is_quick else SEEDS)]
    with multiprocessing.get_context("spawn").Pool(1 if report.is_quick else 2) as pool:
        results: list[Result] = []
        for result in pool.imap(_one, tasks):
            results.append(result)
            report.progress(
                f"{result.day.city}: {result.greedy_minutes} minutes, {result.planned_minutes} "
                f"planned, {result.saved_percent:.1f} % less"
            )
    _tell(report, results, visits)
    if report.plot:
        draw(results=results, file=Path(report.plot))
    report.end()


def _one(task: tuple[int, int, int]) -> Result:
    return compared(*task)


def _tell(report: Report, results: list[Result], visits: int) -> None:
    saved = [each.saved_percent for each in results]
    report.figure("days", len(results))
    report.figure("greedy_way_minutes_a_day", fmean(each.greedy_minutes for each in results))
    report.figure("planned_way_minutes_a_day", fmean(each.planned_minutes for each in results))
    report.figure("saved_percent", fmean(saved), aim="≥ 10")
    report.figure("saved_percent_least", min(saved))
    report.figure("saved_percent_most", max(saved))
    report.figure("days_proposed", sum(each.is_proposed for each in results))
    report.figure("greedy_left_out_a_day", fmean(visits - len(each.greedy) for each in results))
    report.figure(
        "planned_from_all_left_out_a_day",
        fmean(visits - len(each.planned_of_all) for each in results),
    )
    report.figure("rules_broken", sum(len(each.faults) for each in results), aim="= 0")
    report.figure("greedy_ms_a_visit", 1_000 * median(e.greedy_seconds for e in results) / visits)
    report.figure("plan_seconds_p50", median(each.plan_seconds for each in results))
    report.figure("plan_seconds_max", max(each.plan_seconds for each in results))
    report.note(
        "days",
        "windows of two hours, 15 to 40 minutes of work, four skills of which each technician has "
        "three, 18 km of territory, a break at noon; the planned day has exactly the visits that "
        "greedy booked, in their windows; saved counts a day that would not be proposed as nothing",
    )
    report.note(
        "left out",
        "visits for which nobody was free in the window that was asked for; planned from all has "
        "every visit that was asked for, as if all of them had been known the evening before",
    )
    if any(each.day.city == MADE_UP for each in results):
        report.note("cities", "made up: the shared points of real cities are not there")


if __name__ == "__main__":
    main()
