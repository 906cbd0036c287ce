"""WeChat Pay from the first question to the statement, over a real line to a side of our own."""

from __future__ import annotations

import base64
import json
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256

from santong.payments.contracts.providers import (
    Ask,
    RefundAsk,
    Refused,
    Seen,
    SeenMove,
    Unreachable,
    Way,
)
from santong.payments.providers.registry import provider_named
from santong.payments.providers.wechat_pay import WechatPay
from santong.payments.rules.said_by_providers import offset_time
from santong.payments.tests.providers.keys import certificate_pem, key_of
from santong.payments.tests.providers.wechat_pay_side import (
    APPID,
    HERE,
    NOW,
    WechatPaySide,
    notice,
    signature_headers,
)

WECHAT_PAY = WechatPay(clock=lambda: NOW)
PAID_AT = offset_time(HERE)


def wanted(
    reference: str = "payment1",
    *,
    way: Way = "qr",
    amount_minor: int = 12_345,
    token: str = "",
    authorise_only: bool = False,
) -> Ask:
    return Ask(
        reference=reference,
        amount_minor=amount_minor,
        subject="茶杯 & 茶壶 = 100%",
        way=way,
        expires_at=NOW + timedelta(minutes=15),
        token=token,
        authorise_only=authorise_only,
        return_url="https://shop.example/paid?order=17&a=b",
    )


def back(amount_minor: int, reference: str = "refund1") -> RefundAsk:
    return RefundAsk(
        reference=reference,
        payment_reference="payment1",
        their_payment_reference="",
        amount_minor=amount_minor,
        paid_minor=12_345,
        reason="破损",
    )


def test_it_is_found_by_its_code() -> None:
    found = provider_named("wechat_pay")

    assert isinstance(found, WechatPay)
    assert found.code == "wechat_pay"


def test_a_code_is_shown_paid_told_queried_given_back_and_stated(
    wechat_pay_side: WechatPaySide,
) -> None:
    side, access = wechat_pay_side, wechat_pay_side.access()
    unknown = WECHAT_PAY.query(access=access, reference="payment1")
    shown, first = WECHAT_PAY.ask(access=access, ask=wanted())
    waiting = WECHAT_PAY.query(access=access, reference="payment1")
    side.pay("payment1")
    body = notice("TRANSACTION.SUCCESS", side.content("payment1"))
    told = WECHAT_PAY.read_notice(access=access, headers=signature_headers(body), body=body)
    paid = WECHAT_PAY.query(access=access, reference="payment1")
    nothing = WECHAT_PAY.query_refund(
        access=access, reference="refund1", payment_reference="payment1"
    )
    asked = WECHAT_PAY.refund(access=access, ask=back(2_345))
    again = WECHAT_PAY.refund(access=access, ask=back(2_345))
    side.refunds["refund1"] |= {"status": "SUCCESS", "success_time": HERE}
    done = WECHAT_PAY.query_refund(access=access, reference="refund1", payment_reference="payment1")
    after = WECHAT_PAY.query(access=access, reference="payment1")
    side.bill = "\ufeff交易时间,商户订单号\r\n`2026-11-22,`payment1\r\n".encode()
    statement = WECHAT_PAY.statement(access=access, day=date(2026, 11, 22))

    seen = Seen(
        state="paid",
        their_reference="42payment1",
        amount_minor=12_345,
        payer="o-1",
        at=PAID_AT,
    )
    assert unknown == Seen(state="unknown")
    assert (shown.way, shown.payload) == ("qr", "weixin://wxpay/bizpayurl?pr=1")
    assert first == Seen(state="waiting")
    assert waiting.state == "waiting"
    assert (told.number, told.about, told.reference) == ("EV-1", "payment", "payment1")
    assert told.payment == seen
    assert paid == seen
    assert nothing == SeenMove(state="unknown")
    assert asked == again
    assert asked == SeenMove(state="working", their_reference="50refund1", amount_minor=2_345)
    assert done == SeenMove(
        state="done", their_reference="50refund1", amount_minor=2_345, at=PAID_AT
    )
    assert (after.state, after.amount_minor) == ("paid", 12_345)
    assert statement == side.bill


def test_amounts_go_as_whole_numbers_and_the_time_is_chinas(
    wechat_pay_side: WechatPaySide,
) -> None:
    WECHAT_PAY.ask(access=wechat_pay_side.access(shares="yes"), ask=wanted())

    ((_, _, fields),) = wechat_pay_side.heard
    assert fields["amount"] == {"total": 12_345, "currency": "CNY"}
    assert fields["time_expire"] == "2026-11-22T15:19:05+08:00"
    assert fields["settle_info"] == {"profit_sharing": True}


