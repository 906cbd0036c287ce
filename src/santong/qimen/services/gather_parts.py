"""A document in several messages waits until all of it is there."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypeVar

from santong.kernel import bulk, crypto
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.qimen.errors import NumberReused, QuantityWrong
from santong.qimen.models import MessagePart
from santong.qimen.rules.marks import Part
from santong.qimen.rules.reading import read, write
from santong.qimen.rules.sameness import digest_of, fitting
from santong.qimen.rules.xml import read_xml, write_xml
from santong.qimen.selectors.calls import Call

MOST_PAGES: Final = 200
LONGEST_NUMBER: Final = 120
_UNIQUE: Final = ["merchant_id", "contract_id", "kind", "number", "place"]
# Parts that come at once: whoever comes last has to see the others.
_ALONE: Final = Statement("""
SELECT pg_advisory_xact_lock(
  hashtextextended('qimen.part:' || %(contract)s::text || ':' || %(number)s, %(merchant)s::bigint))
  IS NULL
""")

P = TypeVar("P", bound=Part)


@all_or_nothing
def gather_pages(
    *, call: Call, kind: str, number: str, document: P, page: int, of_pages: int
) -> list[P] | None:
    """Every page of a document, or None while some have still to come.

    Raises NumberReused if a page says something else than before, FieldInvalid. Locks the document.
    """
    if not (1 <= of_pages <= MOST_PAGES and 1 <= page <= of_pages):
        raise FieldInvalid(pointer="/currentPage", reason=f"1 to totalPage, at most {MOST_PAGES}")
    if of_pages == 1:
        return [document]
    number = fitting(number=number, longest=LONGEST_NUMBER)
    _keep(call, kind, number, document, place=str(page), lines=1)
    found = _parts(call, kind, number, type(document))
    return found if len(found) == of_pages else None


@all_or_nothing
def gather_lines(
    *, call: Call, kind: str, number: str, document: P, lines: int, of_lines: int | None
) -> list[P] | None:
    """Every message of a document, or None while their lines do not add up to what it says.

    Raises QuantityWrong if they are more. Locks the document.
    """
    if of_lines is None or lines == of_lines:
        return [document]
    if lines > of_lines:
        raise QuantityWrong(item_code="", reason="more lines than totalOrderLines")
    _keep(call, kind, number, document, place=digest_of(document=document), lines=lines)
    kept = MessagePart.objects.of_merchant(call.merchant_id).filter(
        contract_id=call.contract.id, kind=kind, number=number
    )
    there = sum(kept.values_list("lines", flat=True))
    if there > of_lines:
        raise QuantityWrong(item_code="", reason="more lines than totalOrderLines")
    return _parts(call, kind, number, type(document)) if there == of_lines else None


def _keep(call: Call, kind: str, number: str, document: Part, *, place: str, lines: int) -> None:
    _ALONE.later(
        {
            "contract": str(call.contract.id),
            "number": f"{kind}:{number}",
            "merchant": str(call.merchant_id),
        }
    )
    digest = crypto.blind_index(
        merchant_id=call.merchant_id, value=digest_of(document=document), purpose="qimen.said"
    )
    row = MessagePart(
        merchant_id=call.merchant_id,
        contract_id=call.contract.id,
        kind=kind,
        number=number,
        place=place,
        digest=digest,
        lines=lines,
        sealed=crypto.encrypt(
            merchant_id=call.merchant_id,
            plain=write_xml(element=write(part=document, name="request")),
            place=_place(call, kind, number, place),
        ),
        at=call.now,
    )
    if bulk.insert_new([row], unique=_UNIQUE):
        return
    there = MessagePart.objects.of_merchant(call.merchant_id).get(
        contract_id=call.contract.id, kind=kind, number=number, place=place
    )
    if bytes(there.digest) != digest:
        raise NumberReused(number=number[:120])


def _parts(call: Call, kind: str, number: str, shape: type[P]) -> list[P]:
    rows = MessagePart.objects.of_merchant(call.merchant_id).filter(
        contract_id=call.contract.id, kind=kind, number=number
    )
    found: list[P] = []
    for row in rows.order_by("id"):
        plain = crypto.decrypt(
            merchant_id=call.merchant_id,
            sealed=bytes(row.sealed),
            place=_place(call, kind, number, row.place),
        )
        element = read_xml(body=plain, root="request")
        found.append(read(shape=shape, element=element, path="/request"))
    return found


def _place(call: Call, kind: str, number: str, place: str) -> str:
    return f"qimen.part:{call.contract.id}:{kind}:{number}:{place}"


def forget_parts(*, merchant_id: int, before: datetime) -> int:
    """Drop parts that are old: of documents that are whole, and of those that never will be."""
    gone, _ = MessagePart.objects.of_merchant(merchant_id).filter(at__lt=before).delete()
    return gone
