"""How many calls a process may still let through in a minute without asking the database.

The database grants parts of a minute's calls; a part is smaller the less is left, so that little
is lost with what a process does not use.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

MINUTE: Final = timedelta(minutes=1)
MOST_BUDGETS: Final = 10_000
PARTS: Final = 10

BudgetKey = tuple[str, str]


@dataclass(slots=True)
class Budget:
    """What is left of what was granted in a minute, and whether there is no more to be had."""

    minute: datetime
    left: int = 0
    is_spent: bool = False


@dataclass(slots=True)
class Budgets:
    """What one process has of each app and method."""

    by_key: dict[BudgetKey, Budget] = field(default_factory=dict[BudgetKey, Budget])

    def take(self, key: BudgetKey, *, minute: datetime) -> bool | None:
        """Whether a call may pass: yes, no, or unknown until the database is asked."""
        budget = self.by_key.get(key)
        if budget is None or budget.minute != minute:
            return None
        if budget.left:
            budget.left -= 1
            return True
        return False if budget.is_spent else None

    def granted(self, key: BudgetKey, calls: int, *, minute: datetime) -> bool:
        """Keep what the database has granted, and take one call of it; whether there was one."""
        budget = self.by_key.get(key)
        if budget is None or budget.minute < minute:
            self._make_room(minute)
            budget = self.by_key[key] = Budget(minute)
        if budget.minute > minute:
            return calls > 0
        if not calls:
            budget.is_spent = True
            return bool(self.take(key, minute=minute))
        budget.left += calls - 1
        return True

    def _make_room(self, minute: datetime) -> None:
        if len(self.by_key) >= MOST_BUDGETS:
            now_used = {k: b for k, b in self.by_key.items() if b.minute >= minute}
            self.by_key = now_used if len(now_used) < MOST_BUDGETS else {}


def minute_of(at: datetime) -> datetime:
    """The minute in which an instant lies."""
    return at.replace(second=0, microsecond=0)


def largest_part(*, calls_per_minute: int) -> int:
    """The most that a process is granted at once."""
    return max(1, calls_per_minute // PARTS)
