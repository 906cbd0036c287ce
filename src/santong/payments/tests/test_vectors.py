"""Cases that others have published, through the door."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from santong.payments import public as ledger
from santong.payments.tests.factories import (
    balance,
    earn,
    make_points,
    of,
    spend,
)

ABSENT = "SANTONG_SHARED names no folder with vectors/promotions/cases.json"
START = datetime(2026, 1, 1, tzinfo=UTC)


def cases(kind: str) -> list[Any]:
    """The cases of a kind, or one that says that they are not there."""
    path = Path(settings.SANTONG_SHARED or "/nowhere", "vectors/promotions/cases.json")
    if not path.is_file():
        return [pytest.param({}, marks=pytest.mark.skip(reason=ABSENT))]
    found = [case for case in json.loads(path.read_text())["cases"] if case["kind"] == kind]
    assert found, f"no case of {kind}"
    return [pytest.param(case, id=case["id"]) for case in found]


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("case", cases("points_lots"))
def test_lots(merchant_id: int, case: Mapping[str, Any]) -> None:
    account = of(make_points(merchant_id=merchant_id))

    for event in case["events"]:
        if event["op"] == "earn":
            expires_at = day(event["expires"]) if "expires" in event else None
            earn(
                merchant_id=merchant_id,
                account=account,
                amount=event["points"],
                expires_at=expires_at,
                now=START,
            )
        else:
            assert event["op"] == "burn"
            spend(merchant_id=merchant_id, account=account, amount=event["points"], now=START)

    found = {name: asked(merchant_id, account, name, case) for name in case["expected"]}
    assert found == case["expected"]


def asked(merchant_id: int, account: ledger.AccountKey, name: str, case: Mapping[str, Any]) -> Any:
    """What the ledger says of one thing that a case expects."""
    lots = ledger.lots_of(merchant_id=merchant_id, account=account)
    if name == "balance":
        return balance(merchant_id=merchant_id, account=account, now=START).available
    if name == "open_lots":
        return len(lots)
    if name == "left_by_expiry":
        return {
            text: sum(lot.rest for lot in lots if lot.expires_at == day(text))
            for text in case["expected"][name]
        }
    assert name == "expiring_by"
    return {text: expiring_by(merchant_id, account, day(text)) for text in case["at"]}


def expiring_by(merchant_id: int, account: ledger.AccountKey, at: datetime) -> int:
    """What ends at a moment or before."""
    found = ledger.expiring(
        merchant_id=merchant_id,
        asset=account.asset,
        after=START,
        before=at + timedelta(microseconds=1),
        limit=10,
    )
    return sum(each.amount for each in found)


@pytest.mark.parametrize("case", cases("points_deferral"))
def test_deferral(case: Mapping[str, Any]) -> None:
    periods = [ledger.Redemption(**period) for period in case["periods"]]

    found = ledger.recognised(deferred_minor=case["deferred"], periods=periods)

    assert found == case["expected"]["recognised"]
