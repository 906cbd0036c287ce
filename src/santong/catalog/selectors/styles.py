"""Reading styles."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from santong.catalog.contracts import Style
from santong.catalog.models import Sku
from santong.catalog.models import Style as StyleTable


def styles_by_code(*, merchant_id: int, codes: Iterable[str]) -> dict[str, Style]:
    """Styles by their codes; unknown codes are left out."""
    rows = StyleTable.objects.of_merchant(merchant_id).filter(code__in=set(codes))
    return {row.code: row.as_contract() for row in rows}


def styles_by_id(*, merchant_id: int, style_ids: Iterable[int]) -> dict[int, Style]:
    """Styles by their ids; unknown ids are left out."""
    rows = StyleTable.objects.of_merchant(merchant_id).filter(id__in=set(style_ids))
    return {row.id: row.as_contract() for row in rows}


def sellable_styles(
    *, merchant_id: int, search: str = "", offset: int = 0, limit: int = 50
) -> tuple[list[Style], int]:
    """Styles of which something can be sold, newest first, and how many there are in all."""
    on_sale = Sku.objects.of_merchant(merchant_id).filter(style_id=OuterRef("id"), is_sellable=True)
    rows = StyleTable.objects.of_merchant(merchant_id).filter(Exists(on_sale))
    if text := search.strip():
        rows = rows.filter(Q(code__startswith=text) | Q(name__icontains=text))
    found = [row.as_contract() for row in rows.order_by("-id")[offset : offset + limit]]
    return found, rows.count()


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
