"""Apps for tests: say what the test is about, the rest is invented.

Apps are looked up outside a merchant's scope, so these open their scopes themselves.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from santong.kernel import names, tenancy
from santong.merchants.tests.factories import make_staff
from santong.openplatform import contracts
from santong.openplatform.calls.apps import app_by_key
from santong.openplatform.models import App
from santong.openplatform.selectors.apps import forget_apps
from santong.openplatform.selectors.invariants import check_invariants
from santong.openplatform.services.authorise import authorise
from santong.openplatform.services.mark_sandbox import mark_sandbox
from santong.openplatform.services.open_session import open_session
from santong.openplatform.services.register_app import register_app

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
CALLBACK = "https://erp.example.com/callback"
EVERY_PACK = ("goods", "orders", "stores", "members", "services", "messages", "qimen")

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeApp:
    """An app, and the secret that was shown once."""

    app: contracts.App
    secret: str = field(repr=False)

    @property
    def app_key(self) -> str:
        return self.app.app_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorised:
    """An app that a merchant lets in, with a session there."""

    made: MadeApp
    merchant_id: int
    staff_id: int
    tokens: contracts.Tokens

    @property
    def app(self) -> contracts.App:
        return self.made.app

    @property
    def session_key(self) -> str:
        return self.tokens.access_token


def make_app(
    owner_id: int,
    *,
    state: contracts.AppState = "live",
    packs: Collection[str] = EVERY_PACK,
    now: datetime = NOW,
    **named: Any,
) -> MadeApp:
    """An app of a developer, in a state, with everything approved. Call it outside any scope.

    A key that is asked for (that of published requests) is taken from whichever test had it.
    """
    _let_go(str(named.get("app_key", "")))
    named = {
        "name": f"ERP {next(_numbers)}",
        "description": "Keeps orders and stock in step",
        "redirect_uris": (CALLBACK,),
        "calls_per_minute": 100_000,
        **named,
    }
    with tenancy.scope(merchant_id=owner_id):
        wanted = contracts.NewApp(packs=tuple(packs), **named)
        row, secret = register_app(merchant_id=owner_id, wanted=wanted, now=now)
        rows = App.objects.of_merchant(owner_id).filter(id=row.id)
        rows.update(
            state=state,
            approved_packs=list(row.packs),
            went_live_at=now if state == "live" else None,
            suspended_from="live" if state == "suspended" else "",
        )
        forget_apps()
    return MadeApp(app=app_of(row.app_key), secret=secret.secret)


def _let_go(app_key: str) -> None:
    holder = names.merchant_of(kind="app", name=app_key) if app_key else None
    if holder is not None:
        with tenancy.scope(merchant_id=holder):
            names.release(kind="app", name=app_key, merchant_id=holder)


def app_of(app_key: str, *, now: datetime = NOW) -> contracts.App:
    """An app as those see it whom it calls."""
    found = app_by_key(app_key=app_key, now=now)
    assert found is not None
    return found


def let_in(
    made: MadeApp,
    merchant_id: int,
    *,
    packs: Collection[str] | None = None,
    scopes: Collection[str] = (),
    personal_data: contracts.PersonalData | None = None,
    location_ids: Collection[int] | None = None,
    brand_ids: Collection[int] | None = None,
    now: datetime = NOW,
) -> Authorised:
    """A merchant lets an app in, and it has a session. Call it outside any scope."""
    consent = contracts.Consent(
        packs=made.app.packs if packs is None else frozenset(packs),
        personal_data=personal_data or made.app.personal_data,
        location_ids=None if location_ids is None else frozenset(location_ids),
        brand_ids=None if brand_ids is None else frozenset(brand_ids),
    )
    with tenancy.scope(merchant_id=merchant_id):
        person = make_staff(merchant_id)
        authorise(
            merchant_id=merchant_id, app=made.app, consent=consent, staff_id=person.id, now=now
        )
        tokens = open_session(
            merchant_id=merchant_id,
            app_key=made.app_key,
            staff_id=person.id,
            scopes=scopes,
            now=now,
        )
    return Authorised(made=made, merchant_id=merchant_id, staff_id=person.id, tokens=tokens)


def make_sandbox(merchant_id: int, *, now: datetime = NOW) -> None:
    """Say of a merchant that it is there to try things in. Call it outside any scope."""
    with tenancy.scope(merchant_id=merchant_id):
        mark_sandbox(merchant_id=merchant_id, now=now)


def assert_sound(*merchant_ids: int) -> None:
    for merchant_id in merchant_ids:
        with tenancy.scope(merchant_id=merchant_id):
            assert check_invariants(merchant_id=merchant_id) == []
