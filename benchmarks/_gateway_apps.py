"""A sandbox with a store and a shelf, and applications that it lets in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

# Django is set up by the benchmark before anything here is called.
# ruff: noqa: PLC0415

STORE, SKU = "SH001", "COAT-RED-M"
ON_HAND = 17
PACKS = frozenset({"base", "goods", "stores"})


@dataclass(frozen=True, slots=True)
class Client:
    """An application, what it signs with, and its session."""

    app_key: str
    secret: str
    session: str


def make_clients(*, many: int) -> list[Client]:
    """So many applications, all of one seller, who lets each see its stock."""
    from santong.openplatform import public as openplatform

    now = datetime.now(UTC)
    sandbox = openplatform.open_sandbox(name="Benchmark", login="bench", person="Bench", now=now)
    _fill_shelf(sandbox.merchant_id, now)
    return [_client(sandbox.merchant_id, sandbox.staff_id, number, now) for number in range(many)]


def _fill_shelf(merchant_id: int, now: datetime) -> None:
    from santong.catalog import public as catalog
    from santong.inventory import public as inventory
    from santong.kernel import tenancy
    from santong.stores import public as stores

    with tenancy.scope(merchant_id=merchant_id):
        location = stores.open_location(
            merchant_id=merchant_id,
            code=STORE,
            name="Store",
            kind="store",
            latitude=31.23,
            longitude=121.47,
            now=now,
        )
        catalog.create_style(merchant_id=merchant_id, code="COAT", name="Coat", now=now)
        sku = catalog.create_sku(merchant_id=merchant_id, style_code="COAT", code=SKU, now=now)
        inventory.receive(
            merchant_id=merchant_id,
            location_id=location.id,
            quantity_by_sku={sku.id: ON_HAND},
            reason="bench",
            key="bench",
            now=now,
        )


def _client(merchant_id: int, staff_id: int, number: int, now: datetime) -> Client:
    from santong.kernel import tenancy
    from santong.openplatform import public as openplatform

    wanted = openplatform.NewApp(
        name=f"App {number}", packs=tuple(sorted(PACKS)), calls_per_minute=10_000_000
    )
    with tenancy.scope(merchant_id=merchant_id):
        row, secret = openplatform.register_app(merchant_id=merchant_id, wanted=wanted, now=now)
        openplatform.start_trial(merchant_id=merchant_id, app_key=row.app_key, now=now)
    app = openplatform.app_by_key(app_key=row.app_key, now=now)
    assert app is not None
    with tenancy.scope(merchant_id=merchant_id):
        consent = openplatform.Consent(packs=app.packs)
        openplatform.authorise(
            merchant_id=merchant_id, app=app, consent=consent, staff_id=staff_id, now=now
        )
        tokens = openplatform.open_session(
            merchant_id=merchant_id, app_key=row.app_key, staff_id=staff_id, now=now
        )
    return Client(row.app_key, secret.secret, tokens.access_token)
