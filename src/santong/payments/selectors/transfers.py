"""What parties are sent."""

from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.payments.contracts import TRANSFER_STATES, Transfer
from santong.payments.models import Transfer as Row


def transfer_by_id(*, merchant_id: int, transfer_id: int) -> Transfer:
    """One transfer. Raises NoSuch."""
    rows = Row.objects.of_merchant(merchant_id).filter(id=transfer_id)
    for row in rows.select_related("account"):
        return transfer_of(row)
    raise NoSuch(kind="payment_transfer", key=str(transfer_id))


def transfers_page(
    *, merchant_id: int, party: str | None = None, below_id: int, limit: int
) -> list[Transfer]:
    """Transfers, newest first."""
    rows = Row.objects.of_merchant(merchant_id).filter(id__lt=below_id).order_by("-id")
    if party is not None:
        rows = rows.filter(party=party)
    return [transfer_of(row) for row in rows.select_related("account")[:limit]]


def transfer_of(row: Row) -> Transfer:
    """A row as others know it."""
    return Transfer(
        id=row.id,
        source=row.source,
        key=row.key,
        account_code=row.account.code,
        party=row.party,
        currency=row.currency,
        amount_minor=row.amount_minor,
        state=TRANSFER_STATES[TRANSFER_STATES.index(row.state)],
        reference=row.reference,
        their_reference=row.their_reference,
        why=row.why,
        queued_at=row.queued_at,
        ended_at=row.ended_at,
    )
