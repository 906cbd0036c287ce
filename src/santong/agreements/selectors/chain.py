"""Whether rows, record and chain still say what was accepted, and if not, what was changed."""

from __future__ import annotations

import json
from typing import Any, Final

from django.db import connection

from santong.agreements.contracts import Finding
from santong.agreements.models import Books, ChainLink, ServiceAgreement
from santong.agreements.rules.differences import differences
from santong.agreements.rules.links import GENESIS, commitment, hash_of
from santong.agreements.selectors.records import rebuilt

# Every link once: its hash, its number, and the hash of the one before.
_BROKEN: Final = """
SELECT number, what FROM (
  SELECT number,
    CASE
      WHEN encode(sha256(convert_to(record, 'UTF8')), 'hex') <> hash THEN 'record'
      WHEN number <> coalesce(lag(number) OVER by_number, 0) + 1 THEN 'gap'
      WHEN prev_hash <> coalesce(lag(hash) OVER by_number, %(genesis)s) THEN 'order'
    END AS what
  FROM agreements_chainlink WHERE merchant_id = %(merchant)s
  WINDOW by_number AS (ORDER BY number)
) AS looked_at WHERE what IS NOT NULL ORDER BY number LIMIT 51
"""


def broken_links(*, merchant_id: int) -> list[tuple[int, str]]:
    """Links of the whole chain at which something is wrong: record, gap, order or end."""
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN, {"merchant": merchant_id, "genesis": GENESIS})
        found = [(number, what) for number, what in cursor.fetchall()]
    books = Books.objects.of_merchant(merchant_id).first()
    last = ChainLink.objects.of_merchant(merchant_id).order_by("-number").first()
    end = (last.number, last.hash) if last else (0, GENESIS)
    stands = (books.links, books.head_hash) if books else (0, GENESIS)
    return found if end == stands else [*found, (stands[0], "end")]


def findings_of_chain(
    row: ServiceAgreement, *, kept_record: dict[str, Any] | None
) -> list[Finding]:
    """What is wrong with an accepted agreement's rows, record and place in the chain.

    Without its link in the chain, rows are held against the record that is kept as a file.
    """
    link = ChainLink.objects.of_merchant(row.merchant_id).filter(agreement_id=row.id).first()
    if link is None:
        found = [Finding(kind="not_in_chain", where=f"agreement {row.number}")]
        return [*found, *_rows_apart(row, kept_record)] if kept_record else found
    return [
        *_record_apart(link, kept_record),
        *_neighbours_apart(link),
        *_rows_apart(row, _read(link.record) or kept_record or {}),
        *_name_apart(row),
    ]


def _record_apart(link: ChainLink, kept: dict[str, Any] | None) -> list[Finding]:
    found = hash_of(link.record.encode())
    if found == link.hash and (kept is None or kept == _read(link.record)):
        return []
    at = (
        []
        if found == link.hash
        else [
            Finding(
                kind="record_hash", where=f"link {link.number}", expected=link.hash, found=found
            )
        ]
    )
    if kept is None:
        return at
    return at + [
        Finding(kind="field", where=f"record{each.pointer}", expected=each.before, found=each.after)
        for each in differences(kept, _read(link.record) or {})
    ]


def _neighbours_apart(link: ChainLink) -> list[Finding]:
    rows = ChainLink.objects.of_merchant(link.merchant_id)
    found: list[Finding] = []
    before = rows.filter(number=link.number - 1).first()
    before_hash = GENESIS if link.number == 1 else (before.hash if before else "")
    if before_hash != link.prev_hash:
        found.append(
            Finding(
                kind="chain_before",
                where=f"link {link.number - 1}",
                expected=link.prev_hash,
                found=before_hash,
            )
        )
    after = rows.filter(number__gt=link.number).order_by("number").first()
    head = Books.objects.of_merchant(link.merchant_id).values_list("head_hash", flat=True).first()
    named = after.prev_hash if after and after.number == link.number + 1 else ""
    named = (head or "") if after is None else named
    if named != link.hash:
        found.append(
            Finding(
                kind="chain_after",
                where=f"link {link.number + 1}",
                expected=link.hash,
                found=named,
            )
        )
    return found


def _rows_apart(row: ServiceAgreement, record: dict[str, Any]) -> list[Finding]:
    """What the rows say now, field by field, against what was accepted."""
    chain = record.get("chain", {})
    now = rebuilt(
        row,
        sentences=record.get("sentences", {}),
        supersedes=record.get("supersedes", ""),
        link_number=chain.get("number", 0),
        prev_hash=chain.get("prev_hash", ""),
    )
    return [
        Finding(kind="field", where=each.pointer, expected=each.before, found=each.after)
        for each in differences(record, now)
    ]


def _name_apart(row: ServiceAgreement) -> list[Finding]:
    """The sealed name against its commitment, until the person is forgotten."""
    if row.erased_at is not None:
        return []
    known = row.buyer()
    found = commitment(name=known["accepted_name"], salt=bytes.fromhex(known["salt"]))
    if found == row.name_commitment:
        return []
    return [
        Finding(kind="field", where="/accepted/name", expected=row.name_commitment, found=found)
    ]


def _read(record: str) -> dict[str, Any] | None:
    try:
        found = json.loads(record)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
