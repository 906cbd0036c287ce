"""Statements, their lines, and what is disputed of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from santong.kernel.errors import NoSuch
from santong.settlement import contracts
from santong.settlement.models import Claim, Entry, Statement


def statement_by_id(*, merchant_id: int, statement_id: int) -> contracts.Statement:
    """One statement. Raises NoSuch."""
    rows = Statement.objects.of_merchant(merchant_id).filter(id=statement_id)
    row = rows.select_related("party").first()
    if row is None:
        raise NoSuch(kind="statement", key=str(statement_id))
    return _statement(row)


def statements_page(
    *,
    merchant_id: int,
    party_ids: Collection[int] | None = None,
    month: date | None = None,
    below_id: int | None = None,
    limit: int = 50,
) -> list[contracts.Statement]:
    """Statements, newest first; with `party_ids`, of those parties only."""
    rows = Statement.objects.of_merchant(merchant_id)
    if party_ids is not None:
        rows = rows.filter(party__in=list(party_ids))
    if month is not None:
        rows = rows.filter(month=month)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    return [_statement(row) for row in rows.select_related("party").order_by("-id")[:limit]]


def entries_page(
    *,
    merchant_id: int,
    party_id: int,
    currency: str,
    since: datetime | None = None,
    until: datetime | None = None,
    below_id: int | None = None,
    limit: int = 50,
) -> list[contracts.PartyEntry]:
    """Lines of a party's books, newest first; `until` is excluded."""
    rows = Entry.objects.of_merchant(merchant_id).filter(party=party_id, currency=currency)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    rows = rows.select_related("sale", "share", "share__part__line").order_by("-id")
    return [_entry(row) for row in rows[:limit]]


def claims_page(
    *,
    merchant_id: int,
    party_ids: Collection[int] | None = None,
    statement_id: int | None = None,
    state: contracts.ClaimState | None = None,
    below_id: int | None = None,
    limit: int = 50,
) -> list[contracts.Claim]:
    """What parties dispute, newest first; with `party_ids`, of those parties only."""
    rows = Claim.objects.of_merchant(merchant_id)
    if party_ids is not None:
        rows = rows.filter(party__in=list(party_ids))
    if statement_id is not None:
        rows = rows.filter(statement=statement_id)
    if state is not None:
        rows = rows.filter(state=state)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    return [row.as_contract() for row in rows.order_by("-id")[:limit]]


def claim_by_id(*, merchant_id: int, claim_id: int) -> contracts.Claim:
    """One claim. Raises NoSuch."""
    row = Claim.objects.of_merchant(merchant_id).filter(id=claim_id).first()
    if row is None:
        raise NoSuch(kind="claim", key=str(claim_id))
    return row.as_contract()


def _statement(row: Statement) -> contracts.Statement:
    state: contracts.StatementState = row.state  # type: ignore[assignment]
    return contracts.Statement(
        id=row.id,
        party_id=row.party_id,
        party_code=row.party.code,
        party_name=row.party.name,
        month=row.month,
        currency=row.currency,
        counted_from=row.counted_from,
        counted_until=row.counted_until,
        opening_minor=row.opening_minor,
        shared_minor=row.shared_minor,
        reversed_minor=row.reversed_minor,
        paid_out_minor=row.paid_out_minor,
        corrected_minor=row.corrected_minor,
        closing_minor=row.closing_minor,
        entries=row.entries,
        state=state,
        closed_at=row.closed_at,
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
    )


def _entry(row: Entry) -> contracts.PartyEntry:
    kind: contracts.EntryKind = row.kind  # type: ignore[assignment]
    return contracts.PartyEntry(
        id=row.id,
        party_id=row.party_id,
        kind=kind,
        currency=row.currency,
        amount_minor=row.amount_minor,
        at=row.at,
        document=row.sale.document if row.sale else "",
        rule=row.share.rule if row.share else "",
        role=row.share.role if row.share else "",
        sku=row.share.part.line.sku if row.share else "",
        payout_line_id=row.payout_line_id,
        reason=row.reason,
    )
