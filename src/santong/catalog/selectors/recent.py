"""SKUs that this process has read and that have not changed since.

Order intake asks for the same SKUs again and again. Every change in a merchant's catalogue raises
its version in the same transaction. A version is trusted for two seconds; then one small query says
whether it is still the newest. So a change is seen everywhere within two seconds, and at once in
the process that made it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction

from santong.catalog.contracts import Sku
from santong.catalog.models import CatalogueVersion

SECONDS_TRUSTED: Final = 2.0
MOST_KEPT: Final = 40_000

# By merchant and code, and by merchant and id.
Key = tuple[int, str | int]


class RecentSkus:
    """A bounded map that drops what was used longest ago, and what an older version said."""

    def __init__(self, *, most_kept: int = MOST_KEPT) -> None:
        self._most_kept = most_kept
        self._kept: OrderedDict[Key, tuple[int, Sku]] = OrderedDict()
        self._lock = threading.Lock()

    def found(self, *, keys: Iterable[Key], version: int) -> dict[Key, Sku]:
        """What was kept of this version."""
        found: dict[Key, Sku] = {}
        with self._lock:
            for key in keys:
                entry = self._kept.get(key)
                if entry is not None and entry[0] == version:
                    self._kept.move_to_end(key)
                    found[key] = entry[1]
        return found

    def keep(self, *, skus: Mapping[Key, Sku], version: int) -> None:
        """Keep what was read after the version was."""
        with self._lock:
            for key, sku in skus.items():
                self._kept[key] = (version, sku)
                self._kept.move_to_end(key)
            while len(self._kept) > self._most_kept:
                self._kept.popitem(last=False)


_recent: Final = RecentSkus()
_versions: Final[dict[int, tuple[int, float]]] = {}


def recent_skus(*, keys: Iterable[Key], version: int | None) -> dict[Key, Sku]:
    """What was kept of a version; nothing without one."""
    return {} if version is None else _recent.found(keys=keys, version=version)


def keep(*, skus: Mapping[Key, Sku], version: int | None) -> None:
    """Keep what was read after the version was; without one, nothing."""
    if version is not None:
        _recent.keep(skus=skus, version=version)


def trusted_version(*, merchant_id: int) -> int | None:
    """The version of a merchant's catalogue, at most two seconds old.

    None while the open transaction changes it: what it reads is for its own eyes.
    """
    if _is_changing(merchant_id):
        return None
    version, checked_at = _versions.get(merchant_id, (0, 0.0))
    asked_at = time.monotonic()
    if checked_at and asked_at - checked_at < SECONDS_TRUSTED:
        return version
    rows = CatalogueVersion.objects.of_merchant(merchant_id).values_list("version", flat=True)
    version = rows.first() or 0
    _versions[merchant_id] = (version, asked_at)
    return version


@dataclass(frozen=True, slots=True)
class AskAgain:
    """What runs after a commit that changed a merchant's catalogue."""

    merchant_id: int

    def __call__(self) -> None:
        _versions.pop(self.merchant_id, None)


def forget_on_commit(*, merchant_id: int) -> None:
    """Say that the open transaction changes SKUs: it sees its own, and then all is asked anew."""
    if not _is_changing(merchant_id):
        transaction.on_commit(AskAgain(merchant_id))


def _is_changing(merchant_id: int) -> bool:
    """Whether the open transaction has changed SKUs.

    Django keeps what is to run after the commit for as long as the transaction lasts, and drops it
    with a rollback, also of a savepoint: exactly as long as there are uncommitted rows.
    """
    return any(entry[1] == AskAgain(merchant_id) for entry in connection.run_on_commit)
