"""What settlement does by the clock."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.jobs import periodic
from santong.settlement.selectors.payouts import drafting_runs
from santong.settlement.services.draft_payouts import PARTIES_AT_ONCE, continue_draft
from santong.settlement.services.keep_shares import keep_shares
from santong.settlement.services.release_due import release_due
from santong.settlement.services.send_payouts import send_payouts

MOST_SHARES = 5_000
MOST_TRANSFERS = 1_000


@periodic(name="settlement.release_due", cron="*/5 * * * *")
def let_shares_be_due(*, merchant_id: int, now: datetime) -> int:
    """Shares whose return period is over can be paid out."""
    return release_due(merchant_id=merchant_id, limit=MOST_SHARES, now=now)


@periodic(name="settlement.keep_shares", cron="*/5 * * * *")
def let_marketplaces_keep_theirs(*, merchant_id: int, now: datetime) -> int:
    """What marketplaces are owed of what they collected themselves is settled with it."""
    kept, after_id = 0, 0
    while True:
        looked = keep_shares(merchant_id=merchant_id, after_id=after_id, limit=MOST_SHARES, now=now)
        kept += looked.kept
        if looked.after_id is None:
            return kept
        after_id = looked.after_id


@periodic(name="settlement.continue_drafts", cron="* * * * * */10")
def let_drafts_go_on(*, merchant_id: int, now: datetime) -> int:
    """The next parties of payouts whose draft is not complete."""
    runs = drafting_runs(merchant_id=merchant_id)
    for run_id in runs:
        continue_draft(merchant_id=merchant_id, run_id=run_id, parties=PARTIES_AT_ONCE, now=now)
    return len(runs)


@periodic(name="settlement.send_payouts", cron="* * * * * */5")
def let_payouts_be_sent(*, merchant_id: int, now: datetime) -> int:
    """Approved payouts, as fast as the provider allows."""
    return send_payouts(merchant_id=merchant_id, limit=MOST_TRANSFERS, now=now)
