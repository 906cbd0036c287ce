"""Whoever owns accounts reads all of them, and the books name nobody."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.kernel.errors import FieldInvalid
from santong.payments import public as payments
from santong.payments.models import Txn
from santong.payments.tests.factories import (
    NOW,
    SOURCE,
    earn,
    earned,
    make_points,
    new_key,
    of,
    spend,
    take_hold,
)

NEXT_YEAR = NOW + timedelta(days=365)


def test_all_accounts_of_an_owner_are_read_with_what_was_written(merchant_id: int) -> None:
    asset = make_points(merchant_id=merchant_id)
    mine, anothers = of(asset, owner="member:17"), of(asset, owner="member:18")
    earn(merchant_id=merchant_id, account=mine, amount=100, expires_at=NEXT_YEAR)
    earn(merchant_id=merchant_id, account=anothers, amount=7)
    spend(merchant_id=merchant_id, account=mine, amount=30)
    take_hold(merchant_id=merchant_id, account=mine, amount=20, expires_at=NEXT_YEAR)

    read: Any = payments.export_owners(merchant_id=merchant_id, owners=["member:17", "member:99"])

    (account,) = json.loads(json.dumps(read))
    assert (account["owner"], account["asset"], account["account"]) == (
        "member:17",
        asset,
        "available",
    )
    assert (account["posted"], account["held"]) == (70, 20)
    assert [(each["kind"], each["amount"]) for each in account["entries"]] == [
        ("earn", 100),
        ("burn", -30),
    ]
    assert account["lots"] == [
        {"amount": 100, "rest": 70, "held": 20, "expires_at": NEXT_YEAR.isoformat()}
    ]
    assert [(each["amount"], each["state"]) for each in account["holds"]] == [(20, "held")]


@pytest.mark.parametrize("reason", ["13977665544 called", "for wang@example.com"])
def test_the_books_take_no_reason_that_names_somebody(merchant_id: int, reason: str) -> None:
    account = of(make_points(merchant_id=merchant_id))
    wanted = earned(account, 100)
    named = payments.NewTxn(
        key=new_key(), kind="earn", entries=wanted.entries, occurred_at=NOW, reason=reason
    )

    with pytest.raises(FieldInvalid), transaction.atomic():
        payments.post(merchant_id=merchant_id, source=SOURCE, txn=named, now=NOW)

    assert not Txn.objects.of_merchant(merchant_id).exists()
