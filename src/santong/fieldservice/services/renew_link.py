"""A buyer's link went astray: it opens nothing any more, and there is another."""

from __future__ import annotations

from datetime import datetime

from santong.fieldservice.selectors.links import first_trip, token_of
from santong.fieldservice.services.record import locked_visit
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def renew_link(*, merchant_id: int, visit_id: int, now: datetime) -> str:
    """Let the links of a visit that were given so far open nothing any more; the new token.

    It opens the visit, and the trips before and after it. Raises NoSuch. Locks the first of them.
    """
    first = first_trip(merchant_id=merchant_id, visit_id=visit_id)
    row = locked_visit(merchant_id=merchant_id, visit_id=first.id)
    row.link_round += 1
    row.save(update_fields=["link_round"])
    audit.record(
        audit.Change(
            action="fieldservice.renew_link",
            subject="visit",
            subject_id=visit_id,
            reason="another link for the buyer",
            after={"link_round": row.link_round},
        ),
        now=now,
    )
    return token_of(first=row)
