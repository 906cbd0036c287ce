"""What the simulated provider tells goes out by HTTP: claimed, sent in no transaction, settled."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Final

from django.db import connection as database

from santong.kernel import tenancy
from santong.kernel.outbound import Failed, post
from santong.payments.rules.simulated.signing import signed
from santong.payments.services.simulated.claim_notices import (
    Letter,
    claim_notices,
    settle_notice,
)
from santong.payments.services.simulated.settle_due import settle_due

AT_ONCE: Final = 20
MOST_SETTLED: Final = 200
ANSWERS_WITHIN_SECONDS: Final = 5.0
# Whoever stops the worker waits for a job to end.
LONGEST_RUN_SECONDS: Final = 20.0
# The address is our own, and nobody typed it.
THIS_MACHINE: Final = ("127.0.0.0/8", "::1/128")

# Hands a letter over at an instant; whether it was answered well.
Send = Callable[[Letter, datetime], bool]


def let_time_pass(
    *,
    merchant_id: int,
    clock: Callable[[], datetime],
    seconds: float = LONGEST_RUN_SECONDS,
    send: Send | None = None,
) -> int:
    """Settle at the simulated provider what is due, and tell what is to be told; how much was.

    Letters go by HTTP unless they are sent in another way.
    """
    assert not database.in_atomic_block, "nothing slow happens inside a transaction"
    ends_at = time.monotonic() + seconds
    done = 0
    while time.monotonic() < ends_at:
        with tenancy.scope(merchant_id=merchant_id):
            settled = settle_due(merchant_id=merchant_id, now=clock(), limit=MOST_SETTLED)
            letters = claim_notices(merchant_id=merchant_id, now=clock(), limit=AT_ONCE)
        if not settled and not letters:
            break
        for letter in letters:
            is_taken = (send or _sent)(letter, clock())
            with tenancy.scope(merchant_id=merchant_id):
                settle_notice(
                    merchant_id=merchant_id, letter=letter, is_taken=is_taken, now=clock()
                )
        done += settled + len(letters)
    return done


def _sent(letter: Letter, now: datetime) -> bool:
    headers = {
        "Content-Type": "application/json",
        **signed(secret=letter.secret, body=letter.body, now=now),
    }
    try:
        answer = post(
            url=letter.url,
            headers=headers,
            body=letter.body,
            within_seconds=ANSWERS_WITHIN_SECONDS,
            also_allowed=THIS_MACHINE,
        )
    except Failed:
        return False
    return answer.status == HTTPStatus.OK
