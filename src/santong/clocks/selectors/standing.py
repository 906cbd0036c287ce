"""How clocks stand at an instant, by everything that happened to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from santong.clocks import contracts
from santong.clocks.models import Clock, ClockEvent
from santong.clocks.rules.evaluate import evaluate
from santong.clocks.rules.history import history_of
from santong.clocks.rules.telling import Milestones, milestones
from santong.clocks.rules.working_time import WorkingTime
from santong.clocks.selectors.calendars import current_version_ids, working_times
from santong.clocks.selectors.policies import Promised, promised


@dataclass(frozen=True, slots=True)
class Books:
    """All that is needed to say how some clocks stand."""

    policies: Mapping[int, Promised]
    calendars: Mapping[int, WorkingTime]
    current_calendars: Mapping[int, int]

    def evaluation(self, events: Sequence[contracts.Event], *, now: int) -> contracts.Evaluation:
        """How a clock stands."""
        return evaluate(events, self._promises(), self.calendars, now)

    def milestones(self, events: Sequence[contracts.Event], *, now: int) -> Milestones:
        """What lies before a clock, and when people are told."""
        history = history_of(events, until=now)
        if history.policy is None:
            return milestones(history, None, self.calendars, tell=None)
        policy = self.policies[history.policy]
        tell = self.calendars[self.current_calendars[policy.tell_calendar_id]]
        return milestones(history, policy.promise, self.calendars, tell=tell)

    def with_calendars(self, more: Mapping[int, WorkingTime]) -> Books:
        """The same, with calendars that are only tried."""
        return replace(self, calendars={**self.calendars, **more})

    def _promises(self) -> dict[int, contracts.Promise]:
        return {version_id: policy.promise for version_id, policy in self.policies.items()}


def events_of(*, merchant_id: int, clock_ids: Collection[int]) -> dict[int, list[ClockEvent]]:
    """Events of clocks in the order in which they were recorded."""
    found: dict[int, list[ClockEvent]] = defaultdict(list)
    rows = ClockEvent.objects.of_merchant(merchant_id).filter(clock__in=clock_ids)
    for row in rows.order_by("clock_id", "number"):
        found[row.clock_id].append(row)
    return found


def books(*, merchant_id: int, events: Collection[contracts.Event]) -> Books:
    """Policies and calendars that events speak of, and those by which people are told."""
    policies = promised(
        merchant_id=merchant_id,
        version_ids={event.policy for event in events if event.policy is not None},
    )
    current = current_version_ids(merchant_id=merchant_id) if policies else {}
    wanted = {event.calendar for event in events if event.calendar is not None}
    wanted |= {current[policy.tell_calendar_id] for policy in policies.values()}
    return Books(
        policies=policies,
        calendars=working_times(merchant_id=merchant_id, version_ids=wanted),
        current_calendars=current,
    )


def standings(
    *, merchant_id: int, clocks: Collection[Clock], now: int | None
) -> dict[int, contracts.Evaluation]:
    """How clocks stand at an instant; without one, at the last thing that happened to each."""
    recorded = events_of(merchant_id=merchant_id, clock_ids=[clock.id for clock in clocks])
    events = {clock_id: [row.as_event() for row in rows] for clock_id, rows in recorded.items()}
    found = books(
        merchant_id=merchant_id, events=[event for each in events.values() for event in each]
    )
    return {
        clock_id: found.evaluation(
            each, now=max(event.at for event in each) if now is None else now
        )
        for clock_id, each in events.items()
    }
