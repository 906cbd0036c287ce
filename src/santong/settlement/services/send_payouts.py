"""Send what was approved, never more than is payable at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from santong.kernel.errors import Conflict, Invalid, NotFound
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.settlement.models import Entry, PayoutLine, PayoutRun
from santong.settlement.rules.limits import limits_from_json
from santong.settlement.selectors.ledger import SOURCE, account_of_party, owner_of_party
from santong.settlement.selectors.parties import receiver_of
from santong.settlement.services.end_runs import end_runs

NOT_PAYABLE = "no longer payable"
A_DAY = timedelta(days=1)


@all_or_nothing
def send_payouts(*, merchant_id: int, limit: int, now: datetime) -> int:
    """Send lines of approved payouts whose time has come, `limit` at most; say how many.

    A refund may have come since the draft: what is payable now is sent, if it is still the
    minimum; otherwise the line is left out and says why. What would go beyond the account's day
    waits for the next. Whoever is busy with a line at this moment keeps it.

    Emits PayoutRunChanged. Locks lines, then accounts of parties.
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
    payable = _payable(merchant_id, lines, now)
    sent_today: dict[str, int] = {}
    entries = []
    for line in lines:
        if _waits_for_tomorrow(line, sent_today, now):
            continue
        amount = min(line.planned_minor, payable[line.party_id, line.run.currency])
        if amount <= 0 or amount < min(line.planned_minor, line.run.minimum_minor):
            line.state, line.why = "left_out", NOT_PAYABLE
            line.ended_at = now
            continue
        if not _is_sent(line, amount, now):
            continue
        payable[line.party_id, line.run.currency] -= amount
        sent_today[line.run.account_code] += amount
        entries.append(
            Entry(
                merchant_id=merchant_id,
                party_id=line.party_id,
                kind="paid_out",
                currency=line.run.currency,
                amount_minor=-amount,
                at=now,
                payout_line=line,
            )
        )
    PayoutLine.objects.of_merchant(merchant_id).bulk_update(
        lines,
        [
            "state",
            "why",
            "amount_minor",
            "attempts",
            "transfer_id",
            "tender_id",
            "is_last_share",
            "send_at",
            "ended_at",
        ],
    )
    Entry.objects.bulk_create(entries)
    end_runs(merchant_id=merchant_id, run_ids={line.run_id for line in lines}, now=now)
    return len(entries)


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


def _waits_for_tomorrow(line: PayoutLine, sent_today: dict[str, int], now: datetime) -> bool:
    code = line.run.account_code
    if code not in sent_today:
        sent_today[code] = _sent_since(line.run, now - A_DAY)
    most = limits_from_json(line.run.limits).most_a_day_minor
    if most is None or sent_today[code] + line.planned_minor <= most or not sent_today[code]:
        return False
    line.send_at = now + A_DAY
    return True


def _sent_since(run: PayoutRun, since: datetime) -> int:
    """What left the account in the last day, by any run."""
    rows = PayoutLine.objects.of_merchant(run.merchant_id).filter(
        run__account_code=run.account_code, state__in=["sent", "done"], send_at__gt=since
    )
    found: int | None = rows.aggregate(minor=Sum("amount_minor"))["minor"]
    return found or 0


def _is_sent(line: PayoutLine, amount: int, now: datetime) -> bool:
    """Queue the transfer; what cannot be queued says why, and does not keep the others.

    What its payment does not let out any more leaves the account.
    """
    line.attempts += 1
    try:
        try:
            transfer = _queued(line, amount, now)
        except payments.MoreThanLeft:
            line.tender_id, line.is_last_share = None, False
            transfer = _queued(line, amount, now)
    except (Invalid, NotFound, Conflict) as refused:
        line.state, line.why, line.ended_at = "failed", refused.code, now
        return False
    line.state, line.amount_minor = "sent", amount
    line.transfer_id, line.send_at, line.why = transfer.id, now, ""
    return True


def _queued(line: PayoutLine, amount: int, now: datetime) -> payments.Transfer:
    with transaction.atomic():
        return payments.transfer(
            merchant_id=line.merchant_id,
            source=SOURCE,
            key=f"payout:{line.id}:{line.attempts}",
            account_code=line.run.account_code,
            party=owner_of_party(line.party_id),
            receiver=receiver_of(line.party),
            amount_minor=amount,
            currency=line.run.currency,
            reason=f"payout {line.run_id}",
            tender_id=line.tender_id,
            is_last_share=line.is_last_share and amount == line.planned_minor,
            now=now,
        )
