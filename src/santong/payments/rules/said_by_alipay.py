"""What Alipay's answers mean. Its words stay on this side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from santong.payments.contracts.providers import Seen, SeenMove, SeenMoveState, SeenState
from santong.payments.rules.said_by_providers import Said, china_time, parts, word
from santong.payments.rules.yuan import minor_of

DONE: Final = "10000"
UNDER_WAY: Final = "10003"

# It does not know whether it has done it: it has to be asked.
_UNSURE_CODES: Final = frozenset({"20000"})
_UNSURE_ENDS: Final = ("SYSTEM_ERROR", "UNKNOW_ERROR", "UNKNOW-ERROR", "UNKNOWN_ERROR")

_STATE_BY_TRADE_STATUS: Final[Mapping[str, SeenState]] = {
    "WAIT_BUYER_PAY": "waiting",
    "TRADE_SUCCESS": "paid",
    "TRADE_FINISHED": "paid",
    "TRADE_CLOSED": "closed",
}
_STATE_BY_AUTH_STATUS: Final[Mapping[str, SeenState]] = {
    "INIT": "waiting",
    "AUTHORIZED": "authorised",
    "CLOSED": "closed",
}
_STATE_BY_TRANSFER_STATUS: Final[Mapping[str, SeenMoveState]] = {
    "SUCCESS": "done",
    "WAIT_PAY": "working",
    "DEALING": "working",
    "INIT": "working",
    "REFUND": "returned",
    "FAIL": "failed",
    "CLOSED": "failed",
}


def is_unsure(*, code: str, sub_code: str) -> bool:
    """Whether a refusal leaves open what became of it."""
    return code in _UNSURE_CODES or sub_code.upper().endswith(_UNSURE_ENDS)


def is_unknown(*, sub_code: str) -> bool:
    """Whether it says that it knows no such payment, refund or transfer."""
    return sub_code.endswith(("NOT_EXIST", "NOT_EXISTS"))


def trade_seen(*, said: Said) -> Seen:
    """A payment by its trade: a query, a notice. Raises ValueError where it makes no sense."""
    status = word(said, "trade_status")
    paid_at = china_time(word(said, "send_pay_date") or word(said, "gmt_payment"))
    state = _STATE_BY_TRADE_STATUS.get(status)
    if state is None:
        raise ValueError(status)
    # A trade that was paid and given back whole is called closed as well: it was paid.
    if state == "closed" and paid_at is not None:
        state = "paid"
    return Seen(
        state=state,
        their_reference=word(said, "trade_no"),
        amount_minor=minor_of(yuan=word(said, "total_amount")),
        payer=payer_of(said=said),
        at=paid_at,
    )


def scan_seen(*, said: Said) -> Seen:
    """A code that was scanned by the till: paid at once, or the buyer is asked for a password."""
    if word(said, "code") == UNDER_WAY:
        return Seen(state="waiting", their_reference=word(said, "trade_no"))
    return Seen(
        state="paid",
        their_reference=word(said, "trade_no"),
        amount_minor=minor_of(yuan=word(said, "total_amount")),
        payer=payer_of(said=said),
        at=china_time(word(said, "gmt_payment")),
    )


def authorisation_seen(*, said: Said) -> Seen:
    """Money that is frozen for us, by its order. Raises ValueError where it makes no sense."""
    status = word(said, "order_status") or word(said, "status")
    taken = minor_of(yuan=word(said, "total_pay_amount") or "0")
    state = _STATE_BY_AUTH_STATUS.get(status)
    if status == "FINISH" or (state == "authorised" and word(said, "rest_amount") == "0.00"):
        state = "paid" if taken else "closed"
    if status == "SUCCESS":
        state = "authorised"
    if state is None:
        raise ValueError(status)
    frozen = word(said, "total_freeze_amount") or word(said, "amount") or "0"
    return Seen(
        state=state,
        their_reference=word(said, "auth_no"),
        amount_minor=taken if state == "paid" else minor_of(yuan=frozen),
        payer=word(said, "payer_open_id") or word(said, "payer_user_id"),
        at=china_time(word(said, "gmt_trans")),
    )


def refund_seen(*, said: Said, amount_minor: int) -> SeenMove:
    """The answer to a refund. Where no money moved it was asked before: what became of it is asked.

    What it names as the fee of the refund is the sum of all refunds of the payment.
    """
    is_done = word(said, "fund_change") == "Y"
    return SeenMove(
        state="done" if is_done else "working",
        their_reference=word(said, "trade_no"),
        amount_minor=amount_minor if is_done else 0,
        at=china_time(word(said, "gmt_refund_pay")),
    )


def refund_found(*, said: Said) -> SeenMove:
    """A refund that was asked for. Without a status it never arrived, or it failed: try again."""
    if word(said, "refund_status") != "REFUND_SUCCESS":
        return SeenMove(state="unknown")
    return SeenMove(
        state="done",
        their_reference=word(said, "trade_no"),
        amount_minor=minor_of(yuan=word(said, "refund_amount")),
        at=china_time(word(said, "gmt_refund_pay")),
    )


def transfer_seen(*, said: Said) -> SeenMove:
    """A transfer out of the account. Raises ValueError where it makes no sense."""
    status = word(said, "status")
    state = _STATE_BY_TRANSFER_STATUS.get(status)
    if state is None:
        raise ValueError(status)
    return SeenMove(
        state=state,
        their_reference=word(said, "order_id"),
        amount_minor=minor_of(yuan=word(said, "trans_amount") or "0"),
        fee_minor=minor_of(yuan=word(said, "order_fee") or "0"),
        at=china_time(word(said, "trans_date") or word(said, "pay_date")),
        why=word(said, "error_code") or word(said, "sub_order_error_code"),
    )


def share_found(*, said: Said) -> SeenMove:
    """A share of a payment, by what became of each of its lines."""
    lines = [
        line
        for line in parts(said, "royalty_detail_list")
        if is_given(word(line, "operation_type"))
    ]
    if not lines:
        return SeenMove(state="unknown")
    states = {word(line, "state") for line in lines}
    failed = [word(line, "error_code") for line in lines if word(line, "state") == "FAIL"]
    state: SeenMoveState = "failed" if failed else "done" if states == {"SUCCESS"} else "working"
    return SeenMove(
        state=state,
        their_reference=word(lines[0], "detail_id"),
        amount_minor=sum(minor_of(yuan=word(line, "amount")) for line in lines),
        at=china_time(word(lines[0], "execute_dt")),
        why=failed[0] if failed else "",
    )


def is_given(operation: str) -> bool:
    """Whether a line of a share gives money away, and does not take it back."""
    return operation in {"", "transfer"}


def payer_of(*, said: Said) -> str:
    """Their name for whoever paid."""
    return word(said, "buyer_open_id") or word(said, "buyer_user_id") or word(said, "buyer_id")
