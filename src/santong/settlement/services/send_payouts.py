"""Send what was approved, never more than is payable at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Sum

from santong.kernel.errors import DomainError
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement, texts
from santong.payments import public as payments
from santong.settlement.models import Entry, PayoutLine, PayoutRun
from santong.settlement.rules.limits import limits_from_json
from santong.settlement.selectors.ledger import SOURCE, account_of_party, owner_of_party
from santong.settlement.selectors.parties import receiver_of
from santong.settlement.services.end_runs import end_runs

NOT_PAYABLE = "no longer payable"
A_DAY = timedelta(days=1)
# Each line is found by its key; what becomes of a thousand stands in one statement, once.
_WRITE: Final = Statement("""
UPDATE settlement_payoutline l
SET state = w.state, why = w.why, amount_minor = w.amount_minor, attempts = w.attempts,
  transfer_id = w.transfer_id, tender_id = w.tender_id, is_last_share = w.is_last_share,
  send_at = w.send_at, ended_at = w.ended_at
FROM unnest(%(id)s::bigint[], %(state)s::text[], %(why)s::text[], %(amount_minor)s::bigint[],
  %(attempts)s::int[], %(transfer_id)s::bigint[], %(tender_id)s::bigint[],
  %(is_last_share)s::boolean[], %(send_at)s::timestamptz[], %(ended_at)s::timestamptz[])
  AS w(id, state, why, amount_minor, attempts, transfer_id, tender_id, is_last_share, send_at,
    ended_at)
