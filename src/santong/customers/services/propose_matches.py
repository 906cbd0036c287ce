"""Look for persons who may be one."""

from __future__ import annotations

from datetime import datetime

from santong.customers.services.propose_some import propose_some
from santong.kernel import tenancy

AT_ONCE = 250


def propose_matches(*, merchant_id: int, now: datetime, steps: int | None = None) -> int:
    """Compare whoever waits for it, by name, birthday and address; how many pairs are new.

    Nobody is merged: every pair waits for somebody to decide. Opens scopes of its own, one for each
    step, so that it goes on where it was broken off; with `steps`, it stops after so many. Whoever
    is being changed at this moment is left for the next time.
    """
    pairs = taken = 0
    while steps is None or taken < steps:
        with tenancy.scope(merchant_id=merchant_id, request_id="propose-matches"):
            compared = propose_some(merchant_id=merchant_id, now=now, limit=AT_ONCE)
        pairs += compared.pairs
        taken += 1
        if not compared.persons:
            break
    return pairs
