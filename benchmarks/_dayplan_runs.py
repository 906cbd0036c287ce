"""One day, booked visit by visit as buyers come in, then routed at once."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from _dayplan_checker import Made, faults, minutes_on_the_way
from _dayplan_days import WorkingDay, working_day
from santong.fieldservice.rules.availability import Day, Stop
from santong.fieldservice.rules.clock import Span
from santong.fieldservice.rules.day_plan import Routes, plan_day
from santong.fieldservice.rules.dispatch import Asked, Candidate, chosen_of, decide


@dataclass(frozen=True)
class Result:
    """What a day came to."""

    day: WorkingDay
    greedy: tuple[Made, ...]
    planned: tuple[Made, ...]
    planned_of_all: tuple[Made, ...]
    greedy_minutes: int
    planned_minutes: int
    faults: tuple[str, ...]
    greedy_seconds: float
    plan_seconds: float

    @property
    def is_proposed(self) -> bool:
        """Whether the product would show it: everybody who was booked is served, on less way."""
        return len(self.planned) == len(self.greedy) and self.planned_minutes < self.greedy_minutes

    @property
    def saved_percent(self) -> float:
        if not self.is_proposed:
            return 0.0
        return 100 * (1 - self.planned_minutes / self.greedy_minutes)


def compared(seed: int, people: int, visits: int) -> Result:
    """Both ways of making the day of a seed."""
    day = working_day(seed=seed, people=people, visits=visits)
    began = time.perf_counter()
    greedy = _greedily(day)
    greedy_seconds = time.perf_counter() - began
    served = {each.visit_id for each in greedy}
    booked = replace(day, visits=tuple(each for each in day.visits if each.visit_id in served))
    began = time.perf_counter()
    planned = _made(plan_day(visits=booked.visits, people=day.people))
    plan_seconds = time.perf_counter() - began
    of_all = _made(plan_day(visits=day.visits, people=day.people))
    return Result(
        day=day,
        greedy=greedy,
        planned=planned,
        planned_of_all=of_all,
        greedy_minutes=minutes_on_the_way(day=day, made=greedy),
        planned_minutes=minutes_on_the_way(day=day, made=planned),
        faults=tuple(
            fault for made in (greedy, planned, of_all) for fault in faults(day=day, made=made)
        ),
        greedy_seconds=greedy_seconds,
        plan_seconds=plan_seconds,
    )


def _greedily(day: WorkingDay) -> tuple[Made, ...]:
    """Each visit goes to whoever costs least when it comes in; none that is booked moves."""
    days = {each.technician_id: each.day for each in day.people}
    made: list[Made] = []
    for visit in day.visits:
        chosen = chosen_of(
            decide(
                asked=Asked(
                    point=visit.point,
                    window=visit.window,
                    work=visit.work,
                    skills=tuple(visit.skills),
                ),
                candidates=[
                    Candidate(
                        technician_id=each.technician_id,
                        code=str(each.technician_id),
                        skills=tuple(each.skills),
                        is_covered=visit.visit_id in each.covered,
                        load_minutes=_load(days[each.technician_id]),
                        day=days[each.technician_id],
                    )
                    for each in day.people
                ],
            )
        )
        if chosen is None or chosen.busy is None:
            continue
        known = days[chosen.technician_id]
        stops = tuple(sorted([*known.stops, Stop(Span(*chosen.busy), visit.point)]))
        days[chosen.technician_id] = replace(known, stops=stops)
        made.append(Made(visit.visit_id, chosen.technician_id, *chosen.busy))
    return tuple(made)


def _load(day: Day) -> int:
    return sum(stop.busy.end - stop.busy.start for stop in day.stops)


def _made(routes: Routes) -> tuple[Made, ...]:
    return tuple(
        Made(stop.visit_id, technician_id, *stop.busy)
        for technician_id, stops in routes.stops.items()
        for stop in stops
    )
