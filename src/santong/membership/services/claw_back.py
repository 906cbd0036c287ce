"""Goods came back, and what they had brought goes back too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.kernel import outbox
from santong.kernel.bulk import overwrite
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import MoreThanBought, PointsKeyTaken
from santong.membership.events import PointsClawedBack
from santong.membership.models import Accrual, AccrualLine, Card, ClawBack, ExperienceEntry
from santong.membership.rules.claw_back import Taken, share_of, taken
from santong.membership.rules.purchases import check_return_key, refuse_unknown_lines
from santong.membership.selectors.programmes import programme_by_id
from santong.membership.selectors.terms import newest_terms, terms_by_id
from santong.membership.services.accounts import (
    SOURCE,
    experience_entries,
    lock_points,
    of_brand,
    of_member,
)
from santong.membership.services.lock_current import lock_current
from santong.membership.services.raise_tiers import review_after_return
from santong.payments import public as payments


@all_or_nothing
def claw_back(
    *,
    merchant_id: int,
    source: str,
    key: str,
    return_key: str,
    quantity_by_line: Mapping[int, int],
    now: datetime,
) -> contracts.ClawedBack:
    """Take back what returned goods had brought: pro rata, and exactly all when all is back.

    Points that still wait are cancelled; others are taken from what the member has, and the
    programme's policy says what becomes of those that are missing: forgiven, owed, or kept from
    the refund as `money_minor`. Experience goes too; a tier falls as the terms say. The same
    `return_key` again gives the first answer.

    Raises NoSuch (accrual), MoreThanBought, PointsKeyTaken, FieldInvalid, Busy. Emits
    PointsClawedBack, TierChanged. Locks the member, then accounts.
    """
    check_return_key(return_key)
    wanted = {line: quantity for line, quantity in quantity_by_line.items() if quantity}
    if not wanted or min(wanted.values()) < 0:
        raise FieldInvalid(pointer="/quantity_by_line", reason="something comes back")
    row, member_id = _lock(merchant_id, source, key)
    before = (
        ClawBack.objects.of_merchant(merchant_id)
        .filter(accrual=row.id, return_key=return_key)
        .first()
    )
    if before is not None:
        return _answered(before, wanted)
    taking = _Taking(
        merchant_id=merchant_id,
        row=row,
        member_id=member_id,
        programme=programme_by_id(merchant_id=merchant_id, programme_id=row.programme_id),
        terms=terms_by_id(merchant_id=merchant_id, terms_ids=[row.terms_id])[row.terms_id].terms,
        back=_back(merchant_id, row, wanted),
        return_key=return_key,
        now=now,
    )
    parts = _take(taking)
    _post(taking, parts)
    clawed = _record(taking, parts)
    _review(taking)
    return clawed


@dataclass(frozen=True, slots=True)
class _Back:
    """What came back, and what that had brought."""

    wanted: Mapping[int, int]
    lines: Sequence[AccrualLine]
    points: int
    experience: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taking:
    merchant_id: int
    row: Accrual
    # Who carries on for the one who bought it.
    member_id: int
    programme: contracts.Programme
    terms: contracts.Terms
    back: _Back
    return_key: str
    now: datetime

    @property
    def counts(self) -> bool:
        """Whether the purchase's experience has been counted."""
        return self.row.state == "mature" or self.terms.maturity.experience == "at_once"


def _lock(merchant_id: int, source: str, key: str) -> tuple[Accrual, int]:
    rows = Accrual.objects.of_merchant(merchant_id).filter(source=source, key=key)
    member_id = rows.values_list("member_id", flat=True).first()
    if member_id is None:
        raise NoSuch(kind="accrual", key=key[:40])
    current = lock_current(merchant_id=merchant_id, member_ids=[member_id])
    return rows.get(), current[member_id]


def _answered(row: ClawBack, wanted: Mapping[int, int]) -> contracts.ClawedBack:
    if {int(line): quantity for line, quantity in row.quantity_by_line.items()} != dict(wanted):
        raise PointsKeyTaken(source="return", key=row.return_key)
    answered: contracts.ClawedBack = row.as_contract()
    return answered


