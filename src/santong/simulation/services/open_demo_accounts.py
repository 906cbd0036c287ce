"""Where the demo merchant's money comes in and goes out: wallets, a terminal, tills, cards."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from santong.kernel import tenancy
from santong.payments import public as payments
from santong.simulation.rules.demo.shape import CURRENCY

PAID_OUT_FROM: Final = "payouts"
# What goes by the clock there takes no time: a transfer that comes back does so at once.
_AT_ONCE: Final = {"pace_permille": "0"}


class _Account(NamedTuple):
    code: str
    provider: str
    method: payments.Method
    name: str
    fee_per_million: int
    settings: Mapping[str, str] = MappingProxyType({})


_ACCOUNTS: Final = (
    _Account("simulated", "simulated", "wechat_pay", "微信支付（模拟）", 6_000),
    _Account("simulated-alipay", "simulated", "alipay", "支付宝（模拟）", 6_000),
    _Account("terminal", "terminal", "card", "银行卡（门店刷卡终端）", 0),
    _Account("cash", "cash", "cash", "现金（门店钱箱）", 0),
    _Account("prepaid", "prepaid", "prepaid", "储值卡", 0),
    _Account("gift_card", "gift_card", "gift_card", "礼品卡", 0),
    _Account(PAID_OUT_FROM, "simulated", "wechat_pay", "分账打款（模拟）", 0, _AT_ONCE),
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
                settings=account.settings,
                secrets={"secret": secrets.token_urlsafe(32)},
                fee_per_million=account.fee_per_million,
                now=now,
            )
            for account in _ACCOUNTS
        ]
