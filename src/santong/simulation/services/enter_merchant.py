from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from santong.kernel import cells, tenancy
from santong.merchants import public as merchants


@contextmanager
def replayed_merchant(
    *, code: str, name: str, currency: str, timezone: str, now: datetime
) -> Iterator[int]:
    """The scope of a merchant whose past is replayed, in one transaction; gives its id.

    It is entered into the directory and opened; one that is there is gone on with.
    """
    with transaction.atomic():
        merchant_id = merchant_id_of(code=code)
        with tenancy.scope(merchant_id=merchant_id):
            merchants.open_merchant(
                merchant_id=merchant_id,
                code=code,
                name=name,
                currency=currency,
                timezone=timezone,
                language="en",
                now=now,
            )
            yield merchant_id


def merchant_id_of(*, code: str) -> int:
    """The merchant's id in the directory, in the first cell if it is new."""
    try:
        return cells.merchant_by_code(code).merchant_id
    except cells.UnknownMerchant:
        return cells.register_merchant(code=code, cell=cells.all_cells()[0])
