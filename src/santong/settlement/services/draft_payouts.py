"""Draft a payout of what is due."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.settlement import contracts
from santong.settlement.events import PayoutRunChanged
from santong.settlement.models import Party, PayoutLine, PayoutRun
from santong.settlement.rules.limits import limits_to_json
from santong.settlement.rules.planning import check_limits
from santong.settlement.selectors.payouts import payout_run
from santong.settlement.services.plan_lines import UNPAID_KINDS, plan_lines
from santong.settlement.services.signature import hands

PARTIES_AT_ONCE = 1_000
# Each of them may be owed shares of a thousand payments.
PARTIES_AT_ONCE_BY_PAYMENT = 20


@all_or_nothing
def draft_payouts(
    *,
    merchant_id: int,
    account_code: str,
    currency: str,
    minimum_minor: int,
    limits: contracts.PayoutLimits,
    way: contracts.PayoutWay = "account",
    parties: int = PARTIES_AT_ONCE,
    now: datetime,
) -> contracts.PayoutRun:
    """Begin a payout of all that is due and not less than a minimum. Nothing is paid yet.

    By the way `payments` each share leaves the payment that it is a share of, where that came in
    at this account and lets it out; the rest leaves the account.

    So many parties are looked at now; `continue_draft` goes on, until the run is a draft that can
    be approved.

    Raises FieldInvalid, NoSuch (account). Emits PayoutRunChanged. Locks nothing.
    """
    check_limits(limits=limits)
    if not 0 < minimum_minor <= contracts.MOST_MINOR:
        raise FieldInvalid(pointer="/minimum_minor", reason=f"1 to {contracts.MOST_MINOR}")
    account = payments.payment_account_by_code(merchant_id=merchant_id, code=account_code)
    if account.currency != currency:
        raise FieldInvalid(pointer="/currency", reason="another than the account's")
    row = PayoutRun.objects.create(
        merchant_id=merchant_id,
        state="drafting",
        currency=currency,
        account_code=account_code,
        way=way,
        minimum_minor=minimum_minor,
        limits=limits_to_json(limits),
        drafted_by=hands(merchant_id=merchant_id),
        drafted_at=now,
    )
    audit.record(
        audit.Change(
            action="settlement.draft_payouts",
            subject="payout_run",
            subject_id=row.id,
            reason=account_code,
            after={"state": "drafting", "way": way, "minimum_minor": minimum_minor},
        ),
        now=now,
    )
    return continue_draft(merchant_id=merchant_id, run_id=row.id, parties=parties, now=now)


@all_or_nothing
def continue_draft(
    *, merchant_id: int, run_id: int, parties: int, now: datetime
) -> contracts.PayoutRun:
    """Look at the next parties of a draft, so many at most; behind the last it is a draft.

    What was looked at stays planned, whatever happens to the process.

    Raises NoSuch. Emits PayoutRunChanged. Locks the run.
    """
    run = PayoutRun.objects.of_merchant(merchant_id).filter(id=run_id).lock().first()
    if run is None or run.state != "drafting":
        return payout_run(merchant_id=merchant_id, run_id=run_id)
    if run.way == "payments":
        parties = min(parties, PARTIES_AT_ONCE_BY_PAYMENT)
    rows = list(
        Party.objects.of_merchant(merchant_id)
        .filter(id__gt=run.planned_through, is_open=True)
        .exclude(kind__in=UNPAID_KINDS)
        .order_by("id")[:parties]
    )
    lines = plan_lines(run, rows)
    PayoutLine.objects.bulk_create(lines)
    run.planned_through = rows[-1].id if rows else run.planned_through
    run.lines += len(lines)
    run.amount_minor += sum(line.amount_minor for line in lines if line.state == "planned")
    if len(rows) < parties:
        run.state = "draft"
        outbox.publish(
            PayoutRunChanged(
                run_id=run.id,
                state=run.state,
                currency=run.currency,
                amount_minor=run.amount_minor,
            ),
            now=now,
        )
    run.save(update_fields=["planned_through", "lines", "amount_minor", "state"])
    return payout_run(merchant_id=merchant_id, run_id=run_id)
