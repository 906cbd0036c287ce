"""Where the demo merchant's money comes in: simulated wallets, a card terminal, tills."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final, NamedTuple

from santong.kernel import tenancy
from santong.payments import public as payments
from santong.simulation.rules.demo.shape import CURRENCY


class _Account(NamedTuple):
    code: str
    provider: str
    method: payments.Method
    name: str
    fee_per_million: int


_ACCOUNTS: Final = (
    _Account("simulated", "simulated", "wechat_pay", "微信支付（模拟）", 6_000),
    _Account("simulated-alipay", "simulated", "alipay", "支付宝（模拟）", 6_000),
    _Account("terminal", "terminal", "card", "银行卡（门店刷卡终端）", 0),
    _Account("cash", "cash", "cash", "现金（门店钱箱）", 0),
)


def open_demo_accounts(*, merchant_id: int, now: datetime) -> list[payments.PaymentAccount]:
    """Open the accounts, calm ones, each with a secret of its own; what is there already stays."""
    with tenancy.scope(merchant_id=merchant_id):
        return [
            payments.open_payment_account(
                merchant_id=merchant_id,
                code=account.code,
                provider=account.provider,
                method=account.method,
                name=account.name,
                currency=CURRENCY,
                secrets={"secret": secrets.token_urlsafe(32)},
                fee_per_million=account.fee_per_million,
                now=now,
            )
            for account in _ACCOUNTS
        ]
