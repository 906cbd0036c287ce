"""A developer registers an app."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from santong.kernel import audit, names
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.openplatform import contracts
from santong.openplatform.errors import AppKeyTaken
from santong.openplatform.models import App
from santong.openplatform.rules import addresses, fields
from santong.openplatform.rules.keys import is_app_key, is_app_secret
from santong.openplatform.selectors.apps import NAME_KIND, forget_apps
from santong.openplatform.services.seal_secret import seal_secret

# As long as those that programs of the trade expect.
SMALLEST_KEY: Final = 10_000_000
KEYS: Final = 90_000_000
TRIES: Final = 20


@all_or_nothing
def register_app(
    *, merchant_id: int, wanted: contracts.NewApp, now: datetime
) -> tuple[contracts.RegisteredApp, contracts.NewSecret]:
    """Enter an app, as a draft. Its secret is shown here and never again.

    A key belongs to one app of all merchants and cells. Raises FieldInvalid, UnknownPack,
    AppKeyTaken. Locks the name of the key.
    """
    if wanted.secret and not is_app_secret(wanted.secret):
        raise FieldInvalid(pointer="/secret", reason="16 to 64 letters and digits")
    row = App(
        merchant_id=merchant_id,
        name=fields.clean_name(wanted.name),
        description=fields.clean_description(wanted.description),
        is_public=wanted.is_public,
        packs=fields.checked_packs(wanted.packs),
        personal_data=wanted.personal_data,
        redirect_uris=addresses.checked_redirects(wanted.redirect_uris),
        ip_ranges=addresses.checked_ranges(wanted.ip_ranges),
        calls_per_minute=fields.checked_calls(wanted.calls_per_minute),
        created_at=now,
    )
    row.app_key = _take_key(merchant_id, wanted.app_key)
    row.save(force_insert=True)
    secret = wanted.secret or secrets.token_hex(16)
    seal_secret(app=row, number=1, secret=secret, now=now)
    forget_apps()
    audit.record(
        audit.Change(
            action="openplatform.register_app",
            subject="app",
            subject_id=row.id,
            reason="registered",
            after={"app_key": row.app_key, "name": row.name, "packs": row.packs},
        ),
        now=now,
    )
    return row.as_contract(), contracts.NewSecret(number=1, secret=secret, older_until=None)


def _take_key(merchant_id: int, wanted: str) -> str:
    if wanted:
        if not is_app_key(wanted):
            raise FieldInvalid(pointer="/app_key", reason="5 to 18 digits, not beginning with 0")
        if App.objects.of_merchant(merchant_id).filter(app_key=wanted).exists() or not names.take(
            kind=NAME_KIND, name=wanted, merchant_id=merchant_id
        ):
            raise AppKeyTaken(app_key=wanted)
        return wanted
    for _ in range(TRIES):
        made = str(SMALLEST_KEY + secrets.randbelow(KEYS))
        if App.objects.of_merchant(merchant_id).filter(app_key=made).exists():
            continue
        if names.take(kind=NAME_KIND, name=made, merchant_id=merchant_id):
            return made
    raise AppKeyTaken(app_key="")
