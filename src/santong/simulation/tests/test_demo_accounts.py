"""Where the demo merchant's money comes in."""

from __future__ import annotations

import pytest

from santong.kernel import tenancy
from santong.payments import public as payments
from santong.payments.tests.factories import NOW
from santong.simulation.services.open_demo_accounts import open_demo_accounts

pytestmark = pytest.mark.usefixtures("database")


def test_the_demo_takes_wallets_cards_and_cash_pays_out_and_opens_each_account_once(
    merchant: int,
) -> None:
    first = open_demo_accounts(merchant_id=merchant, now=NOW)
    again = open_demo_accounts(merchant_id=merchant, now=NOW)

    assert again == first
    assert {account.code: (account.provider, account.method) for account in first} == {
        "simulated": ("simulated", "wechat_pay"),
        "simulated-alipay": ("simulated", "alipay"),
        "terminal": ("terminal", "card"),
        "cash": ("cash", "cash"),
        "prepaid": ("prepaid", "prepaid"),
        "gift_card": ("gift_card", "gift_card"),
        "payouts": ("simulated", "wechat_pay"),
    }
    assert all(account.is_open for account in first)
    with tenancy.scope(merchant_id=merchant):
        assert len(payments.payment_accounts(merchant_id=merchant)) == 7
