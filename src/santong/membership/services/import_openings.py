"""Opening balances of an import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from santong.kernel.wire import Statement
from santong.membership import contracts
from santong.membership.contracts import ImportRow
from santong.membership.selectors.import_proof import SOURCE, key_of
from santong.membership.selectors.statements import array, as_sent
from santong.membership.services.import_cards import Given
from santong.payments import public as payments

_EXPERIENCE = Statement("""
INSERT INTO membership_experienceentry (merchant_id, card_id, at, amount, cause, recorded_at)
SELECT %(merchant)s, e.card_id, %(now)s::timestamptz, e.amount, 'opening', %(now)s::timestamptz
FROM unnest(%(cards)s::bigint[], %(amounts)s::bigint[]) AS e(card_id, amount)
""")


def open_balances(
    *,
    merchant_id: int,
    programme: contracts.Programme,
    rows: Sequence[ImportRow],
    cards: Mapping[int, Given],
    now: datetime,
) -> None:
    """Post what each row had: points by their ends, and experience, which counts from now.

    Locks accounts of the ledger.
    """
    txns = [txn for row in rows for txn in _txns(programme, row, cards[row.line], now)]
    payments.post_many(merchant_id=merchant_id, source=SOURCE, txns=txns, now=now)
    gained = [(cards[row.line].card_id, row.experience) for row in rows if row.experience]
    _EXPERIENCE.later(
        as_sent(
            {
                "merchant": merchant_id,
                "cards": array(card_id for card_id, _ in gained),
                "amounts": array(amount for _, amount in gained),
                "now": now,
            }
        )
    )


def _txns(
    programme: contracts.Programme, row: ImportRow, card: Given, now: datetime
) -> Iterator[payments.NewTxn]:
    """One transaction for all that a row had: each asset sums to nothing in it."""
    owner, brand = f"member:{card.member_id}", f"brand:{programme.brand_id}"
    entries: list[payments.NewEntry] = []
    if row.lots:
        asset = programme.points_asset
        opening = payments.AccountKey(asset, "opening", brand)
        mine = payments.AccountKey(asset, "available", owner)
        entries += [
            payments.NewEntry(opening, -row.points),
            *(payments.NewEntry(mine, lot.points, expires_at=lot.expires_at) for lot in row.lots),
        ]
    if row.experience:
        asset = programme.experience_asset
        entries += [
            payments.NewEntry(payments.AccountKey(asset, "opening", brand), -row.experience),
            payments.NewEntry(payments.AccountKey(asset, "earned", owner), row.experience),
        ]
    if entries:
        yield payments.NewTxn(
            key=key_of(card.card_id), kind="opening", entries=tuple(entries), occurred_at=now
        )
