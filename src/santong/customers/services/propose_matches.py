"""Look for persons who may be one."""

from __future__ import annotations

from datetime import datetime

from santong.customers.rules.matching import Known, matches
from santong.customers.selectors.matches import people_to_match
from santong.customers.services.record_matches import record_matches
from santong.kernel import tenancy

AT_ONCE = 5_000


def propose_matches(*, merchant_id: int, now: datetime) -> int:
    """Compare a merchant's persons by name, birthday and address; how many pairs are new.

    Nobody is merged: every pair waits for somebody to decide. Opens scopes of its own, one for each
    step, so that no transaction is open while it thinks. What it read is gone when it returns.
    """
    people: list[Known] = []
    last_id = 0
    while True:
        with tenancy.scope(merchant_id=merchant_id, request_id="propose-matches"):
            some, last_id = people_to_match(
                merchant_id=merchant_id, after_id=last_id, limit=AT_ONCE
            )
        people += some
        if not last_id:
            break
    found = matches(people)
    with tenancy.scope(merchant_id=merchant_id, request_id="propose-matches"):
        return record_matches(merchant_id=merchant_id, found=found, now=now)
