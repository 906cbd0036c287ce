"""Alipay from the first question to the statement, over a real line to a side of our own."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from santong.payments.contracts.providers import (
    Ask,
    RefundAsk,
    Refused,
    Seen,
    SeenMove,
    TransferAsk,
    Unreachable,
    Way,
)
from santong.payments.providers.alipay import Alipay
from santong.payments.providers.registry import provider_named
from santong.payments.rules.said_by_providers import china_time
from santong.payments.tests.providers.alipay_side import (
    HERE,
    NOTIFY_URL,
    NOW,
    AlipaySide,
    in_minutes,
    packed,
    told,
)
from santong.payments.tests.providers.keys import certificate_pem

# Its file of roots has one that cannot be read.
NO_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
ALIPAY = Alipay(clock=lambda: NOW)
PAID_AT = china_time(HERE)


def wanted(
    reference: str = "pay1",
    *,
    way: Way = "qr",
    amount_minor: int = 12_345,
    token: str = "",
    authorise_only: bool = False,
) -> Ask:
    return Ask(
        reference=reference,
        amount_minor=amount_minor,
        subject="茶杯 & 茶壶 = 100% + 1/2",
        way=way,
        expires_at=in_minutes(15),
        token=token,
        authorise_only=authorise_only,
        return_url="https://shop.example/paid?order=17",
    )


def test_it_is_found_by_its_code() -> None:
    found = provider_named("alipay")

    assert isinstance(found, Alipay)
    assert found.code == "alipay"


def test_a_code_is_shown_paid_told_queried_given_back_and_stated(alipay_side: AlipaySide) -> None:
    access = alipay_side.access()
    shown, first = ALIPAY.ask(access=access, ask=wanted())
    unknown = ALIPAY.query(access=access, reference="pay1")
    alipay_side.pay("pay1")
    notice = ALIPAY.read_notice(access=access, headers={}, body=told(alipay_side.notice("pay1")))
    seen = ALIPAY.query(access=access, reference="pay1")
    back = RefundAsk(
        reference="back1",
        payment_reference="pay1",
        their_payment_reference=seen.their_reference,
        amount_minor=2_345,
        paid_minor=12_345,
        reason="破损",
    )
    moved = ALIPAY.refund(access=access, ask=back)
    again = ALIPAY.refund(access=access, ask=back)
    found = ALIPAY.query_refund(access=access, reference="back1", payment_reference="pay1")
    nothing = ALIPAY.query_refund(access=access, reference="back2", payment_reference="pay1")
    alipay_side.bill = packed("支付宝交易号,商户订单号\r\nTpay1,pay1\r\n")
    statement = ALIPAY.statement(access=access, day=date(2026, 11, 22))

    paid = Seen(
        state="paid", their_reference="Tpay1", amount_minor=12_345, payer="open-1", at=PAID_AT
    )
    assert (shown.way, shown.payload) == ("qr", "https://qr.example/pay1")
    assert (first, unknown) == (Seen(state="waiting"), Seen(state="unknown"))
    assert (notice.number, notice.about, notice.reference) == ("n-pay1", "payment", "pay1")
    assert notice.payment is not None
    assert (notice.payment.state, notice.payment.amount_minor) == ("paid", 12_345)
    assert seen == paid
    assert moved == SeenMove(state="done", their_reference="Tpay1", amount_minor=2_345)
    assert again == SeenMove(state="working", their_reference="Tpay1")
    assert found == SeenMove(state="done", their_reference="Tpay1", amount_minor=2_345, at=PAID_AT)
    assert nothing == SeenMove(state="unknown")
    assert statement.decode("gbk") == "支付宝交易号,商户订单号\r\nTpay1,pay1\r\n"


def test_what_was_given_back_whole_was_paid_and_is_not_closed(alipay_side: AlipaySide) -> None:
    access = alipay_side.access()
    ALIPAY.ask(access=access, ask=wanted(amount_minor=500))
    alipay_side.pay("pay1")
    back = RefundAsk(
        reference="back1",
        payment_reference="pay1",
        their_payment_reference="",
        amount_minor=500,
        paid_minor=500,
        reason="",
    )
    ALIPAY.refund(access=access, ask=back)

    seen = ALIPAY.query(access=access, reference="pay1")

    assert alipay_side.trades["pay1"].status == "TRADE_CLOSED"
    assert (seen.state, seen.amount_minor) == ("paid", 500)


def test_more_than_was_paid_is_not_given_back(alipay_side: AlipaySide) -> None:
    access = alipay_side.access()
    ALIPAY.ask(access=access, ask=wanted(amount_minor=500))
    alipay_side.pay("pay1")
    back = RefundAsk(
        reference="back1",
        payment_reference="pay1",
        their_payment_reference="",
        amount_minor=501,
        paid_minor=500,
        reason="",
    )

    with pytest.raises(Refused) as refused:
        ALIPAY.refund(access=access, ask=back)

    assert refused.value.code == "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"


def test_asking_again_for_what_is_paid_says_that_it_is_paid(alipay_side: AlipaySide) -> None:
    access = alipay_side.access()
    ALIPAY.ask(access=access, ask=wanted())
    alipay_side.pay("pay1")

    shown, seen = ALIPAY.ask(access=access, ask=wanted())

    assert shown.payload == ""
    assert (seen.state, seen.amount_minor) == ("paid", 12_345)


@pytest.mark.parametrize(
    ("token", "state", "amount_minor"),
    [("282222222222222222", "paid", 1), ("281111111111111111", "waiting", 0)],
)
def test_a_code_that_the_till_scans_is_paid_or_waits_for_the_password(
    alipay_side: AlipaySide, token: str, state: str, amount_minor: int
) -> None:
    access = alipay_side.access()

    shown, seen = ALIPAY.ask(access=access, ask=wanted(way="scan", token=token, amount_minor=1))

    assert shown.payload == ""
    assert (seen.state, seen.amount_minor) == (state, amount_minor)
    assert ALIPAY.query(access=access, reference="pay1").state == state


def test_a_buyer_without_money_is_refused(alipay_side: AlipaySide) -> None:
    access = alipay_side.access()

    with pytest.raises(Refused) as refused:
        ALIPAY.ask(access=access, ask=wanted(way="scan", token="280000000000000000"))

    assert refused.value.code == "ACQ.BUYER_BALANCE_NOT_ENOUGH"
    assert alipay_side.trades == {}


@pytest.mark.parametrize(
    ("page", "method"),
    [("phone", "alipay.trade.wap.pay"), ("desktop", "alipay.trade.page.pay")],
)
def test_a_page_is_an_address_that_only_we_can_write(
    alipay_side: AlipaySide, page: str, method: str
) -> None:
    access = alipay_side.access(page=page)

    shown, seen = ALIPAY.ask(access=access, ask=wanted(way="page"))

    parts = urlsplit(shown.payload)
    form = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{alipay_side.url}/gateway.do"
    assert (form["method"], form["notify_url"]) == (method, NOTIFY_URL)
    assert form["return_url"] == "https://shop.example/paid?order=17"
    assert alipay_side.is_ours(form)
    assert not alipay_side.is_ours({**form, "notify_url": "https://elsewhere.example"})
    assert seen == Seen(state="waiting")
    assert alipay_side.forms == []


def test_an_app_is_handed_what_only_we_can_write(alipay_side: AlipaySide) -> None:
    access = alipay_side.access()

    shown, _ = ALIPAY.ask(access=access, ask=wanted(way="app"))

    form = {name: values[0] for name, values in parse_qs(shown.payload).items()}
    assert form["method"] == "alipay.trade.app.pay"
    assert alipay_side.is_ours(form)


def test_a_mini_program_is_handed_a_trade(alipay_side: AlipaySide) -> None:
    access = alipay_side.access()

    shown, _ = ALIPAY.ask(access=access, ask=wanted(way="app", token="2088000000000009"))

    assert shown.payload == "Tpay1"
    (_, fields), *_ = alipay_side.heard
    assert (fields["buyer_id"], fields["product_code"]) == ("2088000000000009", "JSAPI_PAY")


def test_what_waits_is_closed_and_what_is_paid_is_not(alipay_side: AlipaySide) -> None:
    access = alipay_side.access()
    ALIPAY.ask(access=access, ask=wanted("a1", way="scan", token="281111111111111111"))
    ALIPAY.ask(access=access, ask=wanted("a2"))
    alipay_side.pay("a2")

    assert ALIPAY.close(access=access, reference="a1").state == "closed"
    assert ALIPAY.close(access=access, reference="a2").state == "paid"
    assert ALIPAY.close(access=access, reference="a3").state == "unknown"
    assert alipay_side.trades["a2"].status == "TRADE_SUCCESS"


def test_frozen_money_is_taken_in_part_and_the_rest_is_free(alipay_side: AlipaySide) -> None:
    access = alipay_side.access()
    ask = wanted(way="scan", token="282222222222222222", authorise_only=True, amount_minor=900)

    _, first = ALIPAY.ask(access=access, ask=ask)
    before = ALIPAY.query(access=access, reference="pay1")
    taken = ALIPAY.capture(access=access, reference="pay1", amount_minor=650)
    again = ALIPAY.capture(access=access, reference="pay1", amount_minor=650)

    assert (first.state, first.amount_minor) == ("authorised", 900)
    assert (before.state, before.amount_minor) == ("authorised", 900)
    assert (taken.state, taken.amount_minor) == ("paid", 650)
    assert (again.state, again.amount_minor) == ("paid", 650)
    assert (alipay_side.frozen["pay1"].taken, alipay_side.frozen["pay1"].rest) == (650, 0)


def test_frozen_money_is_let_go(alipay_side: AlipaySide) -> None:
    access = alipay_side.access()
    ask = wanted(way="scan", token="282222222222222222", authorise_only=True, amount_minor=900)
    ALIPAY.ask(access=access, ask=ask)
    ALIPAY.ask(access=access, ask=wanted("pay2", authorise_only=True))

    assert ALIPAY.close(access=access, reference="pay1").state == "closed"
    assert ALIPAY.close(access=access, reference="pay2").state == "closed"
    assert alipay_side.frozen["pay1"].rest == 0


def test_whoever_has_not_signed_for_it_does_not_freeze(alipay_side: AlipaySide) -> None:
    access = alipay_side.access(authorise="no")

    with pytest.raises(Refused) as refused:
        ALIPAY.ask(access=access, ask=wanted(authorise_only=True))

    assert refused.value.code == "authorise_not_offered"
    assert alipay_side.forms == []


def test_shares_are_given_out_of_a_payment_and_asked_for_by_it(alipay_side: AlipaySide) -> None:
    access = alipay_side.access(shares="yes")
    ALIPAY.ask(access=access, ask=wanted())
    share = TransferAsk(
        reference="s1",
        receiver="2088000000000005",
        amount_minor=333,
        reason="佣金",
        payment_reference="pay1",
        their_payment_reference="Tpay1",
        is_last_share=True,
    )

    given = ALIPAY.transfer(access=access, ask=share)
    found = ALIPAY.query_transfer(access=access, reference="s1", their_payment_reference="Tpay1")
    nothing = ALIPAY.query_transfer(access=access, reference="s2", their_payment_reference="Tpay1")

    asked, settled = alipay_side.heard[0][1], alipay_side.heard[1][1]
    assert asked["extend_params"] == {"royalty_freeze": "true"}
    assert settled["extend_params"] == {"royalty_finish": "true"}
    assert settled["royalty_parameters"] == [
        {
            "royalty_type": "transfer",
            "trans_in_type": "userId",
            "trans_in": "2088000000000005",
            "amount": "3.33",
            "desc": "佣金",
        }
    ]
    assert given == SeenMove(state="working", their_reference="Ss1")
    assert (found.state, found.amount_minor) == ("done", 333)
    assert nothing == SeenMove(state="unknown")


def test_money_is_paid_out_and_asked_for(alipay_side: AlipaySide) -> None:
    access = alipay_side.access()
    out = TransferAsk(
        reference="o1", receiver="loginName:a@shop.example", amount_minor=100_000, reason="货款"
    )

    given = ALIPAY.transfer(access=access, ask=out)
    found = ALIPAY.query_transfer(access=access, reference="o1")
    nothing = ALIPAY.query_transfer(access=access, reference="o2")

    (_, fields), *_ = alipay_side.heard
    assert fields["payee_info"] == {
        "identity": "a@shop.example",
        "identity_type": "ALIPAY_LOGON_ID",
    }
    assert fields["trans_amount"] == "1000.00"
    assert given == found
    assert given == SeenMove(state="done", their_reference="Oo1", amount_minor=100_000, at=PAID_AT)
    assert nothing == SeenMove(state="unknown")


def test_a_day_without_a_statement_is_refused(alipay_side: AlipaySide) -> None:
    with pytest.raises(Refused) as refused:
        ALIPAY.statement(access=alipay_side.access(), day=date(2026, 11, 22))

    assert refused.value.code == "isp.bill_not_exist"


def test_whoever_pays_out_names_certificates_and_looks_at_theirs(alipay_side: AlipaySide) -> None:
    access = alipay_side.access()
    roots = certificate_pem("root", serial=1) + NO_CERTIFICATE + certificate_pem("root", serial=2)
    with_certificates = replace(
        access,
        secrets={
            "private_key": access.secrets["private_key"],
            "app_certificate": certificate_pem("shop"),
            "alipay_certificate": certificate_pem("alipay"),
            "alipay_root_certificate": roots,
        },
    )

    ALIPAY.ask(access=with_certificates, ask=wanted())
    alipay_side.certificate = number_of("alipay", 4_712)
    with pytest.raises(Unreachable) as unreachable:
        ALIPAY.ask(access=with_certificates, ask=wanted())
    alipay_side.certificate = number_of("alipay", 4_711)
    shown, _ = ALIPAY.ask(access=with_certificates, ask=wanted())

    form = alipay_side.forms[0]
    assert form["app_cert_sn"] == number_of("shop", 4_711)
    assert form["alipay_root_cert_sn"] == f"{number_of('root', 1)}_{number_of('root', 2)}"
    assert unreachable.value.args == ("another_certificate",)
    assert shown.payload == "https://qr.example/pay1"


def number_of(name: str, serial: int) -> str:
    """The number of a certificate as the documents say: issuer, smallest part first, and serial."""
    issuer = f"CN=Authority of {name},OU=Nobody at all,O=Nobody,C=CN"
    return hashlib.md5(f"{issuer}{serial}".encode(), usedforsecurity=False).hexdigest()
