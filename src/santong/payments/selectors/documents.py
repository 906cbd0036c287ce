"""Documents that are paid in parts."""

from __future__ import annotations

from santong.payments.models import Intent


def documents_paid(*, merchant_id: int, document: str, currency: str) -> list[str]:
    """A document and its parts (`stagedsale:5-0`) for which money came in, the newest first."""
    rows = Intent.objects.of_merchant(merchant_id).filter(currency=currency, received_minor__gt=0)
    whole = rows.filter(document=document)
    parts = rows.filter(document__startswith=f"{document}-")
    newest = whole.union(parts).order_by("-id").values_list("id", "document")
    return list(dict.fromkeys(name for _, name in newest))
