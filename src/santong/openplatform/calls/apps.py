"""Which app calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from santong.kernel import names, tenancy
from santong.openplatform import contracts
from santong.openplatform.rules.keys import is_app_key
from santong.openplatform.selectors.apps import (
    NAME_KIND,
    KeptApp,
    NoApp,
    kept_app,
    known_apps,
)


def app_by_key(*, app_key: str, now: datetime) -> contracts.App | None:
    """The app of a key, as it was at most five seconds ago, with the secrets that are good now.

    It opens the owner's scope itself where it does not remember: call it outside any other.
    """
    try:
        kept = known_apps.get(app_key, lambda: _read(app_key))
    except NoApp:
        return None
    if kept.first_end is None or now < kept.first_end:
        return kept.app
    good = tuple(secret for secret, until in kept.secrets if until is None or now < until)
    return replace(kept.app, secrets=good)


def _read(app_key: str) -> KeptApp:
    if not is_app_key(app_key):
        raise NoApp
    owner_id = names.merchant_of(kind=NAME_KIND, name=app_key)
    if owner_id is None:
        raise NoApp
    with tenancy.scope(merchant_id=owner_id):
        return kept_app(merchant_id=owner_id, app_key=app_key)
