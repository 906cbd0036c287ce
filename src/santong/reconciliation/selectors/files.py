"""Statement files, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from santong.kernel import crypto
from santong.kernel.errors import NoSuch
from santong.payments import public as payments
from santong.reconciliation import contracts
from santong.reconciliation.models import (
    Account,
    Difference,
    Match,
    StatementFile,
    StatementLine,
    StatementPart,
)
from santong.reconciliation.rules.formats import split_lines
from santong.reconciliation.rules.packing import unpack

UNFINISHED = ("received", "reading", "read")
# A provider that had no file yesterday may have it today.
DAYS_BACK = 4


def part_place(file_id: int, number: int) -> str:
    """Where a part of a file is sealed to."""
    return f"reconciliation.part:{file_id}:{number}"


def file_by_id(*, merchant_id: int, file_id: int) -> contracts.StatementFile:
    """A file. Raises NoSuch."""
    row = StatementFile.objects.of_merchant(merchant_id).filter(id=file_id).first()
    if row is None:
        raise NoSuch(kind="statement_file", key=str(file_id))
    return row.as_contract()


def files_page(
    *,
    merchant_id: int,
    before_id: int,
    limit: int,
    account_code: str = "",
    day: date | None = None,
    state: str = "",
) -> list[contracts.StatementFile]:
    """Files, newest first."""
    rows: QuerySet[StatementFile] = StatementFile.objects.of_merchant(merchant_id).filter(
        id__lt=before_id
    )
    if account_code:
        rows = rows.filter(account_code=account_code)
    if day:
        rows = rows.filter(day=day)
    if state:
        rows = rows.filter(state=state)
    return [row.as_contract() for row in rows.order_by("-id")[:limit]]


def unfinished_files(*, merchant_id: int) -> list[int]:
    """Files that are not matched yet, oldest first."""
    rows = StatementFile.objects.of_merchant(merchant_id).filter(state__in=UNFINISHED)
    return list(rows.order_by("id").values_list("id", flat=True))


def part_of(*, merchant_id: int, file_id: int, number: int) -> bytes | None:
    """A packed piece of a file; None after the last."""
    sealed = (
        StatementPart.objects.of_merchant(merchant_id)
        .filter(file_id=file_id, number=number)
        .values_list("sealed", flat=True)
        .first()
    )
    if sealed is None:
        return None
    return crypto.decrypt(
        merchant_id=merchant_id, sealed=bytes(sealed), place=part_place(file_id, number)
    )


def raw_line(*, merchant_id: int, file_id: int, line: int) -> bytes:
    """A line of a file exactly as it came. Raises NoSuch."""
    file_by_id(merchant_id=merchant_id, file_id=file_id)
    pieces = unpack(_parts(merchant_id, file_id))
    for number, text in enumerate(split_lines(pieces), start=1):
        if number == line:
            return text
    raise NoSuch(kind="statement_line", key=str(line))


def _parts(merchant_id: int, file_id: int) -> Iterator[bytes]:
    number = 0
    while (part := part_of(merchant_id=merchant_id, file_id=file_id, number=number)) is not None:
        yield part
        number += 1


def lines_page(
    *, merchant_id: int, file_id: int, before_id: int, limit: int, only: str = ""
) -> list[contracts.StatementLine]:
    """Lines of a file, last first; `only` is `matched` or `different`. Raises NoSuch."""
    file_by_id(merchant_id=merchant_id, file_id=file_id)
    rows = StatementLine.objects.of_merchant(merchant_id).filter(file_id=file_id, id__lt=before_id)
    of_merchant = Q(merchant_id=merchant_id, file_id=file_id)
    if only == "matched":
        rows = rows.filter(id__in=Match.objects.filter(of_merchant).values("line_id"))
    elif only == "different":
        live = Difference.objects.filter(of_merchant, state__in=contracts.LIVE)
        rows = rows.filter(id__in=live.filter(line__isnull=False).values("line_id"))
    found = list(rows.order_by("-id")[:limit])
    ids = [row.id for row in found]
    matches = {row.line_id: row for row in Match.objects.filter(of_merchant, line_id__in=ids)}
    differing = dict(
        Difference.objects.filter(
            merchant_id=merchant_id, line_id__in=ids, state__in=contracts.LIVE
        ).values_list("line_id", "id")
    )
    return [_line(row, matches.get(row.id), differing.get(row.id)) for row in found]


def line_by_id(*, merchant_id: int, line_id: int) -> contracts.StatementLine:
    """A line of a statement. Raises NoSuch."""
    row = StatementLine.objects.of_merchant(merchant_id).filter(id=line_id).first()
    if row is None:
        raise NoSuch(kind="statement_line", key=str(line_id))
    match = Match.objects.filter(merchant_id=merchant_id, line_id=line_id).first()
    differing = (
        Difference.objects.of_merchant(merchant_id)
        .filter(line_id=line_id, state__in=contracts.LIVE)
        .values_list("id", flat=True)
        .first()
    )
    return _line(row, match, differing)


def _line(
    row: StatementLine, match: Match | None, difference_id: int | None
) -> contracts.StatementLine:
    return contracts.StatementLine(
        id=row.id,
        file_id=row.file_id,
        line=row.line,
        kind=contracts.LINE_KINDS[contracts.LINE_KINDS.index(row.kind)],
        our_reference=row.our_reference,
        their_reference=row.their_reference,
        amount_minor=row.amount_minor,
        fee_minor=row.fee_minor,
        currency=row.currency,
        moved_at=row.moved_at,
        movement_id=match.movement_id if match else None,
        stage=match.stage if match else "",
        difference_id=difference_id,
    )


def days_to_fetch(*, merchant_id: int, today: date) -> list[tuple[str, date]]:
    """Account and day of statements that are not here yet: yesterday's, and some days before.

    Days before an account's first statement are nobody's business.
    """
    since_by_code = dict(Account.objects.of_merchant(merchant_id).values_list("code", "since"))
    days = [today - timedelta(days=back) for back in range(DAYS_BACK, 0, -1)]
    there = set(
        StatementFile.objects.of_merchant(merchant_id)
        .filter(day__in=days)
        .exclude(state="refused")
        .values_list("account_code", "day")
    )
    return [
        (account.code, day)
        for account in payments.payment_accounts(merchant_id=merchant_id)
        if account.is_open
        for day in days
        if day >= since_by_code.get(account.code, days[-1]) and (account.code, day) not in there
    ]
