"""Where it is not known what became of a call it has to be asked for, and is never called done.

Whatever a side of theirs does, nothing of what was sent or said stands in what is raised or logged.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace

import pytest

from santong.payments.contracts.providers import RefundAsk, Refused, Unreachable
from santong.payments.providers.alipay import Alipay
from santong.payments.providers.wechat_pay import WechatPay
from santong.payments.tests.providers import alipay_side as ali
from santong.payments.tests.providers import wechat_pay_side as wechat
from santong.payments.tests.providers.keys import private_pem
from santong.payments.tests.providers.listening import Says

ALIPAY = Alipay(clock=lambda: ali.NOW)
WECHAT_PAY = WechatPay(clock=lambda: wechat.NOW)
BACK = RefundAsk(
    reference="refund1",
    payment_reference="payment1",
    their_payment_reference="",
    amount_minor=1,
    paid_minor=1,
    reason="reason-nobody-reads",
)

AlipayMood = Callable[[str, str], Says]
WechatMood = Callable[[bytes], Says]


def said(code: str, sub_code: str) -> AlipayMood:
    written = json.dumps({"code": code, "msg": "no", "sub_code": sub_code, "sub_msg": "Bob"})
    return lambda name, _: Says(body=ali.signed_answer(name, written))


def unsigned(code: str, sub_code: str) -> AlipayMood:
    return lambda name, _: Says(
        body=json.dumps({name: {"code": code, "sub_code": sub_code}}).encode()
    )


def always(says: Says) -> Callable[..., Says]:
    return lambda *_: says


ALIPAY_UNSURE: dict[str, AlipayMood] = {
    "no word": always(Says(status=None)),
    "500": always(Says(status=500, body=b"secret-of-theirs")),
    "502": always(Says(status=502)),
    "404": always(Says(status=404)),
    "elsewhere": always(Says(status=302, headers={"Location": "http://127.0.0.1:1/"})),
    "empty": always(Says(body=b"")),
    "html": always(Says(body=b"<html>secret-of-theirs</html>")),
    "bytes": always(Says(body=b"\xff\xfe")),
    "list": always(Says(body=b"[]")),
    "deep": always(Says(body=b"[" * 100_000)),
    "huge": always(Says(body=b"x" * 300_000)),
    "another answer": lambda _, written: Says(
        body=ali.signed_answer("alipay_other_response", written)
    ),
    "another key": lambda name, written: Says(body=ali.signed_answer(name, written, key="anybody")),
    "changed": lambda name, written: Says(
        body=ali.signed_answer(name, written).replace(b"Tpayment1", b"Tpayment2")
    ),
    "unsigned": lambda name, written: Says(body=f'{{"{name}":{written}}}'.encode()),
    "two answers": lambda name, written: Says(
        body=b'{"' + name.encode() + b'":{},' + ali.signed_answer(name, written)[1:]
    ),
    "unsure": said("20000", "aop.unknow-error"),
    "unsure whole": said("20000", ""),
    "system error": said("40004", "ACQ.SYSTEM_ERROR"),
    "another system error": said("40004", "SYSTEM_ERROR"),
    "unsigned no": unsigned("40004", "ACQ.TRADE_NOT_ALLOW_REFUND"),
}


@pytest.mark.parametrize("mood", ALIPAY_UNSURE.values(), ids=ALIPAY_UNSURE.keys())
def test_alipay_is_asked_later(
    alipay_side: ali.AlipaySide, mood: AlipayMood, caplog: pytest.LogCaptureFixture
) -> None:
    alipay_side.trades["payment1"] = ali.Trade("Tpayment1", "0.01", "TRADE_SUCCESS", ali.HERE)
    alipay_side.moods = [mood]

    with caplog.at_level(logging.DEBUG), pytest.raises(Unreachable) as unreachable:
        ALIPAY.refund(access=alipay_side.access(), ask=BACK)

    assert nothing_is_quoted(unreachable.value, caplog)


@pytest.mark.parametrize(
    ("mood", "code"),
    [
        (said("40004", "ACQ.TRADE_NOT_ALLOW_REFUND"), "ACQ.TRADE_NOT_ALLOW_REFUND"),
        (said("40006", "isv.insufficient-isv-permissions"), "isv.insufficient-isv-permissions"),
        (unsigned("40002", "isv.invalid-app-id"), "isv.invalid-app-id"),
        (said("40003", ""), "40003"),
    ],
)
def test_alipay_says_no(alipay_side: ali.AlipaySide, mood: AlipayMood, code: str) -> None:
    alipay_side.trades["payment1"] = ali.Trade("Tpayment1", "0.01", "TRADE_SUCCESS", ali.HERE)
    alipay_side.moods = [mood]

    with pytest.raises(Refused) as refused:
        ALIPAY.refund(access=alipay_side.access(), ask=BACK)

    assert (refused.value.code, refused.value.message) == (code, "")


def signed(status: int, code: str) -> WechatMood:
    body = json.dumps({"code": code, "message": "Bob"}).encode()
    return saying(body, status=status)


def saying(body: bytes, *, status: int = 200) -> WechatMood:
    return lambda _: Says(status=status, body=body, headers=wechat.signature_headers(body))


def bare(status: int, code: str) -> WechatMood:
    return lambda _: Says(status=status, body=json.dumps({"code": code}).encode())


WECHAT_UNSURE: dict[str, WechatMood] = {
    "no word": always(Says(status=None)),
    "500": signed(500, "SYSTEM_ERROR"),
    "503": bare(503, "x"),
    "429": signed(429, "FREQUENCY_LIMITED"),
    "400 system error": signed(400, "SYSTEM_ERROR"),
    "400 limited": signed(403, "RATELIMIT_EXCEEDED"),
    "user paying": signed(400, "USERPAYING"),
    "elsewhere": lambda body: Says(
        status=302, body=body, headers={"Location": "http://127.0.0.1:1/"}
    ),
    "unsigned": lambda body: Says(body=body),
    "another key": lambda body: Says(
        body=body, headers=wechat.signature_headers(body, key="anybody")
    ),
    "another serial": lambda body: Says(
        body=body, headers=wechat.signature_headers(body, serial="4711")
    ),
    "old": lambda body: Says(body=body, headers=wechat.signature_headers(body, stamp=1)),
    "changed": lambda body: Says(body=body + b" ", headers=wechat.signature_headers(body)),
    "html": saying(b"<html>secret-of-theirs"),
    "list": saying(b"[]"),
    "empty": saying(b""),
    "huge": always(Says(body=b"x" * 300_000)),
    "400 html": always(Says(status=400, body=b"<html>")),
    "400 nothing": always(Says(status=400, body=b"{}")),
    "400 wrongly signed": lambda _: Says(
        status=400,
        body=b'{"code":"NOT_ENOUGH"}',
        headers=wechat.signature_headers(b"another body"),
    ),
    "another shape": saying(b"{}"),
}


@pytest.mark.parametrize("mood", WECHAT_UNSURE.values(), ids=WECHAT_UNSURE.keys())
def test_wechat_pay_is_asked_later(
    wechat_pay_side: wechat.WechatPaySide, mood: WechatMood, caplog: pytest.LogCaptureFixture
) -> None:
    wechat_pay_side.payments["payment1"] = {"amount": {"total": 1}, "trade_state": "SUCCESS"}
    wechat_pay_side.moods = [mood]

    with caplog.at_level(logging.DEBUG), pytest.raises(Unreachable) as unreachable:
        WECHAT_PAY.refund(access=wechat_pay_side.access(), ask=BACK)

    assert nothing_is_quoted(unreachable.value, caplog)


@pytest.mark.parametrize(
    ("mood", "code"),
    [
        (signed(403, "NOT_ENOUGH"), "NOT_ENOUGH"),
        (signed(400, "PARAM_ERROR"), "PARAM_ERROR"),
        (bare(401, "SIGN_ERROR"), "SIGN_ERROR"),
    ],
)
def test_wechat_pay_says_no(
    wechat_pay_side: wechat.WechatPaySide, mood: WechatMood, code: str
) -> None:
    wechat_pay_side.payments["payment1"] = {"amount": {"total": 1}, "trade_state": "SUCCESS"}
    wechat_pay_side.moods = [mood]

    with pytest.raises(Refused) as refused:
        WECHAT_PAY.refund(access=wechat_pay_side.access(), ask=BACK)

    assert (refused.value.code, refused.value.message) == (code, "")


def test_an_account_without_keys_calls_nobody(
    alipay_side: ali.AlipaySide, wechat_pay_side: wechat.WechatPaySide
) -> None:
    with pytest.raises(Refused) as alipay:
        ALIPAY.refund(access=replace(alipay_side.access(), secrets={}), ask=BACK)
    with pytest.raises(Refused) as wechat_pay:
        WECHAT_PAY.refund(access=replace(wechat_pay_side.access(), secrets={}), ask=BACK)

    assert alipay.value.code == wechat_pay.value.code == "settings_not_complete"
    assert (alipay_side.forms, wechat_pay_side.heard) == ([], [])


def test_a_side_that_refuses_our_signature_says_so(
    alipay_side: ali.AlipaySide, wechat_pay_side: wechat.WechatPaySide
) -> None:
    foreign = {"private_key": private_pem("anybody")}
    alipay_access, wechat_access = alipay_side.access(), wechat_pay_side.access()

    with pytest.raises(Refused) as alipay:
        ALIPAY.refund(
            access=replace(alipay_access, secrets={**alipay_access.secrets, **foreign}), ask=BACK
        )
    with pytest.raises(Refused) as wechat_pay:
        WECHAT_PAY.refund(
            access=replace(wechat_access, secrets={**wechat_access.secrets, **foreign}), ask=BACK
        )

    assert alipay.value.code == "isv.invalid-signature"
    assert wechat_pay.value.code == "SIGN_ERROR"
    assert wechat_pay_side.heard == []


def nothing_is_quoted(unreachable: Unreachable, caplog: pytest.LogCaptureFixture) -> bool:
    """Whether neither the exception with its causes nor any log says what went to and fro."""
    everything = f"{unreachable.args} {unreachable.__cause__!r} {caplog.text}"
    unread = ("reason-nobody-reads", "secret-of-theirs", "PRIVATE KEY", "Bob", "refund1")
    return not any(each in everything for each in unread)
