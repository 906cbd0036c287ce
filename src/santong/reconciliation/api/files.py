"""Statement files over HTTP."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Annotated, Any

from django.http.request import RawPostDataException
from ninja import Query, Schema, Status
from pydantic import Field

from santong.kernel.errors import FieldInvalid
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.reconciliation import contracts
from santong.reconciliation.api.fields import (
    DayOfAccountOut,
    DaysOut,
    ProviderLineOut,
    StatementFileOut,
    written,
)
from santong.reconciliation.api.routes import Limit, router
from santong.reconciliation.rules.packing import pack
from santong.reconciliation.selectors import files as selecting
from santong.reconciliation.selectors.differences import days_of_accounts
from santong.reconciliation.services.receive_file import receive_file

# What a body may unpack to: larger files come by the command.
MOST_BYTES = 128 * 1024 * 1024


class FilesIn(Schema):
    """Which files are asked for."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: str | None = None
    account_code: Annotated[str, Field(max_length=60)] = ""
    day: date | None = None
    state: contracts.FileState | None = None


@router.get(
    "/reconciliation/files",
    response=Page[StatementFileOut],
    auth=requires("reconciliation.view"),
)
def list_statement_files(request: MerchantRequest, asked: Query[FilesIn]) -> Any:
    """Statement files, newest first."""
    rows = selecting.files_page(
        merchant_id=request.merchant_id,
        before_id=before_id(asked.cursor),
        limit=asked.limit + 1,
        account_code=asked.account_code,
        day=asked.day,
        state=asked.state or "",
    )
    return page_of(
        [written(row, StatementFileOut) for row in rows],
        limit=asked.limit,
        ids=[row.id for row in rows],
    )


@router.post(
    "/reconciliation/files",
    response={202: StatementFileOut},
    auth=requires("reconciliation.work"),
)
def receive_statement_file(
    request: MerchantRequest,
    account_code: Annotated[str, Query(min_length=1, max_length=60)],
    day: date,
    format: contracts.FileFormat | None = None,  # noqa: A002  the name of the parameter
) -> Any:
    """Hand in a day's statement: the body is the file as it came, plain, gzip or zip.

    It is read and matched by a job; ask for the file to see how far it is.
    """
    file = receive_file(
        merchant_id=request.merchant_id,
        account_code=account_code,
        day=day,
        file_format=format,
        packed=pack(io.BytesIO(_bytes_of(request)), most_bytes=MOST_BYTES),
        now=datetime.now(UTC),
    )
    return Status(202, written(file, StatementFileOut))


def _bytes_of(request: MerchantRequest) -> bytes:
    """The body as it came. Raises FieldInvalid for a form: what was read as one is no file."""
    try:
        return request.body
    except RawPostDataException:
        raise FieldInvalid(pointer="/body", reason="the bytes of a file, not a form") from None


@router.get(
    "/reconciliation/files/{file_id}",
    response=StatementFileOut,
    auth=requires("reconciliation.view"),
)
def show_statement_file(request: MerchantRequest, file_id: str) -> Any:
    """A statement file, and how far it has come."""
    row = selecting.file_by_id(
        merchant_id=request.merchant_id, file_id=id_of(file_id, kind="statement_file")
    )
    return written(row, StatementFileOut)


@router.get(
    "/reconciliation/files/{file_id}/lines",
    response=Page[ProviderLineOut],
    auth=requires("reconciliation.view"),
)
def list_statement_lines(
    request: MerchantRequest,
    file_id: str,
    limit: Limit = 50,
    cursor: str | None = None,
    only: Annotated[str, Query(pattern="^(matched|different)?$")] = "",
) -> Any:
    """Lines of a file, last first, and what became of them."""
    rows = selecting.lines_page(
        merchant_id=request.merchant_id,
        file_id=id_of(file_id, kind="statement_file"),
        before_id=before_id(cursor),
        limit=limit + 1,
        only=only,
    )
    return page_of(
        [written(row, ProviderLineOut) for row in rows],
        limit=limit,
        ids=[row.id for row in rows],
    )


@router.get("/reconciliation/days", response=DaysOut, auth=requires("reconciliation.view"))
def list_reconciled_days(request: MerchantRequest, since: date, until: date) -> Any:
    """Days of accounts with lines, matches and differences, `until` excluded."""
    rows = days_of_accounts(merchant_id=request.merchant_id, from_day=since, until_day=until)
    return {"items": [written(row, DayOfAccountOut) for row in rows]}
