"""All that is due at providers, at once and where nobody listens: for whoever loads an example."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from santong.kernel import tenancy
from santong.payments.providers.errands import run_errands
from santong.payments.providers.simulated_post import let_time_pass
from santong.payments.rules.simulated import notices
from santong.payments.services.simulated.claim_notices import Letter
from santong.payments.services.take_notice import take_notice


def work_through(*, merchant_id: int, clock: Callable[[], datetime]) -> int:
    """Make what calls are due, let the simulated provider go on, and hear it; how much was done.

    What it tells is handed over without a network. No scope is open.
    """

    def hand_over(letter: Letter, now: datetime) -> bool:
        with tenancy.scope(merchant_id=merchant_id):
            return take_notice(
                merchant_id=merchant_id,
                account_code=letter.account_code,
                notice=notices.read(letter.body),
                now=now,
            )

    done = 0
    while moved := (
        run_errands(merchant_id=merchant_id, clock=clock)
        + let_time_pass(merchant_id=merchant_id, clock=clock, send=hand_over)
    ):
        done += moved
    return done
