"""What the providers at the counter have in common: nobody to ask, and nobody who tells."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from santong.kernel import tenancy
from santong.payments.contracts.providers import (
    Access,
    BadSignature,
    Notice,
    Refused,
    Reply,
    Seen,
    SeenDispute,
    SeenMove,
    TransferAsk,
)
from santong.payments.models import CounterRefund
from santong.payments.rules.counter_statement import CounterLine, counter_statement
from santong.payments.selectors.counter.days import counter_refund, refund_name


def _now() -> datetime:
    return datetime.now(UTC)


class Counter(ABC):
    """Money that is here, or is not: it waits for nobody, is sent nowhere and needs no notice."""

    code: str

    def __init__(self, *, clock: Callable[[], datetime] = _now) -> None:
        self.clock = clock

    @abstractmethod
    def found(self, access: Access, reference: str) -> Seen | None:
        """What was taken for a reference, if anything was."""

    @abstractmethod
    def lines(self, access: Access, day: date) -> list[CounterLine]:
        """What moved at the counter on a day."""

    def query(self, *, access: Access, reference: str) -> Seen:
        """What was taken for a reference."""
        with tenancy.scope(merchant_id=access.merchant_id):
            return self.found(access, reference) or Seen(state="unknown")

    def query_refund(self, *, access: Access, reference: str, payment_reference: str) -> SeenMove:
        """What was given back under a reference."""
        del payment_reference
        with tenancy.scope(merchant_id=access.merchant_id):
            given = counter_refund(
                merchant_id=access.merchant_id,
                account_code=access.account_code,
                reference=reference,
            )
        return SeenMove(state="unknown") if given is None else moved(given)

    def statement(self, *, access: Access, day: date) -> bytes:
        """What moved at the counter on a day, with its sums."""
        with tenancy.scope(merchant_id=access.merchant_id):
            lines = self.lines(access, day)
        return counter_statement(
            kind=self.code,
            account_code=access.account_code,
            currency=access.currency,
            day=day,
            lines=lines,
        )

    def disputes(self, *, access: Access, since: datetime) -> Sequence[SeenDispute]:
        """Whoever fights about a payment here fights with the bank: its statement tells."""
        del access, since
        return ()

    def capture(self, *, access: Access, reference: str, amount_minor: int) -> Seen:
        """Nothing is only authorised here. Raises Refused."""
        raise Refused("NOT_AUTHORISED", f"{access.account_code} {reference} {amount_minor}")

    def close(self, *, access: Access, reference: str) -> Seen:
        """What was paid stays paid; what was not is not known, and nobody can pay it later."""
        seen = self.query(access=access, reference=reference)
        return seen if seen.state == "paid" else Seen(state="closed")

    def transfer(self, *, access: Access, ask: TransferAsk) -> SeenMove:
        """Nothing is sent from here. Raises Refused."""
        raise Refused("NO_TRANSFERS", f"{access.account_code} {ask.reference}")

    def query_transfer(
        self, *, access: Access, reference: str, their_payment_reference: str = ""
    ) -> SeenMove:
        """Nothing was ever sent from here."""
        del access, reference, their_payment_reference
        return SeenMove(state="unknown")

    def read_notice(self, *, access: Access, headers: Mapping[str, str], body: bytes) -> Notice:
        """Nobody tells anything for a counter. Raises BadSignature."""
        del access, headers, body
        raise BadSignature

    def reply(self, *, is_taken: bool) -> Reply:
        """Whoever tells something all the same is not heard."""
        del is_taken
        return Reply(status=404, content_type="text/plain", body=b"")

    def today(self, access: Access) -> date:
        """The day that it is at the counter."""
        return self.clock().astimezone(ZoneInfo(time_zone(access))).date()


def time_zone(access: Access) -> str:
    """Where the counter is."""
    return access.settings.get("time_zone") or "Asia/Shanghai"


def moved(given: CounterRefund) -> SeenMove:
    """What was given back, as a provider tells it."""
    return SeenMove(
        state="done",
        their_reference=refund_name(given),
        amount_minor=given.amount_minor,
        fee_minor=given.fee_minor,
        at=given.given_at,
    )
