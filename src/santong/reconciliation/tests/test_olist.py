"""What 15,252 orders of Olist owe, compared with what was paid: no cent without a name."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import pytest
from django.conf import settings

from santong.kernel import tenancy
from santong.reconciliation.contracts import DocumentPair
from santong.reconciliation.rules.documents import category_of, compare
from santong.reconciliation.rules.formats.fields import minor
from santong.reconciliation.services.compare_documents import MOST_AT_ONCE, compare_documents
from santong.reconciliation.tests.factories import DAY, NOW, differences

FOLDER = Path(settings.SANTONG_SHARED or "nowhere") / "data/olist"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"{FOLDER} is not there: set SANTONG_SHARED to what holds data"
)

# As the data's own page says: 539 orders without lines, one without a payment, and about 0.3 %
# whose sums differ by more than two cents.
FOUND = {
    "nothing_sold": 539,
    "not_paid": 1,
    "document_rounding": 53,
    "paid_more": 52,
    "paid_less": 3,
}
PAID_MINOR = 247_725_094


def test_every_difference_of_olists_payments_has_a_category() -> None:
    found = compare(pairs())

    assert (found.documents, found.equal) == (15_252, 14_604)
    assert found.count_by_category == FOUND
    assert (found.paid_minor, found.unexplained_minor) == (PAID_MINOR, 0)


def test_olists_differences_are_queued_once(merchant: int) -> None:
    differing = (pair for pair in pairs() if category_of(pair))
    with tenancy.scope(merchant_id=merchant):
        while chunk := list(islice(differing, MOST_AT_ONCE)):
            for _ in range(2):
                compare_documents(
                    merchant_id=merchant, pairs=chunk, currency="BRL", day=DAY, now=NOW
                )

    assert Counter(each.category for each in differences(merchant)) == FOUND


def pairs() -> Iterator[DocumentPair]:
    owed = sums(row for row in rows("order_items"))
    paid = sums(row for row in rows("order_payments"))
    for row in rows("orders"):
        order = row["order_id"]
        yield DocumentPair(f"order:{order}", owed.get(order), paid.get(order))


def sums(found: Iterator[Mapping[str, str]]) -> dict[str, int]:
    by_order: dict[str, int] = {}
    for row in found:
        amounts = [row[name] for name in ("price", "freight_value", "payment_value") if name in row]
        amount = sum(minor(text, "BRL") for text in amounts)
        by_order[row["order_id"]] = by_order.get(row["order_id"], 0) + amount
    return by_order


def rows(name: str) -> Iterator[Mapping[str, str]]:
    with gzip.open(FOLDER / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as source:
        yield from csv.DictReader(source)
