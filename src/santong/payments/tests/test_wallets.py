"""Both wallets from the question to the refund: calls go out, notices come in, both over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest
from django.db import transaction
from django.test import Client
from pytest_django.fixtures import Settings

from santong.kernel import cells, tenancy
from santong.kernel.errors import FieldInvalid
from santong.payments import public as payments
from santong.payments.contracts.providers import Access
from santong.payments.providers.errands import run_errands
from santong.payments.tests.money import make_account, make_refund, new_intent, stands, tender
from santong.payments.tests.providers import alipay_side as ali
from santong.payments.tests.providers import wechat_pay_side as wechat

HOST = "https://shop.example"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def alipay(settings: Settings) -> Iterator[ali.AlipaySide]:
    _may_call_here(settings)
    with ali.alipay_listening() as side:
        side.clock = now
        yield side


@pytest.fixture
def wechat_pay(settings: Settings) -> Iterator[wechat.WechatPaySide]:
    _may_call_here(settings)
    with wechat.wechat_pay_listening() as side:
        side.clock = now
        yield side


def test_alipay_takes_money_and_gives_it_back(
    merchant: int, client: Client, alipay: ali.AlipaySide
) -> None:
    asked = opened(merchant, alipay.access(), "alipay")
    work(merchant)
    shown = seen_again(merchant, asked)
    alipay.pay(shown.reference)
    body = ali.told(alipay.notice(shown.reference))
    foreign = ali.told(alipay.notice(shown.reference), key="anybody")
    form = "application/x-www-form-urlencoded"

    refused = client.post(path_of(merchant, "alipay"), data=foreign, content_type=form)
    before = seen_again(merchant, asked)
    taken = [
        client.post(path_of(merchant, "alipay"), data=body, content_type=form) for _ in range(2)
    ]
    after = seen_again(merchant, asked)
    back = given_back(merchant, asked, 4_000)

    assert shown.payload == f"https://qr.example/{shown.reference}"
    assert (refused.status_code, refused.content) == (401, b"fail")
    assert before.state == "waiting"
    assert [(each.status_code, each.content) for each in taken] == [(200, b"success")] * 2
    assert (after.state, after.captured_minor, after.their_reference) == (
        "captured",
        10_000,
        f"T{shown.reference}",
    )
    assert (back.state, booked(merchant, "alipay")) == ("done", -6_000)
    assert sum(alipay.trades[shown.reference].refunds.values()) == 4_000


def test_wechat_pay_takes_money_and_gives_it_back(
    merchant: int, client: Client, wechat_pay: wechat.WechatPaySide
) -> None:
    asked = opened(merchant, wechat_pay.access(), "wechat_pay")
    work(merchant)
    shown = seen_again(merchant, asked)
    wechat_pay.pay(shown.reference)
    body = wechat.notice("TRANSACTION.SUCCESS", wechat_pay.content(shown.reference))

    def told(key: str) -> Any:
        stamp = int(now().timestamp())
        headers = wechat.signature_headers(body, key=key, stamp=stamp)
        path = path_of(merchant, "wechat_pay")
        return client.post(path, data=body, content_type="application/json", headers=headers)

    refused = told("anybody")
    before = seen_again(merchant, asked)
    taken = [told("wechat") for _ in range(2)]
    after = seen_again(merchant, asked)
    first = given_back(merchant, asked, 4_000)
    (number,) = wechat_pay.refunds
    wechat_pay.refunds[number] |= {"status": "SUCCESS", "success_time": wechat.HERE}
    work(merchant, timedelta(hours=1))
    with tenancy.scope(merchant_id=merchant):
        back = payments.refund_by_id(merchant_id=merchant, refund_id=first.id)

    assert shown.payload == "weixin://wxpay/bizpayurl?pr=1"
    assert refused.status_code == 400
    assert before.state == "waiting"
    assert [each.status_code for each in taken] == [204, 204]
    assert (after.state, after.captured_minor) == ("captured", 10_000)
    assert (first.state, back.state, booked(merchant, "wechat_pay")) == ("working", "done", -6_000)


def _may_call_here(settings: Settings) -> None:
    settings.SANTONG_OUTBOUND_NETWORKS = ["127.0.0.0/8"]
    settings.SANTONG_PUBLIC_URL = HOST


def opened(
    merchant: int, access: Access, provider: Literal["alipay", "wechat_pay"]
) -> payments.Intent:
    """Money is asked for by one wallet."""
    with tenancy.scope(merchant_id=merchant):
        account = make_account(
            merchant_id=merchant,
            provider=provider,
            method=provider,
            settings=access.settings,
            secrets=access.secrets,
        )
        new = new_intent(
            tenders=(tender(account, 10_000),), expires_at=now() + timedelta(minutes=15)
        )
        return payments.open_intent(merchant_id=merchant, new=new, now=now())


def work(merchant: int, later: timedelta = timedelta(seconds=30)) -> None:
    """What the worker does, a while later."""
    run_errands(merchant_id=merchant, clock=lambda: now() + later)


def seen_again(merchant: int, intent: payments.Intent) -> payments.Tender:
    with tenancy.scope(merchant_id=merchant):
        found = payments.intent_by_id(merchant_id=merchant, intent_id=intent.id)
    return found.tenders[0]


def given_back(merchant: int, intent: payments.Intent, amount: int) -> payments.Refund:
    with tenancy.scope(merchant_id=merchant):
        refund = make_refund(merchant_id=merchant, document=intent.document, amount=amount)
    work(merchant)
    with tenancy.scope(merchant_id=merchant):
        return payments.refund_by_id(merchant_id=merchant, refund_id=refund.id)


def booked(merchant: int, account: str) -> int:
    """What the books say is at the provider: where money is, stands less than nothing."""
    with tenancy.scope(merchant_id=merchant):
        return stands(merchant_id=merchant, kind="at_provider", owner=account)


def path_of(merchant: int, account: str) -> str:
    return f"/spi/payments/{cells.code_of(merchant)}/{account}"


@pytest.mark.parametrize(
    ("given", "pointer", "reason"),
    [
        ({"settings": {"app_id": "x"}}, "/settings/app_id", "not_a_digits"),
        ({"settings": {"app_id": "1", "colour": "blue"}}, "/settings/colour", "unknown"),
        ({"settings": {"app_id": "1"}}, "/secrets/private_key", "missing"),
        (
            {"settings": {"app_id": "1"}, "secrets": {"private_key": "x"}},
            "/secrets/private_key",
            "not_a_private_key",
        ),
    ],
)
def test_an_account_that_could_not_be_spoken_for_is_not_opened(
    merchant_id: int, given: dict[str, Any], pointer: str, reason: str
) -> None:
    with pytest.raises(FieldInvalid) as refused, transaction.atomic():
        make_account(merchant_id=merchant_id, provider="alipay", method="alipay", **given)

    assert (refused.value.pointer, refused.value.reason) == (pointer, reason)
    assert payments.payment_accounts(merchant_id=merchant_id) == []
