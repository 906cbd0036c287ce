"""What is kept for a purpose."""

from __future__ import annotations

from santong.payments.contracts import HOLD_STATES, AccountKey, Hold
from santong.payments.errors import NoSuchHold
from santong.payments.models import Hold as HoldRow


def hold_by_id(*, merchant_id: int, hold_id: int) -> Hold:
    """A hold, whatever has become of it. Raises NoSuchHold."""
    return hold_of_row(hold_row(merchant_id=merchant_id, hold_id=hold_id))


def hold_row(*, merchant_id: int, hold_id: int) -> HoldRow:
    """The row of a hold with its account. Raises NoSuchHold."""
    rows = HoldRow.objects.of_merchant(merchant_id).select_related("account__asset")
    row: HoldRow | None = rows.filter(id=hold_id).first()
    if row is None:
        raise NoSuchHold(hold_id=hold_id)
    return row


def hold_of_row(row: HoldRow) -> Hold:
    """A hold as others know it; its row knows the account."""
    account = row.account
    return Hold(
        id=row.id,
        source=row.source,
        key=row.key,
        account=AccountKey(account.asset.code, account.kind, account.owner),
        amount=row.amount,
        state=HOLD_STATES[HOLD_STATES.index(row.state)],
        expires_at=row.expires_at,
        reference=row.reference,
    )
