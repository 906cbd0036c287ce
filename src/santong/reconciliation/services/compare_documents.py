"""What documents owe is compared with what was paid for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from santong.kernel.tenancy import all_or_nothing
from santong.reconciliation.contracts import LIVE, DocumentPair, DocumentsCompared
from santong.reconciliation.models import Difference
from santong.reconciliation.rules.documents import Tally, amounts, category_of

MOST_AT_ONCE = 5_000


@all_or_nothing
def compare_documents(
    *,
    merchant_id: int,
    pairs: Sequence[DocumentPair],
    currency: str,
    day: date,
    now: datetime,
) -> DocumentsCompared:
    """Queue every document whose sides differ, once, under one category; say what was found.

    A document that is compared again keeps what was said about it, unless its sides have changed:
    then it is open again, or matched. Locks the differences of the documents.
    """
    assert len(pairs) <= MOST_AT_ONCE, f"at most {MOST_AT_ONCE} at once"
    assert len({pair.document for pair in pairs}) == len(pairs), "a document stands once"
    known = {
        row.document: row
        for row in Difference.objects.of_merchant(merchant_id)
        .filter(document__in=[pair.document for pair in pairs], file=None, state__in=LIVE)
        .lock()
    }
    tally = Tally()
    fresh: list[Difference] = []
    for pair in pairs:
        category = category_of(pair)
        tally.add(pair, category)
        before = known.get(pair.document)
        paid, owed = amounts(pair)
        if before is not None:
            _see_anew(before, category=category, paid=paid, owed=owed, now=now)
        elif category is not None:
            fresh.append(
                Difference(
                    merchant_id=merchant_id,
                    category=category,
                    state="open",
                    day=day,
                    document=pair.document,
                    reference=pair.document,
                    currency=currency,
                    theirs_minor=paid,
                    ours_minor=owed,
                    explanation={"paid_minor": paid, "owed_minor": owed},
                    found_at=now,
                    changed_at=now,
                )
            )
    _insert(fresh)
    return tally.result()


def _see_anew(
    row: Difference, *, category: str | None, paid: int, owed: int, now: datetime
) -> None:
    if (row.category, row.theirs_minor, row.ours_minor) == (category, paid, owed):
        return
    if category is None:
        row.state = "matched"
    else:
        row.state = "open"
        row.category, row.theirs_minor, row.ours_minor = category, paid, owed
        row.explanation = {"paid_minor": paid, "owed_minor": owed}
    row.changed_at = now
    row.save()


def _insert(rows: list[Difference]) -> None:
    """Whoever compares the same documents at the same moment finds these there."""
    if rows:
        Difference.objects.bulk_create(rows, batch_size=1_000, ignore_conflicts=True)
