"""Points that have waited long enough can be spent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.kernel.bulk import overwrite
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.models import Accrual, Card, ExperienceEntry
from santong.membership.rules.expiry import expiry_of
from santong.membership.selectors.members import current_member_ids
from santong.membership.selectors.programmes import programme_by_id
from santong.membership.selectors.terms import newest_terms, terms_by_id
from santong.membership.services.accounts import (
    SOURCE,
    Spendable,
    experience_entries,
    lock_points,
    of_member,
)
from santong.membership.services.lock import lock_members_unless_busy
from santong.membership.services.raise_tiers import raise_tiers
from santong.payments import public as payments


@all_or_nothing
def mature_due(*, merchant_id: int, now: datetime, limit: int) -> int:
    """Make what is due spendable, oldest first, `limit` purchases at most; say how many were.

    Points pay what a member owes first, and the rest is a lot with its own end. Experience that
    was to wait counts now. Whoever is busy at this moment is left for the next time.

    Emits TierChanged. Locks members, then accounts.
    """
    due = Accrual.objects.of_merchant(merchant_id).filter(state="pending", matures_at__lte=now)
    asked = list(due.order_by("matures_at", "id").values_list("id", "member_id")[:limit])
    if not asked:
        return 0
    current = current_member_ids(
        merchant_id=merchant_id, member_ids=[member_id for _, member_id in asked]
    )
    free = lock_members_unless_busy(merchant_id=merchant_id, member_ids=list(current.values()))
    rows = list(
        due.filter(
            id__in=[row_id for row_id, member_id in asked if current[member_id] in free]
        ).order_by("matures_at", "id")
    )
    terms = terms_by_id(merchant_id=merchant_id, terms_ids={row.terms_id for row in rows})
    ripe = [
        _Ripe(
            row,
            current[row.member_id],
            programme_by_id(merchant_id=merchant_id, programme_id=row.programme_id),
            terms[row.terms_id].terms,
        )
        for row in rows
    ]
    _post(merchant_id, ripe, now)
    overwrite(rows, fields=["state", "matured_at", "matured_txn_id", "expires_at"])
    _gain(merchant_id, ripe, now)
    return len(rows)


@dataclass(frozen=True, slots=True)
class _Ripe:
    row: Accrual
    # Who carries on for the one who bought it.
    member_id: int
    programme: contracts.Programme
    terms: contracts.Terms

    @property
    def points(self) -> int:
        return self.row.points - self.row.taken

    @property
    def experience(self) -> int:
        """What is to be gained now."""
        if self.terms.maturity.experience == "at_once":
            return 0
        return self.row.experience - self.row.experience_taken


def _post(merchant_id: int, ripe: Sequence[_Ripe], now: datetime) -> None:
    debts = _debts(merchant_id, ripe, now)
    txn_by_key: dict[str, payments.NewTxn] = {}
    for each in ripe:
        each.row.state = "mature"
        each.row.matured_at = now
        each.row.expires_at = expiry_of(
            each.terms.expiry, earned_on=each.row.bought_on, timezone=each.terms.timezone
        )
        posted = _entries(each, debts)
        if posted:
            key = f"mature:{each.row.id}"
            txn_by_key[key] = payments.NewTxn(
                key=key,
                kind="mature",
                reference=f"accrual:{each.row.id}",
                occurred_at=now,
                entries=posted,
            )
    if not txn_by_key:
        return
    made = payments.post_many(
        merchant_id=merchant_id, source=SOURCE, txns=list(txn_by_key.values()), now=now
    )
    id_by_key = {txn.key: txn.id for txn in made}
    for each in ripe:
        each.row.matured_txn_id = id_by_key.get(f"mature:{each.row.id}")


def _debts(merchant_id: int, ripe: Sequence[_Ripe], now: datetime) -> dict[tuple[str, int], int]:
    """What members owe in the pools in which they are about to get something."""
    members_by_asset: dict[str, set[int]] = {}
    for each in ripe:
        if each.points:
            members_by_asset.setdefault(each.programme.points_asset, set()).add(each.member_id)
    found: dict[tuple[str, int], int] = {}
    for asset, member_ids in sorted(members_by_asset.items()):
        spendable: Mapping[int, Spendable] = lock_points(
            merchant_id=merchant_id, asset=asset, member_ids=member_ids, now=now
        )
        found.update({(asset, member): each.debt for member, each in spendable.items()})
    return found


def _entries(each: _Ripe, debts: dict[tuple[str, int], int]) -> tuple[payments.NewEntry, ...]:
    asset, member_id = each.programme.points_asset, each.member_id
    paid = min(each.points, debts.get((asset, member_id), 0))
    found: list[payments.NewEntry] = []
    if each.points:
        debts[asset, member_id] -= paid
        found.append(payments.NewEntry(of_member(asset, "pending", member_id), -each.points))
    if paid:
        found.append(payments.NewEntry(of_member(asset, "debt", member_id), paid))
    if each.points > paid:
        found.append(
            payments.NewEntry(
                of_member(asset, "available", member_id),
                each.points - paid,
                expires_at=each.row.expires_at,
            )
        )
    return (
        *found,
        *experience_entries(each.programme, member_id=member_id, amount=each.experience),
    )


def _gain(merchant_id: int, ripe: Sequence[_Ripe], now: datetime) -> None:
    gained = [each for each in ripe if each.experience]
    if not gained:
        return
    ExperienceEntry.objects.bulk_create(
        [
            ExperienceEntry(
                merchant_id=merchant_id,
                card_id=each.row.card_id,
                at=each.row.bought_at,
                amount=each.experience,
                cause="accrual",
                accrual_id=each.row.id,
                recorded_at=now,
            )
            for each in gained
        ]
    )
    raise_tiers(
        merchant_id=merchant_id,
        cards=list(
            Card.objects.of_merchant(merchant_id).filter(
                id__in={each.row.card_id for each in gained}
            )
        ),
        terms_by_programme=newest_terms(
            merchant_id=merchant_id, programme_ids={each.programme.id for each in gained}
        ),
        now=now,
    )
