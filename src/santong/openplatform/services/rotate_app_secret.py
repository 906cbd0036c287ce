"""An app gets a new secret, and goes on calling while it is brought where it is needed."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.openplatform import contracts
from santong.openplatform.errors import TwoAppSecretsAlready
from santong.openplatform.models import AppSecret
from santong.openplatform.rules.fields import clean_reason
from santong.openplatform.selectors.apps import forget_apps, good_secrets_of
from santong.openplatform.services.lock_app import lock_app
from santong.openplatform.services.seal_secret import seal_secret

OLDER_LIVES_MOST: Final = timedelta(days=30)


@all_or_nothing
def rotate_app_secret(
    *, merchant_id: int, app_key: str, older_lives: timedelta, reason: str, now: datetime
) -> contracts.NewSecret:
    """Give an app a new secret, shown here and never again; the older one is good for a while.

    With `older_lives` of nothing the older ones end at once, as after a leak (in other processes
    some seconds later); else a third secret is refused.

    Raises NoSuch, FieldInvalid, TwoAppSecretsAlready. Locks the app.
    """
    if not timedelta(0) <= older_lives <= OLDER_LIVES_MOST:
        raise FieldInvalid(pointer="/older_lives_minutes", reason="0 to 43200")
    reason = clean_reason(reason)
    row = lock_app(merchant_id=merchant_id, app_key=app_key)
    good = good_secrets_of(merchant_id=merchant_id, app_id=row.id, now=now)
    ending = [each.good_until for each in good if each.good_until is not None]
    if ending and older_lives:
        raise TwoAppSecretsAlready(older_until=min(ending))
    older_until = now + older_lives
    AppSecret.objects.of_merchant(merchant_id).filter(id__in=[each.id for each in good]).update(
        good_until=older_until
    )
    number = good[-1].number + 1
    made = secrets.token_hex(16)
    seal_secret(app=row, number=number, secret=made, now=now)
    forget_apps()
    audit.record(
        audit.Change(
            action="openplatform.rotate_secret",
            subject="app",
            subject_id=row.id,
            reason=reason,
            before={"number": number - 1},
            after={"number": number, "older_until": older_until.isoformat()},
        ),
        now=now,
    )
    return contracts.NewSecret(number=number, secret=made, older_until=older_until)
