"""WeChat Pay 微信支付, version 3 of its interface."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from santong.payments.contracts.providers import (
    Ability,
    Access,
    Ask,
    Notice,
    Provider,
    RefundAsk,
    Refused,
    Reply,
    Seen,
    SeenDispute,
    SeenMove,
    Shown,
    TransferAsk,
)
from santong.payments.providers import wechat_pay_moves, wechat_pay_notice, wechat_pay_payments
from santong.payments.providers.line import clock


class WechatPay:
    """Every verb of a provider; each is done by the module of its kind."""

    code = "wechat_pay"
    abilities: frozenset[Ability] = frozenset(
        {
            *("refund", "partial_refund", "query"),
            *("transfer", "share", "statement", "scan"),
        }
    )

    def __init__(self, *, clock: Callable[[], datetime] = clock) -> None:
        self.clock = clock

    def ask(self, *, access: Access, ask: Ask) -> tuple[Shown, Seen]:
        return wechat_pay_payments.ask_buyer(access=access, wanted=ask, now=self.clock())

    def query(self, *, access: Access, reference: str) -> Seen:
        return wechat_pay_payments.query_payment(
            access=access, reference=reference, now=self.clock()
        )

    def capture(self, *, access: Access, reference: str, amount_minor: int) -> Seen:
        """Money is taken at once: nothing is ever frozen that could be taken later."""
        del access, reference, amount_minor
        raise Refused("authorise_not_offered")

    def close(self, *, access: Access, reference: str) -> Seen:
        return wechat_pay_payments.close_payment(
            access=access, reference=reference, now=self.clock()
        )

    def refund(self, *, access: Access, ask: RefundAsk) -> SeenMove:
        return wechat_pay_moves.give_back(access=access, wanted=ask, now=self.clock())

    def query_refund(self, *, access: Access, reference: str, payment_reference: str) -> SeenMove:
        del payment_reference  # a refund is found by its own number
        return wechat_pay_moves.query_given_back(
            access=access,
            reference=reference,
            now=self.clock(),
        )

    def transfer(self, *, access: Access, ask: TransferAsk) -> SeenMove:
        return wechat_pay_moves.give(access=access, wanted=ask, now=self.clock())

    def query_transfer(
        self, *, access: Access, reference: str, their_payment_reference: str = ""
    ) -> SeenMove:
        return wechat_pay_moves.query_given(
            access=access,
            reference=reference,
            their_payment_reference=their_payment_reference,
            now=self.clock(),
        )

    def read_notice(self, *, access: Access, headers: Mapping[str, str], body: bytes) -> Notice:
        return wechat_pay_notice.read(access=access, headers=headers, body=body, now=self.clock())

    def reply(self, *, is_taken: bool) -> Reply:
        if is_taken:
            return Reply(status=204, content_type="application/json", body=b"")
        body = b'{"code": "FAIL", "message": "not taken"}'
        return Reply(status=400, content_type="application/json", body=body)

    def statement(self, *, access: Access, day: date) -> bytes:
        return wechat_pay_moves.statement_of(access=access, day=day, now=self.clock())

    def disputes(self, *, access: Access, since: datetime) -> Sequence[SeenDispute]:
        """Charge-backs are told of in statements alone."""
        del access, since
        return ()


PROVIDER: Final[Provider] = WechatPay()
