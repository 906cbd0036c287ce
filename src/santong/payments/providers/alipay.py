"""Alipay 支付宝, by its open platform."""

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
    Reply,
    Seen,
    SeenDispute,
    SeenMove,
    Shown,
    TransferAsk,
)
from santong.payments.providers import alipay_moves, alipay_notice, alipay_payments
from santong.payments.providers.line import clock


class Alipay:
    """Every verb of a provider; each is done by the module of its kind."""

    code = "alipay"
    abilities: frozenset[Ability] = frozenset(
        {
            *("authorise", "void", "refund", "partial_refund", "query"),
            *("transfer", "share", "statement", "scan"),
        }
    )

    def __init__(self, *, clock: Callable[[], datetime] = clock) -> None:
        self.clock = clock

    def ask(self, *, access: Access, ask: Ask) -> tuple[Shown, Seen]:
        return alipay_payments.ask_buyer(access=access, wanted=ask, now=self.clock())

    def query(self, *, access: Access, reference: str) -> Seen:
        return alipay_payments.query_payment(access=access, reference=reference, now=self.clock())

    def capture(self, *, access: Access, reference: str, amount_minor: int) -> Seen:
        return alipay_payments.capture_payment(
            access=access, reference=reference, amount_minor=amount_minor, now=self.clock()
        )

    def close(self, *, access: Access, reference: str) -> Seen:
        return alipay_payments.close_payment(access=access, reference=reference, now=self.clock())

    def refund(self, *, access: Access, ask: RefundAsk) -> SeenMove:
        return alipay_moves.give_back(access=access, wanted=ask, now=self.clock())

    def query_refund(self, *, access: Access, reference: str, payment_reference: str) -> SeenMove:
        return alipay_moves.query_given_back(
            access=access,
            reference=reference,
            payment_reference=payment_reference,
            now=self.clock(),
        )

    def transfer(self, *, access: Access, ask: TransferAsk) -> SeenMove:
        return alipay_moves.give(access=access, wanted=ask, now=self.clock())

    def query_transfer(
        self, *, access: Access, reference: str, their_payment_reference: str = ""
    ) -> SeenMove:
        return alipay_moves.query_given(
            access=access,
            reference=reference,
            their_payment_reference=their_payment_reference,
            now=self.clock(),
        )

    def read_notice(self, *, access: Access, headers: Mapping[str, str], body: bytes) -> Notice:
        del headers  # a form says everything itself
        return alipay_notice.read(access=access, body=body)

    def reply(self, *, is_taken: bool) -> Reply:
        body = b"success" if is_taken else b"fail"
        return Reply(status=200, content_type="text/plain", body=body)

    def statement(self, *, access: Access, day: date) -> bytes:
        return alipay_moves.statement_of(access=access, day=day, now=self.clock())

    def disputes(self, *, access: Access, since: datetime) -> Sequence[SeenDispute]:
        """Charge-backs are told of in statements alone."""
        del access, since
        return ()


PROVIDER: Final[Provider] = Alipay()
