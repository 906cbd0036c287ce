"""Numbers of agreements, and the end of the merchant's chain."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from santong.agreements.models import Books, ChainLink
from santong.agreements.rules.links import hash_of


def next_number(*, merchant_id: int) -> int:
    """The next agreement's number. Locks the books."""
    open_books(merchant_id=merchant_id)
    rows = Books.objects.of_merchant(merchant_id)
    rows.update(made=F("made") + 1)
    return rows.get().made


def lock_end(*, merchant_id: int) -> Books:
    """Be the only one who makes the next link; give the end of the chain."""
    open_books(merchant_id=merchant_id)
    return Books.objects.of_merchant(merchant_id).lock().get()


def open_books(*, merchant_id: int) -> None:
    """The merchant's books, from its first agreement on."""
    if not Books.objects.of_merchant(merchant_id).exists():
        Books.objects.bulk_create([Books(merchant_id=merchant_id)], ignore_conflicts=True)


def add_link(end: Books, *, agreement_id: int, written: bytes, now: datetime) -> ChainLink:
    """The next link of the chain, whose end the caller has locked and named in the record.

    The end moves by one statement that names the end that was seen: a chain has no gap and no
    fork, whatever anybody else does.
    """
    hashed = hash_of(written)
    moved = (
        Books.objects.of_merchant(end.merchant_id)
        .filter(links=end.links, head_hash=end.head_hash)
        .update(links=F("links") + 1, head_hash=hashed)
    )
    assert moved == 1, "the end of the chain is locked"
    return ChainLink.objects.create(
        merchant_id=end.merchant_id,
        number=end.links + 1,
        agreement_id=agreement_id,
        record=written.decode(),
        hash=hashed,
        prev_hash=end.head_hash,
        linked_at=now,
    )