WHERE l.merchant_id = %(merchant)s::bigint AND l.id = w.id
""")
_CHANGED: Final = (
    *("id", "state", "why", "amount_minor", "attempts", "transfer_id", "tender_id"),
    *("is_last_share", "send_at", "ended_at"),
)


@dataclass(slots=True)
class _Decided:
    """What becomes of lines: which are sent, and which are not now, or not at all."""

    to_send: list[tuple[PayoutLine, int]]
    left_out: list[PayoutLine]
    tomorrow: list[PayoutLine]


@all_or_nothing
def send_payouts(*, merchant_id: int, limit: int, now: datetime) -> int:
    """Send lines of approved payouts whose time has come, `limit` at most; say how many.

    A refund may have come since the draft: what is payable now is sent, if it is still the
    minimum; otherwise the line is left out and says why. What would go beyond the account's day
    waits for the next. Whoever is busy with a line at this moment keeps it.

    Emits PayoutRunChanged. Locks lines, accounts of parties, tenders, then runs.
    """
    lines = list(
        PayoutLine.objects.of_merchant(merchant_id)
        .filter(state="planned", send_at__lte=now)
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("run", "party")
        .order_by("send_at", "id")[:limit]
    )
    if not lines:
        return 0
    decided = _decide(lines, payable=_payable(merchant_id, lines, now), now=now)
    sent = _send(merchant_id, decided.to_send, now)
    if len(sent) == len(decided.to_send):
        _keep_back(decided, now)
    # Where something could not be queued, it has left room: the others are looked at anew.
    _write(merchant_id, lines)
    Entry.objects.bulk_create([_entry(line, now) for line in sent])
    end_runs(merchant_id=merchant_id, run_ids={line.run_id for line in lines}, now=now)
    return len(sent)


def _payable(
    merchant_id: int, lines: Sequence[PayoutLine], now: datetime
) -> dict[tuple[int, str], int]:
    """What is payable to each party; until the transaction ends nobody else changes it."""
    accounts = {
        (line.party_id, line.run.currency): account_of_party(
            party_id=line.party_id, kind="payable", currency=line.run.currency
        )
        for line in lines
    }
    stand = payments.lock_accounts(
        merchant_id=merchant_id, accounts=list(accounts.values()), now=now
    )
    return {who: stand[account].posted for who, account in accounts.items()}


def _decide(
    lines: Sequence[PayoutLine], *, payable: dict[tuple[int, str], int], now: datetime
) -> _Decided:
    decided = _Decided([], [], [])
    most_of_run = {
        line.run_id: limits_from_json(line.run.limits).most_a_day_minor
        for line in {line.run_id: line for line in lines}.values()
    }
    sent_today: dict[str, int] = {}
    for line in lines:
        code, most = line.run.account_code, most_of_run[line.run_id]
        if most is not None and code not in sent_today:
            sent_today[code] = _sent_since(line.run, now - A_DAY)
        today = sent_today.get(code, 0)
        if most is not None and today and today + line.planned_minor > most:
            decided.tomorrow.append(line)
            continue
        amount = min(line.planned_minor, payable[line.party_id, line.run.currency])
        if amount <= 0 or amount < min(line.planned_minor, line.run.minimum_minor):
            decided.left_out.append(line)
            continue
        payable[line.party_id, line.run.currency] -= amount
        if code in sent_today:
            sent_today[code] += amount
        decided.to_send.append((line, amount))
    return decided


def _sent_since(run: PayoutRun, since: datetime) -> int:
    """What left the account in the last day, by any run."""
    rows = PayoutLine.objects.of_merchant(run.merchant_id).filter(
        run__account_code=run.account_code, state__in=["sent", "done"], send_at__gt=since
    )
    found: int | None = rows.aggregate(minor=Sum("amount_minor"))["minor"]
    return found or 0


def _send(
    merchant_id: int, to_send: Sequence[tuple[PayoutLine, int]], now: datetime
) -> list[PayoutLine]:
    """Queue transfers; what cannot be queued says why, and does not keep the others.

    What its payment does not let out any more leaves the account.
    """
    for line, _ in to_send:
        line.attempts += 1
    queued = _queue(merchant_id, to_send, now)
    beyond = [
        (line, amount)
        for line, amount in to_send
        if isinstance(queued[line.id], payments.MoreThanLeft)
    ]
    for line, _ in beyond:
        line.tender_id, line.is_last_share = None, False
    queued |= _queue(merchant_id, beyond, now)
    sent = []
    for line, amount in to_send:
        transfer = queued[line.id]
        if isinstance(transfer, DomainError):
            line.state, line.why, line.ended_at = "failed", transfer.code, now
            continue
        line.state, line.amount_minor = "sent", amount
        line.transfer_id, line.send_at, line.why = transfer.id, now, ""
        sent.append(line)
    return sent


def _queue(
    merchant_id: int, to_send: Sequence[tuple[PayoutLine, int]], now: datetime
) -> dict[int, payments.Transfer | DomainError]:
    """What became of each line."""
    if not to_send:
        return {}
    queued = payments.queue_transfers(
        merchant_id=merchant_id,
        source=SOURCE,
        wanted=[_transfer(line, amount) for line, amount in to_send],
        now=now,
    )
    return {line.id: transfer for (line, _), transfer in zip(to_send, queued, strict=True)}


def _transfer(line: PayoutLine, amount_minor: int) -> payments.NewTransfer:
    return payments.NewTransfer(
        key=f"payout:{line.id}:{line.attempts}",
        account_code=line.run.account_code,
        party=owner_of_party(line.party_id),
        receiver=receiver_of(line.party),
        amount_minor=amount_minor,
        currency=line.run.currency,
        reason=f"payout {line.run_id}",
        tender_id=line.tender_id,
        is_last_share=line.is_last_share and amount_minor == line.planned_minor,
    )


def _keep_back(decided: _Decided, now: datetime) -> None:
    for line in decided.left_out:
        line.state, line.why, line.ended_at = "left_out", NOT_PAYABLE, now
    for line in decided.tomorrow:
        line.send_at = now + A_DAY


def _write(merchant_id: int, lines: Sequence[PayoutLine]) -> None:
    columns = {name: texts(_text(getattr(line, name)) for line in lines) for name in _CHANGED}
    _WRITE.later({"merchant": str(merchant_id), **columns})


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _entry(line: PayoutLine, now: datetime) -> Entry:
    return Entry(
        merchant_id=line.merchant_id,
        party_id=line.party_id,
        kind="paid_out",
        currency=line.run.currency,
        amount_minor=-line.amount_minor,
        at=now,
        payout_line=line,
    )