def _back(merchant_id: int, row: Accrual, wanted: Mapping[int, int]) -> _Back:
    """Count lines as returned, and say what they had brought."""
    lines = list(
        AccrualLine.objects.of_merchant(merchant_id)
        .filter(accrual=row.id, line__in=list(wanted))
        .order_by("line")
    )
    refuse_unknown_lines(wanted, known=[line.line for line in lines])
    points = experience = 0
    for line in lines:
        quantity, left = wanted[line.line], line.quantity - line.returned
        if quantity > left:
            raise MoreThanBought(line=line.line, wanted=quantity, left=left)
        about = {
            "quantity": line.quantity,
            "returned_before": line.returned,
            "returned": quantity,
        }
        points += share_of(line.points, **about)
        experience += share_of(line.experience, **about)
        line.returned += quantity
    overwrite(lines, fields=["returned"])
    return _Back(wanted, lines, points, experience)


def _take(taking: _Taking) -> Taken:
    row, back, terms = taking.row, taking.back, taking.terms
    waiting = row.points - row.taken if row.state == "pending" else 0
    available = 0
    if back.points > waiting:
        spendable = lock_points(
            merchant_id=taking.merchant_id,
            asset=taking.programme.points_asset,
            member_ids=[taking.member_id],
            now=taking.now,
        )
        available = max(spendable[taking.member_id].available, 0)
    return taken(
        terms.claw_back,
        owed=back.points,
        pending=waiting,
        available=available,
        value_minor_per_1000=terms.value_minor_per_1000,
    )


def _post(taking: _Taking, parts: Taken) -> None:
    row, back = taking.row, taking.back
    asset, member_id = taking.programme.points_asset, taking.member_id
    entries = [
        payments.NewEntry(of_member(asset, "pending", member_id), -parts.from_pending),
        payments.NewEntry(
            of_member(asset, "available", member_id),
            -parts.from_available,
            lots_of=row.matured_txn_id,
        ),
        payments.NewEntry(of_member(asset, "debt", member_id), -parts.to_debt),
        payments.NewEntry(of_brand(asset, "clawback", row.brand_id), parts.from_ledger),
    ]
    counted = -back.experience if taking.counts else 0
    posted = (
        *(entry for entry in entries if entry.amount),
        *experience_entries(taking.programme, member_id=member_id, amount=counted),
    )
    if posted:
        payments.post(
            merchant_id=taking.merchant_id,
            source=SOURCE,
            txn=payments.NewTxn(
                key=f"claw_back:{row.id}:{taking.return_key}",
                kind="claw_back",
                reference=f"accrual:{row.id}",
                occurred_at=taking.now,
                entries=posted,
            ),
            now=taking.now,
        )


def _record(taking: _Taking, parts: Taken) -> contracts.ClawedBack:
    row, back, now = taking.row, taking.back, taking.now
    is_counted = taking.counts
    claw = ClawBack.objects.create(
        merchant_id=taking.merchant_id,
        accrual_id=row.id,
        return_key=taking.return_key,
        quantity_by_line={str(line): quantity for line, quantity in back.wanted.items()},
        policy=taking.terms.claw_back,
        points=back.points,
        from_pending=parts.from_pending,
        from_available=parts.from_available,
        to_debt=parts.to_debt,
        forgiven=parts.forgiven,
        money_minor=parts.money_minor,
        currency=row.currency,
        experience=back.experience,
        brand_id=row.brand_id,
        earn_rate=row.earn_rate,
        at=now,
    )
    if back.experience and is_counted:
        ExperienceEntry.objects.create(
            merchant_id=taking.merchant_id,
            card_id=row.card_id,
            at=row.bought_at,
            amount=-back.experience,
            cause="claw_back",
            accrual_id=row.id,
            recorded_at=now,
        )
    row.taken += back.points
    row.experience_taken += back.experience
    if row.state == "pending" and row.taken == row.points and _nothing_waits(taking):
        row.state = "cancelled"
    row.save(update_fields=["taken", "experience_taken", "state"])
    outbox.publish(
        PointsClawedBack(
            accrual_id=row.id,
            member_id=taking.member_id,
            programme_id=row.programme_id,
            return_key=taking.return_key,
            points=parts.from_ledger,
            money_minor=parts.money_minor,
            currency=row.currency,
        ),
        now=now,
    )
    recorded: contracts.ClawedBack = claw.as_contract(is_new=True)
    return recorded


def _nothing_waits(taking: _Taking) -> bool:
    row = taking.row
    return taking.counts or row.experience_taken == row.experience


def _review(taking: _Taking) -> None:
    row, back, merchant_id = taking.row, taking.back, taking.merchant_id
    if not (back.experience and taking.counts):
        return
    review_after_return(
        merchant_id=merchant_id,
        cards=list(Card.objects.of_merchant(merchant_id).filter(id=row.card_id)),
        terms_by_programme=newest_terms(merchant_id=merchant_id, programme_ids=[row.programme_id]),
        now=taking.now,
    )
