"""The simulated provider: as slow, forgetful and unreliable as the real ones, if it is asked to be.

It keeps its own books and writes them in transactions of its own, never in ours: a process that is
killed between two transactions leaves the same gaps as with a real provider.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.db import connection as database

from santong.kernel import attempts, tenancy
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
    Unreachable,
)
from santong.payments.rules.card_numbers import refuse_card_numbers
from santong.payments.rules.simulated import notices
from santong.payments.rules.simulated.moods import (
    Mood,
    has_moods_of_calls,
    mood_of_call,
    moods_named,
)
from santong.payments.rules.simulated.signing import check_signed
from santong.payments.rules.simulated.terms import Holder, terms_of
from santong.payments.selectors.simulated.books import statement_of
from santong.payments.selectors.simulated.payments import (
    disputes_since,
    payment_by_reference,
    refund_by_reference,
    transfer_by_reference,
)
from santong.payments.services.simulated.ask_buyer import ask_buyer
from santong.payments.services.simulated.capture_payment import capture_payment
from santong.payments.services.simulated.close_payment import close_payment
from santong.payments.services.simulated.count_call import count_call
from santong.payments.services.simulated.know_account import know_account
from santong.payments.services.simulated.refund_payment import refund_payment
from santong.payments.services.simulated.settle_due import (
    settle_refund_by_reference,
    settle_transfer_by_reference,
)
from santong.payments.services.simulated.transfer_out import transfer_out

A_MINUTE: Final = timedelta(minutes=1)
PAGE: Final = "/pay/simulated/"


def _now() -> datetime:
    return datetime.now(UTC)


def _new_token() -> str:
    return secrets.token_urlsafe(24)


class Simulated:
    """The simulated provider by a clock, and by what its pages are named with."""

    code = "simulated"
    abilities: frozenset[Ability] = frozenset(
        {
            "authorise",
            "void",
            "refund",
            "partial_refund",
            "query",
            "transfer",
            "share",
            "statement",
            "scan",
            "disputes",
        }
    )

    def __init__(
        self, *, clock: Callable[[], datetime] = _now, new_token: Callable[[], str] = _new_token
    ) -> None:
        self.clock = clock
        self._new_token = new_token

    def ask(self, *, access: Access, ask: Ask) -> tuple[Shown, Seen]:
        """Have the buyer asked on a page. Raises Refused, Unreachable."""
        if ask.way != "scan":  # a code that a buyer shows has as many digits as a card
            refuse_card_numbers(ask.token)
        named = moods_named(ask.token)
        holder, mood = self._heard(access, f"ask:{ask.reference}", named)
        token = f"{access.merchant_id:x}-{self._new_token()}"
        with tenancy.scope(merchant_id=access.merchant_id):
            page, seen = ask_buyer(
                holder=holder,
                ask=ask,
                currency=access.currency,
                page_token=token,
                now=self.clock(),
            )
        _answer(mood)
        return Shown(way=ask.way, payload=_origin(access) + PAGE + page), seen

    def query(self, *, access: Access, reference: str) -> Seen:
        """How a payment stands. Raises Unreachable."""
        self._heard(access, f"query:{reference}")
        with tenancy.scope(merchant_id=access.merchant_id):
            return payment_by_reference(
                merchant_id=access.merchant_id,
                account_code=access.account_code,
                reference=reference,
                now=self.clock(),
            )

    def capture(self, *, access: Access, reference: str, amount_minor: int) -> Seen:
        """Take what was authorised. Raises Refused, Unreachable."""
        holder, mood = self._heard(access, f"capture:{reference}")
        with tenancy.scope(merchant_id=access.merchant_id):
            seen = capture_payment(
                holder=holder, reference=reference, amount_minor=amount_minor, now=self.clock()
            )
        _answer(mood)
        return seen

    def close(self, *, access: Access, reference: str) -> Seen:
        """See that it is not paid any more. Raises Unreachable."""
        holder, mood = self._heard(access, f"close:{reference}")
        with tenancy.scope(merchant_id=access.merchant_id):
            seen = close_payment(holder=holder, reference=reference, now=self.clock())
        _answer(mood)
        return seen

    def refund(self, *, access: Access, ask: RefundAsk) -> SeenMove:
        """Give money back. Raises Refused, Unreachable."""
        holder, mood = self._heard(access, f"refund:{ask.reference}", moods_named(ask.reason))
        with tenancy.scope(merchant_id=access.merchant_id):
            seen = refund_payment(holder=holder, ask=ask, now=self.clock())
        _answer(mood)
        return seen

    def query_refund(self, *, access: Access, reference: str, payment_reference: str) -> SeenMove:
        """How a refund stands. Raises Unreachable."""
        del payment_reference
        holder, _ = self._heard(access, f"query_refund:{reference}")
        with tenancy.scope(merchant_id=access.merchant_id):
            settle_refund_by_reference(holder=holder, reference=reference, now=self.clock())
            return refund_by_reference(
                merchant_id=access.merchant_id,
                account_code=access.account_code,
                reference=reference,
            )

    def transfer(self, *, access: Access, ask: TransferAsk) -> SeenMove:
        """Give money to somebody else. Raises Refused, Unreachable."""
        holder, mood = self._heard(access, f"transfer:{ask.reference}", moods_named(ask.reason))
        with tenancy.scope(merchant_id=access.merchant_id):
            seen = transfer_out(holder=holder, ask=ask, now=self.clock())
        _answer(mood)
        return seen

    def query_transfer(
        self,
        *,
        access: Access,
        reference: str,
        their_payment_reference: str = "",
    ) -> SeenMove:
        """How a transfer stands. Raises Unreachable."""
        del their_payment_reference
        holder, _ = self._heard(access, f"query_transfer:{reference}")
        with tenancy.scope(merchant_id=access.merchant_id):
            settle_transfer_by_reference(holder=holder, reference=reference, now=self.clock())
            return transfer_by_reference(
                merchant_id=access.merchant_id,
                account_code=access.account_code,
                reference=reference,
            )

    def read_notice(self, *, access: Access, headers: Mapping[str, str], body: bytes) -> Notice:
        """What it tells. Raises BadSignature, Refused."""
        secret = access.secrets.get("secret", "")
        check_signed(secret=secret, headers=headers, body=body, now=self.clock())
        return notices.read(body)

    def reply(self, *, is_taken: bool) -> Reply:
        """What it is answered."""
        if is_taken:
            return Reply(status=200, content_type="application/json", body=b'{"code":"SUCCESS"}')
        return Reply(status=500, content_type="application/json", body=b'{"code":"FAIL"}')

    def statement(self, *, access: Access, day: date) -> bytes:
        """The day's file, by its own books."""
        terms = terms_of(access.settings)
        with tenancy.scope(merchant_id=access.merchant_id):
            return statement_of(
                merchant_id=access.merchant_id,
                account_code=access.account_code,
                currency=access.currency,
                day=day,
                time_zone=terms.time_zone,
            )

    def disputes(self, *, access: Access, since: datetime) -> Sequence[SeenDispute]:
        """What its buyers have fought about. Raises Unreachable."""
        self._heard(access, f"disputes:{since.isoformat()}")
        with tenancy.scope(merchant_id=access.merchant_id):
            return disputes_since(
                merchant_id=access.merchant_id, account_code=access.account_code, since=since
            )

    def _heard(
        self, access: Access, about: str, named: frozenset[Mood] = frozenset()
    ) -> tuple[Holder, Mood | None]:
        """Who calls, and what goes wrong with the call; a call that is not heard ends here."""
        assert not database.in_atomic_block, "nothing slow happens inside a transaction"
        if self._is_too_often(access):
            raise Unreachable("FREQUENCY_LIMIT")
        with tenancy.scope(merchant_id=access.merchant_id):
            holder = know_account(access=access)
            terms = holder.terms
            mood = None
            if named or has_moods_of_calls(terms.profile):
                mood = mood_of_call(
                    profile=terms.profile,
                    seed=terms.seed,
                    about=about,
                    attempt=self._counted(access, about),
                    named=named,
                )
        if mood == "too_often":
            raise Unreachable("FREQUENCY_LIMIT")
        if mood == "not_done_unheard":
            raise Unreachable("NO_ANSWER")
        if mood == "refused":
            raise Refused("REFUSED", "as it was asked to")
        return holder, mood

    def _is_too_often(self, access: Access) -> bool:
        most = terms_of(access.settings).calls_per_minute
        subject = f"simulated:{access.merchant_id}:{access.account_code}"
        return most > 0 and bool(
            attempts.take(subject=subject, most=most, within=A_MINUTE, now=self.clock())
        )

    def _counted(self, access: Access, about: str) -> int:
        return count_call(
            merchant_id=access.merchant_id, account_code=access.account_code, about=about
        )


def _answer(mood: Mood | None) -> None:
    """It was done; whether that is heard is another matter."""
    if mood == "done_unheard":
        raise Unreachable("NO_ANSWER")


def _origin(access: Access) -> str:
    """Where its pages are: with those of the installation that it tells."""
    parts = urlsplit(access.notify_url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


PROVIDER: Final[Provider] = Simulated()
