"""A day's file makes room for a corrected one."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.reconciliation.contracts import LIVE
from santong.reconciliation.models import Difference, Match, StatementFile
from santong.reconciliation.services.book import MADE_HERE, book_difference


@all_or_nothing
def supersede_file(*, merchant_id: int, file_id: int, by_id: int, now: datetime) -> None:
    """Let another file speak for the day: what was matched is free again, what was booked is not.

    The file and its lines stay. Called with the account's row locked. Raises NoSuch.
    """
    row = StatementFile.objects.of_merchant(merchant_id).get(id=file_id)
    _take_back(row, now=now)
    Match.objects.of_merchant(merchant_id).filter(file_id=file_id).delete()
    Difference.objects.of_merchant(merchant_id).filter(file_id=file_id, state__in=LIVE).update(
        state="superseded", changed_at=now
    )
    row.state = "superseded"
    row.superseded_by_id = by_id
    for name in ("matched", "differences", "ours_minor", "booked_minor", "differences_minor"):
        setattr(row, name, 0)
    row.save()
    audit.record(
        audit.Change(
            action="reconciliation.supersede_file",
            subject="statement_file",
            subject_id=file_id,
            reason="a later file of the day",
            after={"by": by_id},
        ),
        now=now,
    )


def _take_back(row: StatementFile, *, now: datetime) -> None:
    """Reverse what the file has had booked: its fees, nets, and corrections of its differences."""
    fees = row.booked_minor
    nets = Match.objects.of_merchant(row.merchant_id).filter(file_id=row.id, net_of__isnull=False)
    for net in nets.select_related("line", "net_of").order_by("id"):
        assert net.net_of is not None, "filtered so"
        amount = net.line.amount_minor
        fees -= amount
        for code, back in ((net.net_of.account_code, amount), (row.account_code, -amount)):
            _reverse(row, code=code, what=f"net:{net.line_id}", amount_minor=back, now=now)
    if fees:
        payments.record_movement(
            merchant_id=row.merchant_id,
            account_code=row.account_code,
            kind="fee",
            reference=f"{MADE_HERE}{row.id}:fees:back",
            their_reference="",
            amount_minor=-fees,
            moved_at=now,
            reason="a later file of the day",
            now=now,
        )
    booked = Difference.objects.of_merchant(row.merchant_id).filter(file_id=row.id, state__in=LIVE)
    for each in booked.exclude(booked_minor=0).order_by("id"):
        book_difference(
            merchant_id=row.merchant_id,
            account_code=row.account_code,
            difference_id=each.id,
            attempt="back",
            amount_minor=-each.booked_minor,
            reason="a later file of the day",
            now=now,
        )


def _reverse(row: StatementFile, *, code: str, what: str, amount_minor: int, now: datetime) -> None:
    payments.record_movement(
        merchant_id=row.merchant_id,
        account_code=code,
        kind="adjustment",
        reference=f"{MADE_HERE}{what}:back",
        their_reference="",
        amount_minor=amount_minor,
        moved_at=now,
        reason="a later file of the day",
        now=now,
    )
