"""What a transaction must be before it is posted, and by what it is known again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Sequence
from datetime import UTC, datetime

from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_prose
from santong.payments.contracts import (
    LONGEST_CODE,
    LONGEST_KEY,
    LONGEST_KIND,
    LONGEST_OWNER,
    LONGEST_REASON,
    LONGEST_REFERENCE,
    LONGEST_SOURCE,
    MOST,
    MOST_ENTRIES,
    AccountKey,
    NewEntry,
    NewTxn,
)
from santong.payments.errors import NotBalanced

_LARGEST_ID = 2**63 - 1


def check(txn: NewTxn, *, source: str) -> None:
    """A transaction is well formed, and what it says of each asset sums to nothing.

    Raises NotBalanced, FieldInvalid.
    """
    check_naming(source=source, key=txn.key, reason=txn.reason)
    check_text(txn.kind, most=LONGEST_KIND, pointer="/kind", least=1)
    check_text(txn.reference, most=LONGEST_REFERENCE, pointer="/reference")
    if not 0 < len(txn.entries) <= MOST_ENTRIES:
        raise FieldInvalid(pointer="/entries", reason=f"1 to {MOST_ENTRIES} entries")
    sum_by_asset: dict[str, int] = {}
    taken: set[AccountKey] = set()
    for place, entry in enumerate(txn.entries):
        _check_entry(entry, pointer=f"/entries/{place}")
        if entry.amount < 0 and entry.account in taken:
            raise FieldInvalid(pointer=f"/entries/{place}", reason="taken from this account before")
        if entry.amount < 0:
            taken.add(entry.account)
        asset = entry.account.asset
        sum_by_asset[asset] = sum_by_asset.get(asset, 0) + entry.amount
    for asset, difference in sum_by_asset.items():
        if difference:
            raise NotBalanced(asset=asset, difference=difference)


def check_naming(*, source: str, key: str, reason: str) -> None:
    """What names a command, and why it was given: the log names nobody. Raises FieldInvalid."""
    check_text(source, most=LONGEST_SOURCE, pointer="/source", least=1)
    check_text(key, most=LONGEST_KEY, pointer="/key", least=1)
    check_text(reason, most=LONGEST_REASON, pointer="/reason")
    if reason:
        check_prose(reason)


def check_amount(amount: int, *, pointer: str) -> None:
    """Something, and not more than the ledger counts. Raises FieldInvalid."""
    if not 0 < amount <= MOST:
        raise FieldInvalid(pointer=pointer, reason=f"1 to {MOST}")


def check_text(text: str, *, most: int, pointer: str, least: int = 0) -> None:
    """A text that PostgreSQL takes as it is. Raises FieldInvalid."""
    if not least <= len(text) <= most:
        raise FieldInvalid(pointer=pointer, reason=f"{least} to {most} characters")
    if "\0" in text:
        raise FieldInvalid(pointer=pointer, reason="a text with a NUL")


def content_hash(kind: str, entries: Iterable[NewEntry], *more: object) -> str:
    """What makes two requests the same one: SHA-256 of their canonical JSON.

    Neither when nor why it happened is part of it: who repeats a request may say both anew.
    """
    said = [
        kind,
        [
            [
                [entry.account.asset, entry.account.kind, entry.account.owner],
                entry.amount,
                instant(entry.expires_at),
                entry.lots_of,
            ]
            for entry in entries
        ],
        *more,
    ]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def hash_of(txn: NewTxn) -> str:
    """The content hash of a transaction that is posted as it is."""
    return content_hash(txn.kind, txn.entries, txn.reference)


def instant(at: datetime | None) -> str | None:
    """An instant in one spelling, whatever its zone."""
    return at.astimezone(UTC).isoformat() if at is not None else None


def runs(txns: Sequence[NewTxn], *, with_lots: Container[AccountKey]) -> list[list[NewTxn]]:
    """Transactions cut into runs in which what is spent of an account is there before the run.

    One statement spreads all that a run takes from an account over the lots that it finds. So a
    run ends before an account is taken from into which the run has put something, and before
    one that prefers lots is taken from again.
    """
    if not any(
        entry.amount < 0 and entry.account in with_lots for txn in txns for entry in txn.entries
    ):
        return [list(txns)] if txns else []
    found: list[list[NewTxn]] = []
    put: set[AccountKey] = set()
    taken: set[AccountKey] = set()
    preferring: set[AccountKey] = set()
    for txn in txns:
        of_lots = [entry for entry in txn.entries if entry.account in with_lots]
        minus = {entry.account for entry in of_lots if entry.amount < 0}
        choosy = {entry.account for entry in of_lots if entry.lots_of is not None}
        if not found or minus & (put | preferring) or choosy & taken:
            found.append([])
            put, taken, preferring = set(), set(), set()
        found[-1].append(txn)
        put |= {entry.account for entry in of_lots if entry.amount > 0}
        taken |= minus
        preferring |= choosy
    return found


def _check_entry(entry: NewEntry, *, pointer: str) -> None:
    if not 0 < abs(entry.amount) <= MOST:
        raise FieldInvalid(pointer=f"{pointer}/amount", reason=f"not nothing, at most {MOST}")
    check_text(entry.account.asset, most=LONGEST_CODE, pointer=f"{pointer}/asset", least=1)
    check_text(entry.account.owner, most=LONGEST_OWNER, pointer=f"{pointer}/owner", least=1)
    check_text(entry.account.kind, most=20, pointer=f"{pointer}/account", least=1)
    if entry.expires_at is not None and entry.expires_at.tzinfo is None:
        raise FieldInvalid(pointer=f"{pointer}/expires_at", reason="an instant with its zone")
    if entry.lots_of is not None and not 0 < entry.lots_of <= _LARGEST_ID:
        raise FieldInvalid(pointer=f"{pointer}/lots_of", reason="the id of a transaction")
    if entry.lots_of is not None and entry.amount > 0:
        raise FieldInvalid(pointer=f"{pointer}/lots_of", reason="of what is taken only")