def test_a_mini_program_is_handed_what_only_we_can_sign(wechat_pay_side: WechatPaySide) -> None:
    shown, _ = WECHAT_PAY.ask(access=wechat_pay_side.access(), ask=wanted(way="app", token="o-1"))

    handed = json.loads(shown.payload)
    text = f"{APPID}\n{handed['timeStamp']}\n{handed['nonceStr']}\n{handed['package']}\n"
    key_of("shop").public_key().verify(
        base64.b64decode(handed["paySign"]), text.encode(), padding.PKCS1v15(), SHA256()
    )
    assert (handed["package"], handed["signType"]) == ("prepay_id=wxpayment1", "RSA")
    assert handed["timeStamp"] == str(int(NOW.timestamp()))


def test_a_page_comes_back_to_the_shop(wechat_pay_side: WechatPaySide) -> None:
    shown, _ = WECHAT_PAY.ask(
        access=wechat_pay_side.access(), ask=wanted(way="page", token="203.0.113.7")
    )

    query = parse_qs(urlsplit(shown.payload).query)
    ((_, _, fields),) = wechat_pay_side.heard
    assert query["redirect_url"] == ["https://shop.example/paid?order=17&a=b"]
    assert fields["scene_info"]["payer_client_ip"] == "203.0.113.7"


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (wanted(way="page"), "payer_address_missing"),
        (wanted(way="app"), "payer_not_named"),
        (wanted(way="terminal"), "way_not_offered"),
        (wanted(authorise_only=True), "authorise_not_offered"),
        (wanted("pay/../1"), "reference_not_allowed"),
        (wanted("short"), "reference_not_allowed"),
        (wanted("x" * 33), "reference_not_allowed"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anybody_is_called(
    wechat_pay_side: WechatPaySide, ask: Ask, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        WECHAT_PAY.ask(access=wechat_pay_side.access(), ask=ask)

    assert refused.value.code == code
    assert wechat_pay_side.heard == []


def test_a_code_that_the_till_scans_is_paid_at_once(wechat_pay_side: WechatPaySide) -> None:
    shown, seen = WECHAT_PAY.ask(
        access=wechat_pay_side.access(), ask=wanted(way="scan", token="132222222222222222")
    )

    assert shown.payload == ""
    assert (seen.state, seen.amount_minor) == ("paid", 12_345)


def test_a_buyer_who_is_asked_for_the_password_is_asked_for_later(
    wechat_pay_side: WechatPaySide,
) -> None:
    access = wechat_pay_side.access()

    with pytest.raises(Unreachable):
        WECHAT_PAY.ask(access=access, ask=wanted(way="scan", token="131111111111111111"))
    before = WECHAT_PAY.query(access=access, reference="payment1")
    after = WECHAT_PAY.close(access=access, reference="payment1")

    assert (before.state, after.state) == ("waiting", "closed")
    assert wechat_pay_side.payments["payment1"]["trade_state"] == "REVOKED"


def test_what_waits_is_closed_and_what_is_paid_is_not(wechat_pay_side: WechatPaySide) -> None:
    access = wechat_pay_side.access()
    WECHAT_PAY.ask(access=access, ask=wanted("payment1"))
    WECHAT_PAY.ask(access=access, ask=wanted("payment2"))
    wechat_pay_side.pay("payment2")

    assert WECHAT_PAY.close(access=access, reference="payment1").state == "closed"
    assert WECHAT_PAY.close(access=access, reference="payment2").state == "paid"
    assert WECHAT_PAY.close(access=access, reference="payment3").state == "unknown"


def test_asking_again_for_what_is_paid_says_that_it_is_paid(
    wechat_pay_side: WechatPaySide,
) -> None:
    access = wechat_pay_side.access()
    WECHAT_PAY.ask(access=access, ask=wanted())
    wechat_pay_side.pay("payment1")

    shown, seen = WECHAT_PAY.ask(access=access, ask=wanted())

    assert shown.payload == ""
    assert (seen.state, seen.amount_minor) == ("paid", 12_345)


def test_a_platform_certificate_stands_for_its_key(wechat_pay_side: WechatPaySide) -> None:
    access = wechat_pay_side.access()
    secrets = {**access.secrets, "platform_key": certificate_pem("wechat")}
    with_certificate = type(access)(
        merchant_id=1,
        account_code="wechat",
        currency="CNY",
        settings=access.settings,
        secrets=secrets,
        notify_url=access.notify_url,
    )

    assert WECHAT_PAY.query(access=with_certificate, reference="payment9").state == "unknown"


def test_nothing_is_ever_frozen_that_could_be_taken_later(wechat_pay_side: WechatPaySide) -> None:
    assert not {"authorise", "void"} & WECHAT_PAY.abilities
    with pytest.raises(Refused):
        WECHAT_PAY.capture(access=wechat_pay_side.access(), reference="payment1", amount_minor=1)
