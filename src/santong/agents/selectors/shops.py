"""Which storefronts sell to agents, and how."""

from __future__ import annotations

from santong.agents import contracts
from santong.agents.errors import NoAgentShop
from santong.agents.models import AgentShop
from santong.kernel.errors import NoSuch
from santong.merchants import public as merchants


def open_shop(*, merchant_id: int, storefront_code: str) -> contracts.AgentShop:
    """How a storefront sells to agents. Raises NoAgentShop, if it does not."""
    try:
        shop = shop_of(merchant_id=merchant_id, storefront_code=storefront_code)
    except NoSuch:
        raise NoAgentShop(storefront_code=storefront_code) from None
    if not shop.is_open:
        raise NoAgentShop(storefront_code=storefront_code)
    return shop


def shop_of(*, merchant_id: int, storefront_code: str) -> contracts.AgentShop:
    """What was set for a storefront, whether it is open or not. Raises NoSuch."""
    storefront = merchants.storefront_by_code(merchant_id=merchant_id, code=storefront_code)
    row = AgentShop.objects.of_merchant(merchant_id).filter(storefront_id=storefront.id).first()
    if row is None:
        raise NoSuch(kind="shop for agents", key=storefront_code)
    return _contract(row, storefront.code, storefront.is_open, _currency(merchant_id))


def shops(*, merchant_id: int) -> list[contracts.AgentShop]:
    """Every storefront for which something was set, by its code."""
    rows = {row.storefront_id: row for row in AgentShop.objects.of_merchant(merchant_id)}
    currency = _currency(merchant_id)
    return [
        _contract(rows[each.id], each.code, each.is_open, currency)
        for each in sorted(
            merchants.storefronts(merchant_id=merchant_id), key=lambda each: each.code
        )
        if each.id in rows
    ]


def _currency(merchant_id: int) -> str:
    return merchants.merchant(merchant_id=merchant_id).currency


def _contract(row: AgentShop, code: str, is_open: bool, currency: str) -> contracts.AgentShop:  # noqa: FBT001  both must be
    return contracts.AgentShop(
        storefront_id=row.storefront_id,
        storefront_code=code,
        is_open=row.is_open and is_open,
        currency=currency,
        freight_minor=row.freight_minor,
        free_from_minor=row.free_from_minor,
        terms_url=row.terms_url,
        privacy_url=row.privacy_url,
        returns_url=row.returns_url,
    )
