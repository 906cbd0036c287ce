"""Whoever tells us that money has come has to be WeChat Pay, and has to mean us."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from santong.payments.contracts.providers import BadSignature, Notice, Refused, SeenMove
from santong.payments.providers.wechat_pay import WechatPay
from santong.payments.tests.providers.keys import public_pem
from santong.payments.tests.providers.wechat_pay_side import (
    API_V3_KEY,
    APPID,
    HERE,
    MCHID,
    NOW,
    WechatPaySide,
    notice,
    sealed,
    signature_headers,
)

WECHAT_PAY = WechatPay(clock=lambda: NOW)
SECONDS = int(NOW.timestamp())
PAID: dict[str, Any] = {
    "mchid": MCHID,
    "appid": APPID,
    "out_trade_no": "payment1",
    "transaction_id": "42payment1",
    "trade_state": "SUCCESS",
    "success_time": HERE,
    "payer": {"openid": "o-1"},
    "amount": {"total": 8_888, "payer_total": 8_000, "currency": "CNY", "payer_currency": "CNY"},
}


def read(
    body: bytes, headers: dict[str, str] | None = None, *, side: WechatPaySide | None = None
) -> Notice:
    # Nobody listens there: whatever a notice says, nobody is called.
    access = (side or WechatPaySide(url="http://127.0.0.1:1")).access()
    return WECHAT_PAY.read_notice(
        access=access,
        headers=signature_headers(body) if headers is None else headers,
        body=body,
    )


def told(**more: Any) -> bytes:
    return notice("TRANSACTION.SUCCESS", {**PAID, **more})


def test_a_notice_says_what_was_paid_and_not_what_the_buyer_gave() -> None:
    found = read(told())

    assert (found.number, found.about, found.reference) == ("EV-1", "payment", "payment1")
    assert found.payment is not None
    assert (found.payment.state, found.payment.amount_minor) == ("paid", 8_888)
    assert found.payment.payer == "o-1"


def test_told_twice_it_is_the_same_notice() -> None:
    body = told()

    assert read(body) == read(body, signature_headers(body, stamp=SECONDS + 60))


def test_how_headers_are_written_does_not_matter() -> None:
    body = told()
    small = {name.lower(): value for name, value in signature_headers(body).items()}

    assert read(body, small) == read(body)


@given(text=st.text(max_size=50))
@settings(max_examples=25, deadline=None)
def test_any_text_in_a_notice_is_read_as_it_was_signed(text: str) -> None:
    plain = text.encode("utf-8", "ignore").decode()

    assert read(told(attach=plain)).reference == "payment1"


@pytest.mark.parametrize("seconds", [-301, 301, 86_400, -(10**9)])
def test_what_was_signed_long_ago_or_not_yet_is_not_believed(seconds: int) -> None:
    body = told()

    with pytest.raises(BadSignature):
        read(body, signature_headers(body, stamp=SECONDS + seconds))


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_either_way_are_believed(seconds: int) -> None:
    body = told()

    assert read(body, signature_headers(body, stamp=SECONDS + seconds)).number == "EV-1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Wechatpay-Signature", ""),
        ("Wechatpay-Signature", "not base64"),
        ("Wechatpay-Signature", "WECHATPAY/SIGNTEST/abcd"),
        ("Wechatpay-Signature", "\u00e9"),
        ("Wechatpay-Timestamp", str(SECONDS + 1)),
        ("Wechatpay-Timestamp", "soon"),
        ("Wechatpay-Timestamp", "\u0661" * 10),
        ("Wechatpay-Timestamp", "9" * 5_000),
        ("Wechatpay-Timestamp", ""),
        ("Wechatpay-Nonce", "another"),
        ("Wechatpay-Serial", "PUB_KEY_ID_OTHER"),
        ("Wechatpay-Serial", "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"),
        ("Wechatpay-Serial", ""),
        ("Wechatpay-Signature-Type", "WECHATPAY2-SM2-WITH-SM3"),
    ],
)
def test_a_changed_header_is_noticed_and_nobody_is_called(name: str, value: str) -> None:
    body = told()

    with pytest.raises(BadSignature):
        read(body, {**signature_headers(body), name: value})


def test_a_changed_body_is_noticed() -> None:
    body = told()
    headers = signature_headers(body)

    for other in (body + b" ", body.replace(b"EV-1", b"EV-2"), body[:-1], b""):
        with pytest.raises(BadSignature):
            read(other, headers)


def test_somebody_elses_key_is_not_theirs() -> None:
    body = told()

    for key in ("shop", "anybody"):
        with pytest.raises(BadSignature):
            read(body, signature_headers(body, key=key))


def test_without_headers_it_is_nobodys() -> None:
    with pytest.raises(BadSignature):
        read(told(), {})


def test_a_huge_body_is_not_read() -> None:
    with pytest.raises(BadSignature):
        read(told(attach="x" * 70_000))


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b'"text"',
        b"1",
        b"{",
        b"\xff",
        b"[" * 5_000,
        b'{"id": NaN}',
        b"9" * 5_000,
    ],
)
def test_what_is_no_object_is_refused_though_it_is_signed(body: bytes) -> None:
    with pytest.raises((Refused, BadSignature)):
        read(body)


@pytest.mark.parametrize(
    "resource",
    [
        {},
        {"algorithm": "AEAD_AES_256_GCM"},
        {**sealed(PAID), "algorithm": "NONE"},
        {**sealed(PAID), "nonce": "another12345"},
        {**sealed(PAID), "nonce": ""},
        {**sealed(PAID), "associated_data": "refund"},
        {**sealed(PAID), "ciphertext": "AAAA"},
        {**sealed(PAID), "ciphertext": "\u00e9"},
        {**sealed(PAID), "ciphertext": 1},
        sealed(PAID, key=API_V3_KEY[::-1]),
    ],
)
def test_what_does_not_open_with_our_key_is_refused(resource: dict[str, Any]) -> None:
    whole = {"id": "EV-1", "event_type": "TRANSACTION.SUCCESS", "resource": resource}

    with pytest.raises(Refused) as refused:
        read(json.dumps(whole).encode())

    assert refused.value.code == "notice_does_not_open"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"mchid": "1900000002"}, "another_merchant"),
        ({"mchid": None}, "another_merchant"),
        ({"appid": "wx0000000000000002"}, "another_application"),
        ({"trade_state": "UNHEARD_OF"}, "notice_not_understood"),
        ({"out_trade_no": ""}, "notice_not_understood"),
        ({"amount": {"total": 8_888, "currency": "USD"}}, "notice_not_understood"),
        ({"amount": {"total": "8888", "currency": "CNY"}}, "notice_not_understood"),
        ({"amount": {"total": 88.88, "currency": "CNY"}}, "notice_not_understood"),
        ({"amount": {"total": True, "currency": "CNY"}}, "notice_not_understood"),
        ({"amount": None}, "notice_not_understood"),
    ],
)
def test_what_is_not_ours_or_makes_no_sense_is_refused(more: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(told(**more))

    assert refused.value.code == code


def test_a_refund_is_told() -> None:
    content = {
        "mchid": MCHID,
        "out_trade_no": "payment1",
        "out_refund_no": "refund1",
        "refund_id": "50refund1",
        "refund_status": "SUCCESS",
        "success_time": HERE,
        "amount": {"total": 8_888, "refund": 88, "payer_total": 8_888, "payer_refund": 88},
    }

    found = read(notice("REFUND.SUCCESS", content))

    assert (found.about, found.reference) == ("refund", "refund1")
    assert found.move is not None
    assert (found.move.state, found.move.amount_minor) == ("done", 88)


def test_a_transfer_is_told() -> None:
    content = {
        "mch_id": MCHID,
        "out_bill_no": "out1",
        "transfer_bill_no": "13out1",
        "transfer_amount": 88,
        "state": "FAIL",
        "fail_reason": "RECEIVE_ACCOUNT_NOT_CONFIGURE",
    }

    found = read(notice("MCHTRANSFER.BILL.FINISHED", content))

    assert (found.about, found.reference) == ("transfer", "out1")
    assert found.move == SeenMove(
        state="failed",
        their_reference="13out1",
        amount_minor=88,
        why="RECEIVE_ACCOUNT_NOT_CONFIGURE",
    )


def test_what_we_have_no_use_for_is_refused_by_its_kind() -> None:
    with pytest.raises(Refused) as refused:
        read(notice("COMPLAINT.CREATE", {"mchid": MCHID}))

    assert refused.value.code == "notice_of_another_kind"


def test_an_account_without_a_key_believes_nobody() -> None:
    body = told()
    access = WechatPaySide().access()
    bare = replace(access, settings={}, secrets={})
    wrong = replace(access, secrets={**access.secrets, "platform_key": public_pem("other")})

    for each in (bare, wrong):
        with pytest.raises(BadSignature):
            WECHAT_PAY.read_notice(access=each, headers=signature_headers(body), body=body)


def test_it_is_answered_by_the_status() -> None:
    taken, not_taken = WECHAT_PAY.reply(is_taken=True), WECHAT_PAY.reply(is_taken=False)

    assert (taken.status, taken.body) == (204, b"")
    assert (not_taken.status, json.loads(not_taken.body)["code"]) == (400, "FAIL")
