from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.messaging import contracts
from santong.messaging.errors import TwoSecretsAlready
from santong.messaging.models import EndpointSecret
from santong.messaging.services.create_webhook import keep_secret
from santong.messaging.services.lock_webhook import lock_webhook

OLDER_LIVES_MOST: Final = timedelta(days=30)


@all_or_nothing
def rotate_secret(
    *, merchant_id: int, webhook_id: int, older_lives: timedelta, reason: str, now: datetime
) -> contracts.Secret:
    """Give an endpoint a new secret; both sign until the older one has ended.

    With `older_lives` of nothing the older ones end at once, as after a leak; else a third secret
    is refused.

    Raises NoSuch, FieldInvalid, TwoSecretsAlready. Locks the endpoint and its place.
    """
    if not timedelta(0) <= older_lives <= OLDER_LIVES_MOST:
        raise FieldInvalid(pointer="/older_lives_minutes", reason="0 to 43200")
    lock_webhook(merchant_id=merchant_id, webhook_id=webhook_id)
    live = list(
        EndpointSecret.objects.of_merchant(merchant_id)
        .filter(Q(good_until=None) | Q(good_until__gt=now), endpoint_id=webhook_id)
        .order_by("number")
    )
    ending = [each.good_until for each in live if each.good_until is not None]
    if ending and older_lives:
        raise TwoSecretsAlready(older_until=min(ending))
    older_until = now + older_lives
    for each in live:
        each.good_until = older_until
        each.save(update_fields=["good_until"])
    number = live[-1].number + 1
    made = keep_secret(merchant_id=merchant_id, endpoint_id=webhook_id, number=number, now=now)
    audit.record(
        audit.Change(
            action="messaging.rotate_secret",
            subject="webhook",
            subject_id=webhook_id,
            reason=reason,
            before={"number": live[-1].number},
            after={"number": number, "older_until": older_until.isoformat()},
        ),
        now=now,
    )
    return contracts.Secret(number=number, secret=made, older_until=older_until)
