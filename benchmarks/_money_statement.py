"""A day at a stormy provider, and what its statement says that the books do not.

Calls are not answered, notices are lost, late, doubled and in disorder; money goes back, is fought
about and goes out; some buyers pay when nobody listens any more. Then the provider's statement of
that day is reconciled. What it says less what the books say is either in a named difference, or
unexplained.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from _money_merchant import CURRENCY, FEE_PER_MILLION, Merchant

# Django is set up by the benchmark before anything here is called.
# ruff: noqa: PLC0415

STORM = "storm"
PUBLIC_URL = "http://127.0.0.1:9"
DAY = date(2026, 11, 10)
BEIJING = ZoneInfo("Asia/Shanghai")
TEN_IN_THE_MORNING = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
ACTIONS = (
    "pay",
    "pay_and_lose_the_notice",
    "pay_and_tell_twice",
    "pay_and_tell_in_disorder",
    "refuse",
    "pay_and_tell_late",
    "",
)
PARTIES = ("dealer-1", "unknown-2", "returns-3")
A_PART_MINOR = 1_000
MOST_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A statement: its lines, its differences, and what neither side nor they explain."""

    lines: int
    differences: int
    difference_minor: int
    unexplained_minor: int


class Clock:
    """The time at the provider and with us."""

    def __init__(self) -> None:
        self.now = TEN_IN_THE_MORNING

    def __call__(self) -> datetime:
        return self.now


def storm(*, merchant: Merchant, buyers: int) -> Reconciled:
    """So many buyers of a day; what its statement comes to."""
    from santong.payments.providers.simulated import PROVIDER, Simulated

    assert isinstance(PROVIDER, Simulated)
    clock, before = Clock(), PROVIDER.clock
    PROVIDER.clock = clock
    try:
        _Day(merchant.merchant_id, clock).pass_by(buyers)
        return _reconcile(merchant.merchant_id)
    finally:
        PROVIDER.clock = before


