"""What the simulated provider knows of an account."""

from __future__ import annotations

import hashlib
import json

from santong.kernel import crypto
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts.providers import Access
from santong.payments.models import SimulatedAccount
from santong.payments.rules.simulated.terms import Holder, terms_of
from santong.payments.selectors.simulated.holders import secret_place


@all_or_nothing
def know_account(*, access: Access) -> Holder:
    """Keep an account's terms, secret and address as they are now; whose account it is.

    Raises Refused where its settings make no sense.
    """
    terms = terms_of(access.settings)
    secret = access.secrets.get("secret", "")
    settings = dict(access.settings)
    said = json.dumps([settings, access.notify_url, secret], sort_keys=True).encode()
    fingerprint = hashlib.sha256(said).hexdigest()
    known = SimulatedAccount.objects.of_merchant(access.merchant_id).filter(
        account_code=access.account_code, fingerprint=fingerprint
    )
    if not known.exists():
        place = secret_place(account_code=access.account_code)
        sealed = crypto.encrypt(merchant_id=access.merchant_id, plain=secret.encode(), place=place)
        SimulatedAccount.objects.update_or_create(
            merchant_id=access.merchant_id,
            account_code=access.account_code,
            defaults={
                "settings": settings,
                "notify_url": access.notify_url,
                "secret_sealed": sealed,
                "fingerprint": fingerprint,
            },
        )
    return Holder(
        merchant_id=access.merchant_id,
        account_code=access.account_code,
        terms=terms,
        is_told=bool(secret and access.notify_url),
    )
