"""The clock says how a term stands: broken, mended, or kept."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from santong.agreements import contracts
from santong.agreements.models import AgreementTerm, Breach, ServiceAgreement
from santong.agreements.models.breaches import VOID
from santong.agreements.rules.amounts import day_of_the_cap, days_late, owed_minor
from santong.agreements.services.lock import lock_agreement
from santong.agreements.services.outcomes import break_term, keep_term, mend_term, note, owe
from santong.agreements.services.running import stop_clocks
from santong.kernel.tenancy import all_or_nothing

BY_CLOCK = "system:clock"


@all_or_nothing
def find_broken(
    *, merchant_id: int, agreement_id: int, term: int, broken_at: datetime, now: datetime
) -> int | None:
    """A term's last day has passed: its breach stands, once, whoever finds it; its id.

    What grows by the day is owed when it has ended or reached its cap; anything else at once.
    Nothing comes of what is promised no more.

    Raises NoSuch. Emits TermBroken, RemedyOwed. Locks the document.
    """
    row = lock_agreement(merchant_id=merchant_id, agreement_id=agreement_id)
    if not (row.state in contracts.IN_FORCE or row.state == "fulfilled"):
        return None
    found = AgreementTerm.objects.of_merchant(merchant_id).get(agreement=row, number=term)
    breach = live_breach(found)
    if breach is None:
        breach = Breach.objects.create(
            merchant_id=merchant_id,
            agreement=row,
            term=found,
            occasion=0,
            found_by="clock",
            claimed_by=BY_CLOCK,
            key=f"clock:{found.id}:{broken_at.isoformat()}",
            state="claimed",
            broken_at=broken_at,
        )
    if breach.state == "claimed":
        uphold(breach, by=BY_CLOCK, now=now)
    return breach.id


@all_or_nothing
def settle_late(
    *, merchant_id: int, agreement_id: int, term: int, at: datetime, now: datetime
) -> None:
    """What was late is there: what has grown until then is owed.

    Raises NoSuch. Emits RemedyOwed. Locks the document.
    """
    row = lock_agreement(merchant_id=merchant_id, agreement_id=agreement_id)
    found = AgreementTerm.objects.of_merchant(merchant_id).get(agreement=row, number=term)
    breach = live_breach(found)
    if breach is not None and breach.state == "growing":
        settle_grown(breach, at=at, now=now)


@all_or_nothing
def mend(*, merchant_id: int, agreement_id: int, term: int, now: datetime) -> None:
    """It was there in time after all: a breach that cost nothing yet is withdrawn.

    Money that went back stays with the buyer; the breach says that it was mended.

    Raises NoSuch. Locks the document.
    """
    row = lock_agreement(merchant_id=merchant_id, agreement_id=agreement_id)
    found = AgreementTerm.objects.of_merchant(merchant_id).get(agreement=row, number=term)
    breach = live_breach(found)
    if breach is None:
        return
    breach.mended_at = now
    if breach.state in {"growing", "owed", "nothing_left"} and breach.found_by == "clock":
        found.spent_minor -= breach.amount_minor
        found.save(update_fields=["spent_minor"])
        breach.term = found
        breach.state, breach.ended_at, breach.settle_at = "withdrawn", now, None
        mend_term(breach, now=now)
    breach.save()
    note(breach, "mend_breach", now=now)


@all_or_nothing
def keep(*, merchant_id: int, agreement_id: int, term: int, at: datetime, now: datetime) -> None:
    """What a term promised was done in time. Raises NoSuch. Emits TermKept. Locks the document."""
    row = lock_agreement(merchant_id=merchant_id, agreement_id=agreement_id)
    found = AgreementTerm.objects.of_merchant(merchant_id).get(agreement=row, number=term)
    keep_term(row, found, at=at, now=now)


@all_or_nothing
def record_done(
    *, merchant_id: int, agreement_id: int, what: str, at: datetime, now: datetime
) -> None:
    """Somebody says that it was shipped, delivered or installed: clocks that wait for it stop.

    Raises NoSuch. Locks the document, then clocks.
    """
    row = lock_agreement(merchant_id=merchant_id, agreement_id=agreement_id)
    stop_clocks(row, what=what, at=at, now=now)


def live_breach(term: AgreementTerm, *, occasion: int = 0) -> Breach | None:
    """The breach of an occasion that was not rejected or withdrawn."""
    rows = Breach.objects.of_merchant(term.merchant_id).filter(term=term, occasion=occasion)
    return rows.exclude(state__in=VOID).select_related("agreement", "term").first()


def uphold(breach: Breach, *, by: str, now: datetime) -> None:
    """A breach stands: broken, and what makes it good is owed, or grows until it has ended."""
    term = breach.term.as_contract()
    breach.decided_at, breach.decided_by = now, by
    until = _grows_until(breach.agreement, term)
    if until is not None and now < until:
        breach.state, breach.settle_at = "growing", until
        breach.save()
        note(breach, "grow", now=now)
        break_term(breach, now=now)
        return
    breach.save()
    break_term(breach, now=now)
    settle_grown(breach, at=now, now=now)


def settle_grown(breach: Breach, *, at: datetime, now: datetime) -> None:
    """Owe what a breach has come to at an instant, as far as the term's cap lets it."""
    row, term = breach.agreement, breach.term
    days = days_late(term.as_contract(), at=at, timezone=row.timezone)
    amount = owed_minor(term.as_contract(), total_minor=row.total_minor, days_late=days)
    breach.days_late = days
    breach.save(update_fields=["days_late"])
    owe(breach, amount_minor=min(amount, term.limit_minor - term.spent_minor), now=now)


def _grows_until(row: ServiceAgreement, term: contracts.Term) -> datetime | None:
    day = day_of_the_cap(term, total_minor=row.total_minor)
    if day is None:
        return None
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(row.timezone))
