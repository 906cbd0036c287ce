"""Somebody says that a term was not kept, and a person decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max

from santong.agreements import contracts
from santong.agreements.errors import (
    AboveLimit,
    AlreadyBroken,
    ClaimPassed,
    NotInForce,
    ReportedTooLate,
)
from santong.agreements.models import AgreementTerm, Breach, ServiceAgreement
from santong.agreements.models.breaches import VOID
from santong.agreements.rules.amounts import owed_minor
from santong.agreements.rules.goods import checked_goods
from santong.agreements.selectors.breaches import breach_by_id
from santong.agreements.selectors.settings import settings_of
from santong.agreements.services.find_broken import uphold
from santong.agreements.services.lock import lock_agreement, lock_breach
from santong.agreements.services.outcomes import break_term, make_good, note, owe
from santong.agreements.services.signature import signature
from santong.evidence import public as evidence
from santong.kernel import crypto
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing

LONGEST_SAID: Final = 1_000
LONGEST_KEY: Final = 80
LONGEST_MADE_GOOD_BY: Final = 60


@all_or_nothing
def claim(
    *,
    merchant_id: int,
    agreement_id: int,
    term: int,
    found_by: contracts.Finder,
    said: str,
    key: str,
    uploads: Sequence[evidence.Upload] = (),
    now: datetime,
) -> contracts.Breach:
    """Say that a term was not kept, with what shows it. The same key is the same claim.

    Raises NoSuch, FieldInvalid, NotInForce, ReportedTooLate, AlreadyBroken and what evidence
    refuses. Locks the document.
    """
    said = said.strip()
    if not 0 < len(said) <= LONGEST_SAID:
        raise FieldInvalid(pointer="/said", reason=f"1 to {LONGEST_SAID} characters")
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise FieldInvalid(pointer="/key", reason=f"1 to {LONGEST_KEY} characters")
    row = lock_agreement(merchant_id=merchant_id, agreement_id=agreement_id)
    full_key = f"claim:{row.id}:{key}"
    known = Breach.objects.of_merchant(merchant_id).filter(key=full_key).first()
    if known is not None:
        return breach_by_id(merchant_id=merchant_id, breach_id=known.id)
    _check_time(row, now=now)
    found = (
        AgreementTerm.objects.of_merchant(merchant_id).filter(agreement=row, number=term).first()
    )
    if found is None:
        raise NoSuch(kind="agreement_term", key=str(term))
    _check_hours(row, found, now=now)
    settings = settings_of(merchant_id=merchant_id)
    breach = Breach(
        merchant_id=merchant_id,
        agreement=row,
        term=found,
        occasion=_occasion(found),
        found_by=found_by,
        claimed_by=signature(),
        key=full_key,
        state="claimed",
        broken_at=now,
        decide_by=now + timedelta(hours=settings.decide_hours),
    )
    breach.said_sealed = _sealed(breach, "said", said)
    breach.save(force_insert=True)
    evidence.add_all(
        merchant_id=merchant_id,
        subject=f"breach:{breach.id}",
        uploads=uploads,
        by=signature(),
        now=now,
    )
    note(breach, "claim", now=now)
    return breach_by_id(merchant_id=merchant_id, breach_id=breach.id)


@all_or_nothing
def grant(
    *,
    merchant_id: int,
    breach_id: int,
    answer: str,
    amount_minor: int | None = None,
    goods: Sequence[contracts.OwedGoods] = (),
    now: datetime,
) -> contracts.Breach:
    """Grant a claim: its term is broken, and its remedy owed. Without an amount, what it comes to.

    `goods` say what is sent, or what the money is for; without, it is about the whole document.

    Raises NoSuch, ClaimPassed, AboveLimit, FieldInvalid. Emits TermBroken, RemedyOwed. Locks the
    document.
    """
    named = checked_goods(goods)
    breach = _decided(merchant_id, breach_id, answer)
    breach.goods = [asdict(each) for each in named]
    row, term = breach.agreement, breach.term
    left = term.limit_minor - term.spent_minor
    if amount_minor is not None and not 0 < amount_minor <= left:
        raise AboveLimit(most_minor=left)
    if term.kind in contracts.CLOCKED and amount_minor is None:
        uphold(breach, by=signature(), now=now)
        return breach_by_id(merchant_id=merchant_id, breach_id=breach.id)
    usual = owed_minor(term.as_contract(), total_minor=row.total_minor, days_late=1)
    if usual and not left:
        raise AboveLimit(most_minor=0)
    breach.decided_at, breach.decided_by = now, signature()
    breach.save()
    break_term(breach, now=now)
    owe(breach, amount_minor=min(usual, left) if amount_minor is None else amount_minor, now=now)
    return breach_by_id(merchant_id=merchant_id, breach_id=breach.id)


@all_or_nothing
def reject(*, merchant_id: int, breach_id: int, answer: str, now: datetime) -> contracts.Breach:
    """Reject a claim, with a reason that the buyer reads.

    Raises NoSuch, ClaimPassed, FieldInvalid. Locks the document.
    """
    breach = _decided(merchant_id, breach_id, answer)
    breach.state, breach.ended_at = "rejected", now
    breach.decided_at, breach.decided_by = now, signature()
    breach.save()
    note(breach, "reject", now=now)
    return breach_by_id(merchant_id=merchant_id, breach_id=breach.id)


@all_or_nothing
def record_remedy(
    *, merchant_id: int, breach_id: int, made_good_by: str, now: datetime
) -> contracts.Breach:
    """Goods that were owed have been sent or replaced, by the case that is named (`case:7`); once.

    Raises NoSuch, ClaimPassed, FieldInvalid. Emits RemedyDone. Locks the document.
    """
    if not 0 < len(made_good_by) <= LONGEST_MADE_GOOD_BY or not made_good_by.isprintable():
        raise FieldInvalid(pointer="/made_good_by", reason="a name, as `case:7`")
    breach = lock_breach(merchant_id=merchant_id, breach_id=breach_id)
    if breach.state == "done" and breach.made_good_by == made_good_by:
        return breach_by_id(merchant_id=merchant_id, breach_id=breach.id)
    if breach.state != "owed" or breach.term.remedy not in contracts.GOODS_REMEDIES:
        raise ClaimPassed(state=breach.state)
    make_good(breach, amount_minor=0, by=made_good_by, now=now)
    return breach_by_id(merchant_id=merchant_id, breach_id=breach.id)


def _check_time(row: ServiceAgreement, *, now: datetime) -> None:
    in_time = row.claims_until is None or now < row.claims_until
    if not (row.state in contracts.IN_FORCE and in_time):
        raise NotInForce(state=row.state)


def _check_hours(row: ServiceAgreement, term: AgreementTerm, *, now: datetime) -> None:
    hours = term.params.get("report_hours")
    if row.delivered_at is None or hours is None:
        return
    until = row.delivered_at + timedelta(hours=hours)
    if now >= until:
        raise ReportedTooLate(until=until.isoformat())


def _occasion(term: AgreementTerm) -> int:
    """What the clock decides has one occasion; of anything else one is undecided at a time."""
    rows = Breach.objects.of_merchant(term.merchant_id).filter(term=term)
    live = rows.exclude(state__in=VOID)
    if term.kind not in contracts.CLOCKED:
        live = live.filter(state="claimed")
    if found := live.first():
        raise AlreadyBroken(breach_id=found.id)
    if term.kind in contracts.CLOCKED:
        return 0
    return (rows.aggregate(last=Max("occasion"))["last"] or 0) + 1


def _decided(merchant_id: int, breach_id: int, answer: str) -> Breach:
    """An undecided claim with the answer to it."""
    answer = answer.strip()
    if not 0 < len(answer) <= LONGEST_SAID:
        raise FieldInvalid(pointer="/answer", reason=f"1 to {LONGEST_SAID} characters")
    breach = lock_breach(merchant_id=merchant_id, breach_id=breach_id)
    if breach.state != "claimed":
        raise ClaimPassed(state=breach.state)
    breach.answer_sealed = _sealed(breach, "answer", answer)
    return breach


def _sealed(breach: Breach, what: str, text: str) -> bytes:
    return crypto.encrypt(
        merchant_id=breach.merchant_id, plain=text.encode(), place=breach.text_place(what)
    )
