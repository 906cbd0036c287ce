"""Lock first: the document. All of its agreements change one after the other."""

from __future__ import annotations

from santong.agreements.models import Breach, ServiceAgreement
from santong.kernel.errors import NoSuch
from santong.kernel.wire import Statement

_ALONE = Statement(
    "SELECT pg_advisory_xact_lock(hashtextextended(%(place)s, %(merchant)s)) IS NULL"
)


def lock_document(*, merchant_id: int, document: str) -> None:
    """Be the only one who changes agreements of a document, until the transaction ends."""
    _ALONE.rows({"place": f"agreements:{document}", "merchant": str(merchant_id)})


def lock_agreement(*, merchant_id: int, agreement_id: int) -> ServiceAgreement:
    """Lock an agreement's document and give its row as it is now. Raises NoSuch."""
    rows = ServiceAgreement.objects.of_merchant(merchant_id).filter(id=agreement_id)
    document = rows.values_list("document", flat=True).first()
    if document is None:
        raise NoSuch(kind="agreement", key=str(agreement_id))
    lock_document(merchant_id=merchant_id, document=document)
    return rows.get()


def lock_breach(*, merchant_id: int, breach_id: int) -> Breach:
    """Lock the document of a breach and give its row as it is now. Raises NoSuch."""
    rows = Breach.objects.of_merchant(merchant_id).filter(id=breach_id)
    document = rows.values_list("agreement__document", flat=True).first()
    if document is None:
        raise NoSuch(kind="breach", key=str(breach_id))
    lock_document(merchant_id=merchant_id, document=document)
    return rows.select_related("agreement", "term").get()
