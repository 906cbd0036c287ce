"""Whether what somebody typed is the buyer's code. A wrong one is an answer, and counted."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from santong.fieldservice.contracts import CodeTried
from santong.kernel import attempts

MOST_TRIES = 5
WITHIN = timedelta(minutes=15)


def try_code(*, merchant_id: int, subject: str, typed: str, right: str, now: datetime) -> CodeTried:
    """Count a try and look at it. Locks the subject's counter until the transaction ends."""
    counted = f"fieldservice/{merchant_id}/{subject}"
    wait = attempts.take_here(subject=counted, most=MOST_TRIES, within=WITHIN, now=now)
    if wait is not None:
        return CodeTried(is_right=False, wait_seconds=int(wait.total_seconds()) + 1)
    plain = "".join(letter for letter in typed if letter.isdecimal())
    if not hmac.compare_digest(plain.encode(), right.encode()):
        return CodeTried(is_right=False)
    attempts.give_back(subject=counted, taken_at=now)
    return CodeTried(is_right=True)
