"""What goes on behind the pages of a journey: time passes, providers answer, facts are heard."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from santong.payments.providers.errands import run_errands
from santong.payments.providers.simulated_post import let_time_pass
from tests.journeys.http import tell_all

# A merchant's time goes on with each round, and no other's: what is asked for waits half an hour.
_rounds: defaultdict[int, Iterator[int]] = defaultdict(partial(itertools.count, 1))


def later(ahead: timedelta) -> datetime:
    """As late as it will be then."""
    return datetime.now(UTC) + ahead


def let_providers_work(merchant: int, *, ahead: timedelta = timedelta()) -> None:
    """What the worker does for a minute and more, and what is heard of it.

    Nobody tells us of payments here: they are looked up after a while.
    """
    for _ in range(3):
        clock = partial(later, ahead + timedelta(seconds=20 * next(_rounds[merchant])))
        run_errands(merchant_id=merchant, clock=clock)
        let_time_pass(merchant_id=merchant, clock=clock)
    tell_all()
