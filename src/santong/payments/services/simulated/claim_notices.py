"""Notices of the simulated provider are sent outside any transaction: claimed before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q

from santong.kernel.tenancy import all_or_nothing
from santong.payments.models import SimulatedAccount, SimulatedNotice
from santong.payments.rules.simulated.terms import pause_after, terms_of
from santong.payments.selectors.simulated.holders import secret_of

# A worker that dies leaves its claims; after this long another one takes them.
CLAIM_LIVES: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A notice that is claimed: where it goes, and with which secret it is signed."""

    notice_id: int
    account_code: str
    claim: int
    url: str
    secret: str = field(repr=False)
    body: bytes


@all_or_nothing
def claim_notices(*, merchant_id: int, now: datetime, limit: int) -> list[Letter]:
    """Claim so many notices that are due. Locks them, and waits for none."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    due = SimulatedNotice.objects.of_merchant(merchant_id).filter(
        free, state="waiting", due_at__lte=now
    )
    rows = list(
        due.order_by("due_at", "id").select_for_update(skip_locked=True, no_key=True)[:limit]
    )
    if not rows:
        return []
    SimulatedNotice.objects.filter(pk__in=[row.pk for row in rows]).update(
        claim=F("claim") + 1, claimed_until=now + CLAIM_LIVES
    )
    return _letters(merchant_id, rows)


@all_or_nothing
def settle_notice(*, merchant_id: int, letter: Letter, is_taken: bool, now: datetime) -> None:
    """Write down whether it was answered well; if not, it is told again later, if it ever is.

    A claim that somebody else has taken over meanwhile changes nothing. Locks the notice.
    """
    notice = (
        SimulatedNotice.objects.of_merchant(merchant_id)
        .filter(pk=letter.notice_id, claim=letter.claim, state="waiting")
        .lock()
        .first()
    )
    if notice is None:
        return
    notice.attempts += 1
    notice.claimed_until = None
    if is_taken:
        notice.times -= 1
        notice.state = "waiting" if notice.times else "told"
    else:
        account = SimulatedAccount.objects.get(
            merchant_id=merchant_id, account_code=notice.account_code
        )
        pause = pause_after(notice.attempts, terms=terms_of(account.settings))
        notice.state = "given_up" if pause is None else "waiting"
        notice.due_at = notice.due_at if pause is None else now + pause
    notice.save(update_fields=["attempts", "claimed_until", "times", "state", "due_at"])


def _letters(merchant_id: int, rows: Sequence[SimulatedNotice]) -> list[Letter]:
    codes = {row.account_code for row in rows}
    accounts = {
        account.account_code: account
        for account in SimulatedAccount.objects.of_merchant(merchant_id).filter(
            account_code__in=codes
        )
    }
    secrets = {code: secret_of(account) for code, account in accounts.items()}
    return [
        Letter(
            notice_id=row.id,
            account_code=row.account_code,
            claim=row.claim + 1,
            url=accounts[row.account_code].notify_url,
            secret=secrets[row.account_code],
            body=row.body.encode(),
        )
        for row in rows
    ]
