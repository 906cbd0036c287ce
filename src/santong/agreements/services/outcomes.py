"""A term was kept, or a breach of it stands: how the term and its agreement stand then."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from santong.agreements.events import RemedyDone, RemedyOwed, TermBroken, TermKept
from santong.agreements.models import AgreementTerm, Breach, ServiceAgreement
from santong.agreements.models.breaches import VOID
from santong.agreements.services.trail import write_down
from santong.kernel import audit, outbox


def keep_term(row: ServiceAgreement, term: AgreementTerm, *, at: datetime, now: datetime) -> None:
    """What a term promised was done in time."""
    if term.outcome != "open":
        return
    term.outcome, term.outcome_at = "kept", at
    term.save(update_fields=["outcome", "outcome_at"])
    outbox.publish(
        TermKept(
            agreement_id=row.id,
            document=row.document,
            term=term.number,
            kind=term.kind,
            kept_at=at,
        ),
        now=now,
    )


def break_term(breach: Breach, *, now: datetime) -> None:
    """A breach stands: its term is broken, and its agreement."""
    row, term = breach.agreement, breach.term
    term.outcome, term.outcome_at = "broken", breach.broken_at
    term.save(update_fields=["outcome", "outcome_at"])
    if row.state == "accepted":
        row.state = "breached"
        row.save(update_fields=["state"])
        write_down(row, "break", before="accepted", now=now)
    outbox.publish(
        TermBroken(
            breach_id=breach.id,
            agreement_id=row.id,
            document=row.document,
            term=term.number,
            kind=term.kind,
            found_by=breach.found_by,
            broken_at=breach.broken_at,
            remedy=term.remedy,
            bearer=term.bearer,
            bearer_code=term.bearer_code,
        ),
        now=now,
    )


def mend_term(breach: Breach, *, now: datetime) -> None:
    """A breach stands no more: its term is open again, and its agreement if it has no other."""
    row, term = breach.agreement, breach.term
    term.outcome, term.outcome_at = "open", None
    term.save(update_fields=["outcome", "outcome_at"])
    others = Breach.objects.of_merchant(row.merchant_id).filter(
        agreement=row, decided_at__isnull=False
    )
    if row.state == "breached" and not others.exclude(state__in=VOID).exclude(id=breach.id):
        row.state = "accepted"
        row.save(update_fields=["state"])
        write_down(row, "mend", before="breached", now=now)


def owe(breach: Breach, *, amount_minor: int, now: datetime) -> None:
    """The remedy of a breach is due: so much money at most, or goods.

    The term's costs rise by one statement that never lets them above its cap.
    """
    row, term = breach.agreement, breach.term
    if amount_minor:
        risen = (
            AgreementTerm.objects.of_merchant(row.merchant_id)
            .filter(id=term.id, spent_minor__lte=F("limit_minor") - amount_minor)
            .update(spent_minor=F("spent_minor") + amount_minor)
        )
        assert risen == 1, "the document is locked, and the amount was cut to what is left"
        term.refresh_from_db(fields=["spent_minor"])
    breach.state, breach.amount_minor, breach.settled_at = "owed", amount_minor, now
    breach.settle_at = now if amount_minor else None
    breach.save(update_fields=["state", "amount_minor", "settled_at", "settle_at"])
    note(breach, "owe", now=now)
    outbox.publish(
        RemedyOwed(
            breach_id=breach.id,
            agreement_id=row.id,
            document=row.document,
            term=term.number,
            kind=term.kind,
            remedy=term.remedy,
            currency=row.currency,
            amount_minor=amount_minor,
            bearer=term.bearer,
            bearer_code=term.bearer_code,
        ),
        now=now,
    )


def make_good(breach: Breach, *, amount_minor: int, by: str, now: datetime) -> None:
    """A breach is made good."""
    row, term = breach.agreement, breach.term
    breach.state, breach.ended_at, breach.made_good_by = "done", now, by
    breach.settle_at, breach.why = None, ""
    breach.save(update_fields=["state", "ended_at", "made_good_by", "settle_at", "why"])
    note(breach, "make_good", now=now)
    outbox.publish(
        RemedyDone(
            breach_id=breach.id,
            agreement_id=row.id,
            document=row.document,
            term=term.number,
            remedy=term.remedy,
            currency=row.currency,
            amount_minor=amount_minor,
            made_good_by=by,
            bearer=term.bearer,
            bearer_code=term.bearer_code,
        ),
        now=now,
    )


def note(breach: Breach, action: str, *, reason: str = "", now: datetime) -> None:
    """Every change of a breach stands in the trail of its agreement."""
    audit.record(
        audit.Change(
            action=f"agreements.{action}",
            subject="agreement",
            subject_id=breach.agreement_id,
            reason=reason,
            after={
                "breach": breach.id,
                "term": breach.term.number,
                "state": breach.state,
                "amount_minor": breach.amount_minor,
            },
        ),
        now=now,
    )
