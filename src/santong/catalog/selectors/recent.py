"""SKUs that this process has read in the last seconds.

Order intake asks for the same few thousand SKUs again and again. What is kept here is an immutable
contract, a few seconds old at most; whoever changes a SKU makes its own process forget at once.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db import connection, transaction

from santong.catalog.contracts import Sku

SECONDS_KEPT: Final = 3.0
MOST_KEPT: Final = 20_000

# By merchant and code, or by merchant and id.
Key = tuple[int, str | int]


class RecentSkus:
    """A bounded map that drops what was used longest ago, and believes nothing that is old."""

    def __init__(self, *, seconds_kept: float = SECONDS_KEPT, most_kept: int = MOST_KEPT) -> None:
        self._seconds_kept = seconds_kept
        self._most_kept = most_kept
        self._kept: OrderedDict[Key, tuple[float, Sku]] = OrderedDict()
        self._lock = threading.Lock()
        self._times_forgotten = 0

    @property
    def age(self) -> int:
        """Ask before reading rows and hand it to `keep`: a reading may be older than a change."""
        return self._times_forgotten

    def found(self, *, keys: Iterable[Key]) -> dict[Key, Sku]:
        """What is kept and fresh."""
        oldest = time.monotonic() - self._seconds_kept
        found: dict[Key, Sku] = {}
        with self._lock:
            for key in keys:
                entry = self._kept.get(key)
                if entry is not None and entry[0] >= oldest:
                    self._kept.move_to_end(key)
                    found[key] = entry[1]
        return found

    def keep(self, *, skus: Mapping[Key, Sku], age: int) -> None:
        """Keep what was read, unless something was forgotten since the reading began."""
        read_at = time.monotonic()
        with self._lock:
            if age != self._times_forgotten:
                return
            for key, sku in skus.items():
                self._kept[key] = (read_at, sku)
                self._kept.move_to_end(key)
            while len(self._kept) > self._most_kept:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        """Forget everything: SKUs change rarely, and together."""
        with self._lock:
            self._times_forgotten += 1
            self._kept.clear()


_recent: Final = RecentSkus()


def recent_skus(*, keys: Sequence[Key]) -> dict[Key, Sku]:
    """Fresh SKUs of this process; none while the open transaction has changed some."""
    return {} if _is_changing() else _recent.found(keys=keys)


def age() -> int:
    """Ask before reading rows, for `keep`."""
    return _recent.age


def keep(*, skus: Mapping[Key, Sku], age: int) -> None:
    """Keep what was read in a transaction that has changed no SKU: its rows are committed ones."""
    if not _is_changing():
        _recent.keep(skus=skus, age=age)


def forget_on_commit() -> None:
    """Say that the open transaction changes SKUs: it reads its own rows, then all is read anew."""
    if not _is_changing():
        transaction.on_commit(_forget)


def _forget() -> None:
    _recent.forget()


def _is_changing() -> bool:
    """Whether the open transaction has changed SKUs.

    Django keeps what is to run after the commit for as long as the transaction lasts, and drops it
    with a rollback, also of a savepoint: exactly as long as there are uncommitted rows.
    """
    return any(entry[1] is _forget for entry in connection.run_on_commit)
