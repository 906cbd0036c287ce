"""Money that leaves a WeChat Pay account, and the day's statement, over a real line."""

from __future__ import annotations

import json
from datetime import date

import pytest

from santong.payments.contracts.providers import (
    Refused,
    SeenMove,
    TransferAsk,
    Unreachable,
)
from santong.payments.tests.providers.listening import Says
from santong.payments.tests.providers.test_wechat_pay import PAID_AT, WECHAT_PAY, back, wanted
from santong.payments.tests.providers.wechat_pay_side import (
    HERE,
    WechatPaySide,
    signature_headers,
)


def test_more_than_was_paid_is_not_given_back(wechat_pay_side: WechatPaySide) -> None:
    access = wechat_pay_side.access()
    WECHAT_PAY.ask(access=access, ask=wanted())
    wechat_pay_side.pay("payment1")
    WECHAT_PAY.refund(access=access, ask=back(12_345))

    with pytest.raises(Refused) as refused:
        WECHAT_PAY.refund(access=access, ask=back(1, "refund2"))

    assert refused.value.code == "INVALID_REQUEST"


@pytest.mark.parametrize(
    ("status", "state"),
    [("CLOSED", "failed"), ("ABNORMAL", "working"), ("PROCESSING", "working")],
)
def test_a_refund_that_did_not_arrive_is_told_apart(
    wechat_pay_side: WechatPaySide, status: str, state: str
) -> None:
    access = wechat_pay_side.access()
    WECHAT_PAY.ask(access=access, ask=wanted())
    wechat_pay_side.pay("payment1")
    WECHAT_PAY.refund(access=access, ask=back(5))
    wechat_pay_side.refunds["refund1"]["status"] = status

    found = WECHAT_PAY.query_refund(
        access=access, reference="refund1", payment_reference="payment1"
    )

    assert found.state == state


def share(amount_minor: int, *, is_last: bool = False) -> TransferAsk:
    return TransferAsk(
        reference="share1",
        receiver="1900000099",
        amount_minor=amount_minor,
        reason="佣金",
        payment_reference="payment1",
        their_payment_reference="42payment1",
        is_last_share=is_last,
    )


def test_a_share_is_given_and_asked_for_by_its_payment(wechat_pay_side: WechatPaySide) -> None:
    access = wechat_pay_side.access(shares="yes")

    given = WECHAT_PAY.transfer(access=access, ask=share(333, is_last=True))
    wechat_pay_side.carry_out_shares()
    done = WECHAT_PAY.query_transfer(
        access=access, reference="share1", their_payment_reference="42payment1"
    )
    nothing = WECHAT_PAY.query_transfer(
        access=access, reference="share2", their_payment_reference="42payment1"
    )

    _, _, fields = wechat_pay_side.heard[0]
    assert fields["unfreeze_unsplit"] is True
    assert fields["receivers"] == [
        {"type": "MERCHANT_ID", "account": "1900000099", "amount": 333, "description": "佣金"}
    ]
    assert given == SeenMove(state="working", their_reference="30share1", amount_minor=333)
    assert done == SeenMove(state="done", their_reference="30share1", amount_minor=333, at=PAID_AT)
    assert nothing == SeenMove(state="unknown")


def test_a_share_that_does_not_arrive_says_why(wechat_pay_side: WechatPaySide) -> None:
    access = wechat_pay_side.access()
    WECHAT_PAY.transfer(access=access, ask=share(333))
    wechat_pay_side.carry_out_shares("CLOSED")

    found = WECHAT_PAY.query_transfer(
        access=access, reference="share1", their_payment_reference="42payment1"
    )

    assert (found.state, found.why) == ("failed", "ACCOUNT_ABNORMAL")


def test_what_is_left_is_freed_without_a_receiver(wechat_pay_side: WechatPaySide) -> None:
    access = wechat_pay_side.access()

    first = WECHAT_PAY.transfer(access=access, ask=share(0, is_last=True))
    wechat_pay_side.carry_out_shares()
    done = WECHAT_PAY.query_transfer(
        access=access, reference="share1", their_payment_reference="42payment1"
    )

    assert wechat_pay_side.heard[0][1] == "/v3/profitsharing/orders/unfreeze"
    assert (first.state, done.state, done.amount_minor) == ("working", "done", 0)


