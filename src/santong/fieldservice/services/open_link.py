"""A secret link for the buyer of a visit."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.fieldservice.models import VisitLink
from santong.fieldservice.selectors.codes import hash_of, new_token
from santong.fieldservice.services.record import locked_visit
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing

GOOD_FOR = timedelta(days=90)


@all_or_nothing
def open_link(*, merchant_id: int, visit_id: int, now: datetime) -> str:
    """A new token that opens the visit, and the one that follows it. It is shown once.

    Raises NoSuch. Locks the visit.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    token = new_token(merchant_id=merchant_id)
    VisitLink.objects.create(
        merchant_id=merchant_id,
        visit=visit,
        token_hash=hash_of(token),
        made_at=now,
        until=now + GOOD_FOR,
    )
    audit.record(
        audit.Change(
            action="fieldservice.open_link",
            subject="visit",
            subject_id=visit.id,
            reason="a link for the buyer",
        ),
        now=now,
    )
    return token


@all_or_nothing
def close_links(*, merchant_id: int, visit_id: int, now: datetime) -> int:
    """No link opens the visit any more. Raises NoSuch. Locks the visit."""
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    rows = VisitLink.objects.of_merchant(merchant_id).filter(visit=visit, until__gt=now)
    return rows.update(until=now)
