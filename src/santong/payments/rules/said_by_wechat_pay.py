"""What WeChat Pay's answers mean. Its words stay on this side."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from santong.payments.contracts.providers import Seen, SeenMove, SeenMoveState, SeenState
from santong.payments.rules.said_by_providers import Said, offset_time, part, parts, whole, word

# It does not know whether it has done it, or cannot say now: it has to be asked.
_UNSURE: Final = frozenset(
    {
        *("SYSTEM_ERROR", "SYSTEMERROR", "BANK_ERROR", "BANKERROR", "USERPAYING", "USER_PAYING"),
        *("BIZ_ERR_NEED_RETRY", "BIZERR_NEED_RETRY"),
        *(
            "FREQUENCY_LIMITED",
            "RATELIMIT_EXCEEDED",
            "RATE_LIMIT_EXCEEDED",
            "FREQUENCY_LIMIT_EXCEED",
        ),
    }
)
_UNKNOWN: Final = frozenset(
    {"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS", "NOT_FOUND", "RECORD_NOT_EXISTS"}
)

_STATE_BY_TRADE_STATE: Final[Mapping[str, SeenState]] = {
    "SUCCESS": "paid",
    "REFUND": "paid",
    "NOTPAY": "waiting",
    "USERPAYING": "waiting",
    "ACCEPT": "waiting",
    "CLOSED": "closed",
    "REVOKED": "closed",
    "PAYERROR": "failed",
}
# An abnormal refund has left us and not reached the buyer; it is put right in their console.
_STATE_BY_REFUND_STATUS: Final[Mapping[str, SeenMoveState]] = {
    "SUCCESS": "done",
    "PROCESSING": "working",
    "ABNORMAL": "working",
    "CLOSED": "failed",
}
_STATE_BY_TRANSFER_STATE: Final[Mapping[str, SeenMoveState]] = {
    "ACCEPTED": "working",
    "PROCESSING": "working",
    "WAIT_USER_CONFIRM": "working",
    "TRANSFERING": "working",
    "CANCELING": "working",
    "SUCCESS": "done",
    "FAIL": "failed",
    "CANCELLED": "failed",
}


def is_unsure(*, status: int, code: str) -> bool:
    """Whether a refusal leaves open what became of it."""
    return (
        status >= HTTPStatus.INTERNAL_SERVER_ERROR
        or status == HTTPStatus.TOO_MANY_REQUESTS
        or code in _UNSURE
    )


def is_unknown(*, code: str) -> bool:
    """Whether it says that it knows no such payment, refund or transfer."""
    return code in _UNKNOWN


def payment_seen(*, said: Said, currency: str) -> Seen:
    """A payment: a query, a notice. Raises ValueError where it makes no sense."""
    state = _STATE_BY_TRADE_STATE.get(word(said, "trade_state"))
    if state is None:
        raise ValueError(word(said, "trade_state"))
    return Seen(
        state=state,
        their_reference=word(said, "transaction_id"),
        amount_minor=_amount(said, "total", currency=currency, is_needed=state == "paid"),
        payer=word(part(said, "payer"), "openid"),
        at=offset_time(word(said, "success_time")),
        why=word(said, "trade_state") if state == "failed" else "",
    )


def refund_seen(*, said: Said, currency: str) -> SeenMove:
    """A refund: an answer, a query, a notice. Raises ValueError where it makes no sense."""
    status = word(said, "status") or word(said, "refund_status")
    state = _STATE_BY_REFUND_STATUS.get(status)
    if state is None:
        raise ValueError(status)
    return SeenMove(
        state=state,
        their_reference=word(said, "refund_id"),
        amount_minor=_amount(said, "refund", currency=currency, is_needed=state == "done"),
        at=offset_time(word(said, "success_time")),
        why=status if status in {"ABNORMAL", "CLOSED"} else "",
    )


def transfer_seen(*, said: Said) -> SeenMove:
    """A transfer out of the account. Raises ValueError where it makes no sense."""
    state = _STATE_BY_TRANSFER_STATE.get(word(said, "state"))
    if state is None:
        raise ValueError(word(said, "state"))
    amount = said.get("transfer_amount")
    return SeenMove(
        state=state,
        their_reference=word(said, "transfer_bill_no"),
        amount_minor=0 if amount is None else whole(said, "transfer_amount"),
        at=offset_time(word(said, "update_time") or word(said, "create_time")),
        why=word(said, "fail_reason") or _waits_for(word(said, "state")),
    )


def share_seen(*, said: Said, holder: str) -> SeenMove:
    """A share of a payment, by what became of each receiver; what its holder keeps is no share."""
    order = word(said, "order_id")
    if word(said, "state") not in {"PROCESSING", "FINISHED"}:
        raise ValueError(word(said, "state"))
    lines = [line for line in parts(said, "receivers") if word(line, "account") != holder]
    results = {word(line, "result") for line in lines}
    closed = [word(line, "fail_reason") for line in lines if word(line, "result") == "CLOSED"]
    if closed:
        state: SeenMoveState = "failed"
    elif results == {"SUCCESS"} or (not lines and word(said, "state") == "FINISHED"):
        state = "done"
    else:
        state = "working"
    times = [offset_time(word(line, "finish_time")) for line in lines]
    return SeenMove(
        state=state,
        their_reference=order,
        amount_minor=sum(whole(line, "amount") for line in lines),
        at=max((time for time in times if time is not None), default=None),
        why=closed[0] if closed else "",
    )


def _amount(said: Said, name: str, *, currency: str, is_needed: bool) -> int:
    amount = part(said, "amount")
    if not amount and not is_needed:
        return 0
    if (word(amount, "currency") or "CNY") != currency:
        raise ValueError("currency")
    return whole(amount, name)


def _waits_for(state: str) -> str:
    return state if state == "WAIT_USER_CONFIRM" else ""