def test_money_is_paid_out_and_asked_for(wechat_pay_side: WechatPaySide) -> None:
    access = wechat_pay_side.access()
    out = TransferAsk(reference="out1", receiver="o-2", amount_minor=199_999, reason="提成")

    given = WECHAT_PAY.transfer(access=access, ask=out)
    wechat_pay_side.transfers["out1"] |= {"state": "SUCCESS", "update_time": HERE}

    _, _, fields = wechat_pay_side.heard[0]
    assert (fields["openid"], fields["transfer_amount"]) == ("o-2", 199_999)
    assert fields["transfer_scene_report_infos"] == [
        {"info_type": "岗位类型", "info_content": "店员"},
        {"info_type": "报酬说明", "info_content": "提成"},
    ]
    assert (given.state, given.their_reference) == ("working", "13out1")


@pytest.mark.parametrize(
    ("state", "means"),
    [
        ("SUCCESS", "done"),
        ("FAIL", "failed"),
        ("CANCELLED", "failed"),
        ("WAIT_USER_CONFIRM", "working"),
        ("TRANSFERING", "working"),
    ],
)
def test_each_state_of_a_transfer_means_one(
    wechat_pay_side: WechatPaySide, state: str, means: str
) -> None:
    access = wechat_pay_side.access()
    out = TransferAsk(reference="transfer1", receiver="o-2", amount_minor=5, reason="提成")
    WECHAT_PAY.transfer(access=access, ask=out)
    wechat_pay_side.transfers["transfer1"]["state"] = state

    found = WECHAT_PAY.query_transfer(access=access, reference="transfer1")

    assert (found.state, found.amount_minor) == (means, 5)
    assert WECHAT_PAY.query_transfer(access=access, reference="transfer2").state == "unknown"


@pytest.mark.parametrize(
    ("out", "code"),
    [
        (
            TransferAsk(reference="o-1", receiver="o", amount_minor=1, reason=""),
            "reference_not_allowed",
        ),
        (
            TransferAsk(reference="o1", receiver="o", amount_minor=200_000, reason=""),
            "receiver_name_needed",
        ),
        (TransferAsk(reference="o1", receiver="", amount_minor=1, reason=""), "receiver_not_named"),
        (
            TransferAsk(
                reference="share1",
                receiver="1",
                amount_minor=1,
                reason="",
                payment_reference="payment1",
            ),
            "payment_not_named",
        ),
    ],
)
def test_a_transfer_that_cannot_be_made_is_refused_before_anybody_is_called(
    wechat_pay_side: WechatPaySide, out: TransferAsk, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        WECHAT_PAY.transfer(access=wechat_pay_side.access(), ask=out)

    assert refused.value.code == code
    assert wechat_pay_side.heard == []


def test_a_day_without_a_statement_is_refused(wechat_pay_side: WechatPaySide) -> None:
    with pytest.raises(Refused) as refused:
        WECHAT_PAY.statement(access=wechat_pay_side.access(), day=date(2026, 11, 22))

    assert refused.value.code == "NO_STATEMENT_EXIST"


def test_a_statement_that_is_not_the_one_that_was_named_is_fetched_again(
    wechat_pay_side: WechatPaySide,
) -> None:
    wechat_pay_side.bill = b"one"
    body = json.dumps(
        {
            "hash_type": "SHA1",
            "hash_value": "0" * 40,
            "download_url": f"{wechat_pay_side.url}/v3/billdownload/file?token=1",
        }
    ).encode()
    wechat_pay_side.moods = [lambda _: Says(body=body, headers=signature_headers(body))]

    with pytest.raises(Unreachable) as unreachable:
        WECHAT_PAY.statement(access=wechat_pay_side.access(), day=date(2026, 11, 22))

    assert unreachable.value.args == ("statement_not_whole",)


def test_a_statement_is_fetched_from_nobody_else(wechat_pay_side: WechatPaySide) -> None:
    body = json.dumps({"download_url": "https://elsewhere.example/v3/billdownload/file"}).encode()
    wechat_pay_side.moods = [lambda _: Says(body=body, headers=signature_headers(body))]

    with pytest.raises(Unreachable) as unreachable:
        WECHAT_PAY.statement(access=wechat_pay_side.access(), day=date(2026, 11, 22))

    assert unreachable.value.args == ("statement_elsewhere",)
