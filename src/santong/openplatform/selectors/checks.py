"""What is known of an app that is to go live."""

from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.openplatform import contracts
from santong.openplatform.models import App, CallCount
from santong.openplatform.rules.states import Facts, go_live_checks


def checks_of_app(*, merchant_id: int, app_key: str) -> list[contracts.Check]:
    """The list of an app that is gone through before it goes live. Raises NoSuch."""
    row = App.objects.of_merchant(merchant_id).filter(app_key=app_key).first()
    if row is None:
        raise NoSuch(kind="app", key=app_key)
    return go_live_checks(facts=facts_of(row))


def facts_of(row: App) -> Facts:
    """What is known of an app, of its settings, and of what it called."""
    called = CallCount.objects.of_merchant(row.merchant_id).filter(app_key=row.app_key)
    return Facts(
        name=row.name,
        description=row.description,
        packs=tuple(row.packs),
        approved_packs=tuple(row.approved_packs),
        has_redirect=bool(row.redirect_uris),
        has_ip_ranges=bool(row.ip_ranges),
        has_passed_conformance=row.conformance_passed_at is not None,
        has_called=called.exists(),
    )
