"""Apps as they are asked for with every call: remembered, for seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from santong.kernel import crypto
from santong.kernel.errors import NoSuch
from santong.kernel.remembered import Remembered
from santong.merchants import public as merchants
from santong.openplatform import contracts
from santong.openplatform.models import App, AppSecret
from santong.openplatform.models.apps import secret_place
from santong.openplatform.rules.addresses import networks_of

NAME_KIND: Final = "app"
# Another process sees a change of an app, or its suspension, after so much at the latest.
REMEMBERED_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class KeptApp:
    """An app as it was read, and its secrets with the times at which they end."""

    app: contracts.App
    secrets: tuple[tuple[str, datetime | None], ...]
    first_end: datetime | None


class NoApp(LookupError):
    """Nothing is remembered here of keys that are nobody's: anybody can invent some."""


known_apps = Remembered[str, KeptApp](seconds=REMEMBERED_SECONDS)


def forget_apps() -> None:
    """Read apps again: one has changed in this transaction."""
    known_apps.forget()


def registered_app(*, merchant_id: int, app_key: str) -> contracts.RegisteredApp:
    """One of a developer's own apps. Raises NoSuch."""
    row = App.objects.of_merchant(merchant_id).filter(app_key=app_key).first()
    if row is None:
        raise NoSuch(kind="app", key=app_key)
    return row.as_contract()


def registered_apps(*, merchant_id: int) -> list[contracts.RegisteredApp]:
    """A developer's own apps, oldest first."""
    return [row.as_contract() for row in App.objects.of_merchant(merchant_id).order_by("id")]


def kept_app(*, merchant_id: int, app_key: str) -> KeptApp:
    """One of a developer's own apps with its secrets, to be remembered. Raises NoApp."""
    row = App.objects.of_merchant(merchant_id).filter(app_key=app_key).first()
    if row is None:
        raise NoApp
    return _kept(row)


def _kept(row: App) -> KeptApp:
    """The newest two secrets are all that can be good."""
    of_app = AppSecret.objects.of_merchant(row.merchant_id).filter(app_id=row.id)
    secrets = tuple(
        (_opened(row, each), each.good_until) for each in of_app.order_by("-number")[:2]
    )
    ends = [until for _, until in secrets if until is not None]
    app = contracts.App(
        app_key=row.app_key,
        owner_id=row.merchant_id,
        owner_name=merchants.merchant(merchant_id=row.merchant_id).name,
        name=row.name,
        description=row.description,
        state=row.known_state(),
        is_public=row.is_public,
        packs=packs_in_use(row),
        personal_data=row.asked_personal_data(),
        redirect_uris=tuple(row.redirect_uris),
        ip_ranges=networks_of(row.ip_ranges),
        calls_per_minute=row.calls_per_minute,
        secrets=tuple(secret for secret, _ in secrets),
    )
    return KeptApp(app, secrets, min(ends, default=None))


def packs_in_use(row: App) -> frozenset[str]:
    """What an app may use: what it chose, and once it is live only what was approved of that."""
    chosen = frozenset[str](row.packs)
    went_live = row.state == "live" or row.suspended_from == "live"
    return chosen & frozenset[str](row.approved_packs) if went_live else chosen


def app_in_scope(*, merchant_id: int, app_key: str) -> contracts.App:
    """One of a developer's own apps as those see it whom it calls. Raises NoSuch."""
    try:
        return kept_app(merchant_id=merchant_id, app_key=app_key).app
    except NoApp:
        raise NoSuch(kind="app", key=app_key) from None


def good_secrets_of(*, merchant_id: int, app_id: int, now: datetime) -> list[AppSecret]:
    """The secrets of an app that are good, oldest first."""
    good = Q(good_until=None) | Q(good_until__gt=now)
    return list(
        AppSecret.objects.of_merchant(merchant_id).filter(good, app_id=app_id).order_by("number")
    )


def _opened(row: App, secret: AppSecret) -> str:
    place = secret_place(app_id=row.id, number=secret.number)
    return crypto.decrypt(
        merchant_id=row.merchant_id, sealed=bytes(secret.sealed), place=place
    ).decode()
