"""Give parties back what they lost by refunds that another bears, and take it from that one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db.models import Sum

from santong.payments import public as payments
from santong.settlement.models import Entry, Reversal, Sale, Share
from santong.settlement.models.sales import by_line_of
from santong.settlement.rules.borne import as_if_nobody_bore, borne_of
from santong.settlement.selectors.ledger import SOURCE, account_of_party, key_of_booking

REASON = "borne by who agreed to"
Back = tuple[dict[int, int], int]


def put_on_bearers(
    sale: Sale,
    shares: Sequence[Share],
    *,
    paid_minor: int,
    unborne: Callable[[Back], Mapping[int, int]],
    now: datetime,
) -> None:
    """Bring what is borne of a locked sale to what it should be; it is payable at once.

    `unborne` says what would be left of each share if so much had gone back, by line and of none;
    `paid_minor` was paid for what was not cancelled. Works like `book`: it depends on how the sale
    stands, and on nothing that was booked before. Locks accounts.
    """
    rows = list(Reversal.objects.of_merchant(sale.merchant_id).filter(sale=sale, restored_at=None))
    bearers: dict[int, int] = {}
    for row in rows:
        if row.bearer_id is not None:
            bearers[row.bearer_id] = bearers.get(row.bearer_id, 0) + row.amount_minor
    booked = _booked(sale)
    if not bearers and not booked:
        return
    free = unborne(_returned(rows, paid_minor=paid_minor, borne_minor=sum(bearers.values())))
    wanted = borne_of(
        [(share.party_id, share.left_minor) for share in shares],
        [(share.party_id, free[share.id]) for share in shares],
        bearers=bearers,
    )
    change = {
        party: wanted.get(party, 0) - booked.get(party, 0) for party in sorted({*wanted, *booked})
    }
    _write(sale, {party: minor for party, minor in change.items() if minor}, now)


def _returned(rows: Sequence[Reversal], *, paid_minor: int, borne_minor: int) -> Back:
    """What went back at everybody's cost, of a price that nothing had lowered."""
    about = {"paid_minor": paid_minor, "borne_minor": borne_minor}
    of_line, of_none = by_line_of([row for row in rows if row.bearer_id is None])
    return (
        {line: as_if_nobody_bore(minor, **about) for line, minor in of_line.items()},
        as_if_nobody_bore(of_none, **about),
    )


def _booked(sale: Sale) -> dict[int, int]:
    rows = Entry.objects.of_merchant(sale.merchant_id).filter(sale=sale, kind="borne")
    sums = rows.values("party").annotate(minor=Sum("amount_minor")).values_list("party", "minor")
    return {party: minor for party, minor in sums if minor}


def _write(sale: Sale, change: Mapping[int, int], now: datetime) -> None:
    if not change:
        return
    Entry.objects.bulk_create(
        [
            Entry(
                merchant_id=sale.merchant_id,
                party_id=party_id,
                kind="borne",
                currency=sale.currency,
                amount_minor=minor,
                at=now,
                sale_id=sale.id,
                reason=REASON,
            )
            for party_id, minor in change.items()
        ]
    )
    payments.post(
        merchant_id=sale.merchant_id,
        source=SOURCE,
        txn=payments.NewTxn(
            key=key_of_booking(document=sale.document, number=sale.booked),
            kind="share_borne",
            entries=tuple(
                payments.NewEntry(
                    account_of_party(party_id=party_id, kind="payable", currency=sale.currency),
                    minor,
                )
                for party_id, minor in change.items()
            ),
            occurred_at=now,
            reference=sale.document,
        ),
        now=now,
    )
    sale.booked += 1
    sale.save(update_fields=["booked"])
