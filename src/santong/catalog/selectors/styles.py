"""Reading styles."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from santong.catalog.contracts import Style
from santong.catalog.models import Style as StyleTable


def styles_by_code(*, merchant_id: int, codes: Iterable[str]) -> dict[str, Style]:
    """Styles by their codes; unknown codes are left out."""
    rows = StyleTable.objects.of_merchant(merchant_id).filter(code__in=set(codes))
    return {row.code: row.as_contract() for row in rows}


def styles_page(
    *, merchant_id: int, search: str = "", below_id: int | None = None, limit: int = 50
) -> list[Style]:
    """Styles, newest first: all, or by the beginning of a code or part of a name."""
    rows = StyleTable.objects.of_merchant(merchant_id)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    if text := search.strip():
        rows = rows.filter(
            Q(code__startswith=text) | Q(code__startswith=text.upper()) | Q(name__icontains=text)
        )
    return [row.as_contract() for row in rows.order_by("-id")[:limit]]
