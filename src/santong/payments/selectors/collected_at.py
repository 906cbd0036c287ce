"""Who holds the money of documents."""

from __future__ import annotations

from collections.abc import Sequence

from santong.payments.models import Tender


def collected_at(*, merchant_id: int, documents: Sequence[str]) -> dict[str, str]:
    """The account of the channel that collected all that came in for a document, by document.

    Documents of which some came in elsewhere, or by two channels, are left out.
    """
    if not documents:
        return {}
    rows = (
        Tender.objects.of_merchant(merchant_id)
        .filter(intent__document__in=documents, state="captured")
        .values_list("intent__document", "account__code", "account__provider")
        .distinct()
    )
    found: dict[str, set[tuple[str, bool]]] = {}
    for document, code, provider in rows:
        found.setdefault(document, set()).add((code, provider == "external"))
    return {
        document: code
        for document, held in found.items()
        for code, is_external in held
        if is_external and len(held) == 1
    }
