"""Who issues the invoice of a line: whoever owned the goods that were sold."""

from __future__ import annotations

from collections.abc import Iterable

from santong.invoicing.contracts import Seller


def seller_for(
    sellers: Iterable[Seller], *, dealer_id: int | None, brand_id: int | None
) -> Seller | None:
    """A dealer's place sells the dealer's own goods; other goods are their brand's, or the house's.

    A dealer who is not set up sells for nobody else: no other seller may issue for them.
    """
    open_ones = [seller for seller in sellers if seller.is_open]
    if dealer_id is not None:
        return _first(seller for seller in open_ones if seller.dealer_id == dealer_id)
    own = [seller for seller in open_ones if seller.dealer_id is None]
    of_brand = (seller for seller in own if brand_id is not None and seller.brand_id == brand_id)
    return _first(of_brand) or _first(seller for seller in own if seller.brand_id is None)


def _first(sellers: Iterable[Seller]) -> Seller | None:
    return next(iter(sellers), None)
