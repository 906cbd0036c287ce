"""Whoever tells us that money has come has to be Alipay, and has to mean us."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from alipay.aop.api.util.SignatureUtils import sign_with_rsa2, verify_with_rsa
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from santong.payments.contracts.providers import (
    Access,
    BadSignature,
    Notice,
    Refused,
    SeenMove,
)
from santong.payments.providers.alipay import Alipay
from santong.payments.rules.alipay_signing import is_signed, notice_text, signed
from santong.payments.tests.providers.alipay_side import (
    APP_ID,
    HERE,
    NOW,
    AlipaySide,
    Trade,
    rsa2,
    told,
)
from santong.payments.tests.providers.keys import key_of, private_pem, public_pem

ALIPAY = Alipay(clock=lambda: NOW)


@pytest.fixture
def side() -> AlipaySide:
    side = AlipaySide(url="http://127.0.0.1:1")
    side.trades["pay1"] = Trade("Tpay1", "88.88", "TRADE_SUCCESS", HERE)
    return side


def read(side: AlipaySide, body: bytes, **settings: str) -> Notice:
    access = side.access(**settings)
    return ALIPAY.read_notice(access=access, headers={"X": "y"}, body=body)


def test_a_notice_says_what_was_paid(side: AlipaySide) -> None:
    notice = read(side, told(side.notice("pay1")))

    assert (notice.number, notice.about, notice.reference) == ("n-pay1", "payment", "pay1")
    assert notice.payment is not None
    assert (notice.payment.state, notice.payment.amount_minor) == ("paid", 8_888)
    assert notice.payment.their_reference == "Tpay1"


def test_told_twice_it_is_the_same_notice(side: AlipaySide) -> None:
    body = told(side.notice("pay1"))

    assert read(side, body) == read(side, body)


@pytest.mark.parametrize(
    "subject", ["a+b", "100% 折", "茶&杯=1", " ", "", "%2B", "/", '"\\"', "\u3000", "😀"]
)
def test_whatever_the_subject_is_the_signature_is_over_what_it_means(
    side: AlipaySide, subject: str
) -> None:
    notice = read(side, told(side.notice("pay1", subject=subject)))

    assert notice.reference == "pay1"


@given(subject=st.text())
@settings(max_examples=25, deadline=None)
def test_any_text_in_a_notice_is_read_as_it_was_signed(subject: str) -> None:
    side = AlipaySide(trades={"pay1": Trade("Tpay1", "0.01", "TRADE_SUCCESS", HERE)})
    plain = subject.encode("utf-8", "ignore").decode()

    assert read(side, told(side.notice("pay1", subject=plain))).number == "n-pay1"


def changed(body: bytes, name: str, value: str) -> bytes:
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    assert name in fields
    return urlencode({**fields, name: value}).encode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("total_amount", "88.89"),
        ("out_trade_no", "pay2"),
        ("trade_status", "TRADE_FINISHED"),
        ("app_id", "2021000000000002"),
        ("notify_id", "n-other"),
        ("sign", ""),
        ("sign", "not base64"),
        ("sign", "AAAA"),
        ("sign_type", "RSA"),
        ("sign_type", ""),
        ("sign_type", "rsa2"),
    ],
)
def test_a_changed_field_is_noticed(side: AlipaySide, name: str, value: str) -> None:
    body = changed(told(side.notice("pay1")), name, value)

    with pytest.raises(BadSignature):
        read(side, body)


def test_one_letter_of_the_signature_is_noticed(side: AlipaySide) -> None:
    fields = dict(parse_qsl(told(side.notice("pay1")).decode()))
    sign = fields["sign"]
    other = ("A" if sign[10] != "A" else "B").join([sign[:10], sign[11:]])

    with pytest.raises(BadSignature):
        read(side, urlencode({**fields, "sign": other}).encode())


def test_somebody_elses_key_is_not_theirs(side: AlipaySide) -> None:
    for key in ("shop", "anybody"):
        with pytest.raises(BadSignature):
            read(side, told(side.notice("pay1"), key=key))


def test_a_weaker_digest_is_not_believed(side: AlipaySide) -> None:
    fields = side.notice("pay1")
    sign = rsa2(notice_text(fields=fields), key_of("alipay"), SHA1())  # noqa: S303  (what is refused)
    body = urlencode({**fields, "sign": sign, "sign_type": "RSA2"}).encode()

    with pytest.raises(BadSignature):
        read(side, body)


@pytest.mark.parametrize(
    ("is_theirs_before", "rest"),
    [
        (False, b""),
        (False, b"{}"),
        (False, b"\xff\xfe"),
        (False, b"a=%FF&sign=x&sign_type=RSA2"),
        (False, b"&".join(b"a%d=1" % number for number in range(1_000))),
        (True, b"&trade_status=TRADE_SUCCESS"),
        (True, b"&extra=" + b"x" * 70_000),
        (True, b"&extra=1"),
        (True, b"&"),
    ],
    ids=["empty", "json", "bytes", "no utf-8", "many", "twice", "huge", "more", "open"],
)
def test_what_is_no_form_of_theirs_is_refused(
    side: AlipaySide, *, is_theirs_before: bool, rest: bytes
) -> None:
    body = told(side.notice("pay1")) + rest if is_theirs_before else rest

    with pytest.raises(BadSignature):
        read(side, body)


def test_a_notice_for_another_application_or_seller_is_not_ours(side: AlipaySide) -> None:
    elsewhere = told(side.notice("pay1", app_id="2021000000000002"))
    other = told(side.notice("pay1", seller_id="2088000000000002"))

    with pytest.raises(Refused) as application:
        read(side, elsewhere)
    with pytest.raises(Refused) as seller:
        read(side, other)

    assert application.value.code == "another_application"
    assert seller.value.code == "another_seller"
    assert read(side, other, seller_id="").reference == "pay1"


@pytest.mark.parametrize(
    ("status", "paid_at", "state"),
    [
        ("WAIT_BUYER_PAY", "", "waiting"),
        ("TRADE_FINISHED", HERE, "paid"),
        ("TRADE_CLOSED", "", "closed"),
        ("TRADE_CLOSED", HERE, "paid"),
    ],
)
def test_each_status_means_one_state(
    side: AlipaySide, status: str, paid_at: str, state: str
) -> None:
    notice = read(side, told(side.notice("pay1", trade_status=status, gmt_payment=paid_at)))

    assert notice.payment is not None
    assert notice.payment.state == state


@pytest.mark.parametrize(
    "fields",
    [
        {"trade_status": "TRADE_UNHEARD_OF"},
        {"total_amount": "1e3"},
        {"total_amount": ""},
        {"out_trade_no": ""},
        {"notify_id": ""},
    ],
)
def test_what_makes_no_sense_is_refused_though_it_is_theirs(
    side: AlipaySide, fields: dict[str, str]
) -> None:
    with pytest.raises(Refused) as refused:
        read(side, told(side.notice("pay1", **fields)))

    assert refused.value.code == "notice_not_understood"


def test_a_refund_is_told_without_its_amount_and_asked_for(side: AlipaySide) -> None:
    body = told(side.notice("pay1", out_biz_no="back1", refund_fee="10.00", gmt_refund=HERE))

    notice = read(side, body)

    assert (notice.about, notice.reference) == ("refund", "back1")
    assert notice.move == SeenMove(state="working")


def test_frozen_money_is_told(side: AlipaySide) -> None:
    fields = {
        "notify_id": "f1",
        "notify_type": "fund_auth_freeze",
        "app_id": APP_ID,
        "out_order_no": "pay9",
        "out_request_no": "pay9",
        "operation_type": "FREEZE",
        "status": "SUCCESS",
        "auth_no": "Apay9",
        "amount": "9.00",
        "gmt_trans": HERE,
    }

    notice = read(side, told(fields))

    assert notice.payment is not None
    assert (notice.payment.state, notice.payment.amount_minor) == ("authorised", 900)


def test_a_transfer_is_told(side: AlipaySide) -> None:
    content = '{"out_biz_no":"o1","status":"REFUND","order_id":"Oo1","trans_amount":"1.00"}'
    fields = {
        "notify_id": "t1",
        "app_id": APP_ID,
        "msg_method": "alipay.fund.trans.order.changed",
        "biz_content": content,
    }

    notice = read(side, told(fields))

    assert (notice.about, notice.reference) == ("transfer", "o1")
    assert notice.move == SeenMove(state="returned", their_reference="Oo1", amount_minor=100)


@given(text=st.text(max_size=200))
@settings(max_examples=10, deadline=None)
def test_our_signature_is_the_librarys_and_the_other_way_round(text: str) -> None:
    plain = text.encode("utf-8", "ignore").decode()
    older = private_pem("shop", kind=PrivateFormat.TraditionalOpenSSL)

    ours = signed(text=plain, key=key_of("shop"))

    assert ours == sign_with_rsa2(older, plain, "utf-8")
    assert verify_with_rsa(public_pem("shop"), plain.encode(), ours)
    assert is_signed(text=plain, signature=ours, key=key_of("shop").public_key())
    assert not is_signed(text=plain + " ", signature=ours, key=key_of("shop").public_key())


def test_it_is_answered_in_a_word() -> None:
    taken, not_taken = ALIPAY.reply(is_taken=True), ALIPAY.reply(is_taken=False)

    assert (taken.status, taken.body) == (200, b"success")
    assert not_taken.body == b"fail"


def test_secrets_are_in_no_repr(side: AlipaySide) -> None:
    access: Access = side.access()

    assert "PRIVATE KEY" not in repr(access)