class _Day:
    """What happens in a day."""

    def __init__(self, merchant_id: int, clock: Clock) -> None:
        from santong.kernel import tenancy
        from santong.payments import public

        self.merchant_id = merchant_id
        self.clock = clock
        self.public: Any = public
        self.tenancy: Any = tenancy

    def pass_by(self, buyers: int) -> None:
        """From the morning to the afternoon: only the last payments are seen by nobody."""
        with self._scope():
            self.public.open_payment_account(
                merchant_id=self.merchant_id,
                code=STORM,
                provider="simulated",
                method="alipay",
                name="Storm",
                currency=CURRENCY,
                settings={"profile": "stormy", "seed": "bench"},
                secrets={"secret": "a benchmark's own"},
                fee_per_million=FEE_PER_MILLION,
                now=self.clock(),
            )
        intents = [self._ask(number) for number in range(buyers)]
        self._work(rounds=3)
        for place, intent in enumerate(intents):
            self._act(intent, ACTIONS[place % len(ACTIONS)])
        self._work(rounds=4)
        for place, intent in enumerate(intents):
            self._give_back(intent, parts=place % 3)
        self._send_out()
        self._work(rounds=4)
        for place, intent in enumerate(intents[: buyers // 4]):
            self._act(intent, "dispute")
            self._act(intent, ("", "decide_for_the_shop", "decide_for_the_buyer")[place % 3])
        self._work(rounds=20, seconds=600)
        late = [self._ask(buyers + number) for number in range(1 + buyers // 20)]
        self._work(rounds=1)
        for intent in late:
            self._act(intent, "pay_and_lose_the_notice")

    def _ask(self, number: int) -> Any:
        amount = 5_000 + 37 * number
        new = self.public.NewIntent(
            key=f"storm:{number}",
            document=f"storm:{number}",
            currency=CURRENCY,
            amount_minor=amount,
            subject="羊绒大衣",
            expires_at=self.clock() + timedelta(minutes=10),
            tenders=(self.public.NewTender(account_code=STORM, amount_minor=amount),),
        )
        with self._scope():
            return self.public.open_intent(merchant_id=self.merchant_id, new=new, now=self.clock())

    def _act(self, intent: Any, action: str) -> None:
        """A buyer does something, if the provider lets them."""
        if not action:
            return
        try:
            with self._scope():
                self.public.act_as_buyer(
                    merchant_id=self.merchant_id,
                    reference=intent.tenders[0].reference,
                    action=action,
                    now=self.clock(),
                )
        except self.public.Refused:
            return

    def _give_back(self, intent: Any, *, parts: int) -> None:
        with self._scope():
            known = self.public.intent_by_id(merchant_id=self.merchant_id, intent_id=intent.id)
            if known.received_minor < parts * A_PART_MINOR:
                return
            for part in range(parts):
                self.public.refund(
                    merchant_id=self.merchant_id,
                    document=intent.document,
                    key=f"{intent.document}:{part}",
                    amount_minor=A_PART_MINOR,
                    currency=CURRENCY,
                    reason="too small",
                    now=self.clock(),
                )

    def _send_out(self) -> None:
        """One party is paid, one does not exist, one sends it back after the day."""
        with self._scope():
            self.public.post_many(
                merchant_id=self.merchant_id,
                source="bench",
                txns=[self._owed(party) for party in PARTIES],
                now=self.clock(),
            )
            self.public.queue_transfers(
                merchant_id=self.merchant_id,
                source="bench",
                wanted=[
                    self.public.NewTransfer(
                        key=party,
                        account_code=STORM,
                        party=f"storm:{party}",
                        receiver=party,
                        amount_minor=A_PART_MINOR,
                        currency=CURRENCY,
                        reason="November",
                    )
                    for party in PARTIES
                ],
                now=self.clock(),
            )

    def _owed(self, party: str) -> Any:
        owed = self.public.payable_account(currency=CURRENCY, party=f"storm:{party}")
        shared = self.public.AccountKey(f"money:{CURRENCY}", "shared", "storm")
        return self.public.NewTxn(
            key=f"storm:{party}",
            kind="share",
            entries=(
                self.public.NewEntry(owed, A_PART_MINOR),
                self.public.NewEntry(shared, -A_PART_MINOR),
            ),
            occurred_at=self.clock(),
        )

    def _work(self, *, rounds: int, seconds: int = 20) -> None:
        """What workers of ours and of the provider do meanwhile."""
        from santong.payments.providers.errands import run_errands
        from santong.payments.services.simulated.settle_due import settle_due

        for _ in range(rounds):
            run_errands(merchant_id=self.merchant_id, clock=self.clock)
            with self._scope():
                self.public.expire_intents(merchant_id=self.merchant_id, now=self.clock())
                settle_due(merchant_id=self.merchant_id, now=self.clock(), limit=MOST_AT_ONCE)
            self._tell()
            self.clock.now += timedelta(seconds=seconds)

    def _tell(self) -> None:
        """The provider's notices, as if they had come by HTTP, signed."""
        from santong.payments.rules.simulated.notices import read
        from santong.payments.services.simulated.claim_notices import claim_notices, settle_notice
        from santong.payments.services.take_notice import take_notice

        with self._scope():
            letters = claim_notices(
                merchant_id=self.merchant_id, now=self.clock(), limit=MOST_AT_ONCE
            )
        for letter in letters:
            with self._scope():
                is_taken = take_notice(
                    merchant_id=self.merchant_id,
                    account_code=STORM,
                    notice=read(letter.body),
                    now=self.clock(),
                )
                settle_notice(
                    merchant_id=self.merchant_id,
                    letter=letter,
                    is_taken=is_taken,
                    now=self.clock(),
                )

    def _scope(self) -> Any:
        return self.tenancy.scope(merchant_id=self.merchant_id)


def _reconcile(merchant_id: int) -> Reconciled:
    from santong.kernel import tenancy
    from santong.payments import public as payments
    from santong.reconciliation import jobs
    from santong.reconciliation import public as reconciliation

    after = datetime(2026, 11, 11, 4, 0, tzinfo=UTC)
    content = payments.fetch_statement(merchant_id=merchant_id, account_code=STORM, day=DAY)
    assert content is not None
    jobs.fetch_for_merchant(merchant_id=merchant_id, now=after)
    with tenancy.scope(merchant_id=merchant_id):
        waiting = reconciliation.unfinished_files(merchant_id=merchant_id)
    files = [
        jobs.work_on_file(merchant_id=merchant_id, file_id=file_id, now=after)
        for file_id in waiting
    ]
    (file,) = [each for each in files if (each.account_code, each.day) == (STORM, DAY)]
    with tenancy.scope(merchant_id=merchant_id):
        found = reconciliation.counted(merchant_id=merchant_id, file_id=file.id)
        differing = sum(each.difference_minor for each in found)
        said, books = _said(content), _moved(merchant_id, payments)
    return Reconciled(
        lines=file.lines,
        differences=sum(each.count for each in found),
        difference_minor=differing,
        unexplained_minor=abs(said - books - differing) + abs(file.unexplained_minor),
    )


def _said(content: bytes) -> int:
    """What came in at the account by its statement, less fees."""
    rows: list[Sequence[str]] = list(csv.reader(io.StringIO(content.decode())))
    return sum(int(row[4]) - int(row[5]) for row in rows[2:-1])


def _moved(merchant_id: int, payments: Any) -> int:
    """What moved that day by our books."""
    begins_at = datetime(DAY.year, DAY.month, DAY.day, tzinfo=BEIJING)
    moved = payments.movements_page(
        merchant_id=merchant_id,
        account_code=STORM,
        moved_from=begins_at,
        moved_until=begins_at + timedelta(days=1),
        limit=1_000_000,
    )
    return sum(each.amount_minor for each in moved)
