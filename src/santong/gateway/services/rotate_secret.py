from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from santong.gateway import contracts
from santong.gateway.errors import TwoSecretsAlready
from santong.gateway.models import ConnectionSecret
from santong.gateway.rules.settings import check_secret
from santong.gateway.selectors.lines import forget_lines
from santong.gateway.services.lock_connection import lock_connection
from santong.gateway.services.seal import keep_secret
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing

OLDER_LIVES_MOST: Final = timedelta(days=30)


@all_or_nothing
def rotate_secret(
    *,
    merchant_id: int,
    connection_id: int,
    secret: str,
    older_lives: timedelta,
    reason: str,
    now: datetime,
) -> contracts.NewSecret:
    """Give a connection a new secret; the older one stays good for a while, so no call is lost.

    An empty `secret` asks for one to be made. It is shown here and never again. With `older_lives`
    of nothing the older ones end at once, as after a leak; else a third secret is refused.

    Raises NoSuch, FieldInvalid, TwoSecretsAlready. Locks the connection.
    """
    if not timedelta(0) <= older_lives <= OLDER_LIVES_MOST:
        raise FieldInvalid(pointer="/older_lives_minutes", reason="0 to 43200")
    if secret:
        check_secret(secret=secret)
    row = lock_connection(merchant_id=merchant_id, connection_id=connection_id)
    live = list(
        ConnectionSecret.objects.of_merchant(merchant_id)
        .filter(Q(good_until=None) | Q(good_until__gt=now), connection_id=row.id)
        .order_by("number")
    )
    ending = [each.good_until for each in live if each.good_until is not None]
    if ending and older_lives:
        raise TwoSecretsAlready(older_until=min(ending))
    older_until = now + older_lives
    for each in live:
        each.good_until = older_until
        each.save(update_fields=["good_until"])
    made = secret or secrets.token_hex(16)
    number = live[-1].number + 1
    keep_secret(merchant_id=merchant_id, connection_id=row.id, number=number, secret=made, now=now)
    forget_lines()
    audit.record(
        audit.Change(
            action="gateway.rotate_secret",
            subject="connection",
            subject_id=row.id,
            reason=reason,
            before={"number": live[-1].number},
            after={"number": number, "older_until": older_until.isoformat()},
        ),
        now=now,
    )
    return contracts.NewSecret(number=number, secret=made, older_until=older_until)
