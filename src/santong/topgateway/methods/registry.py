"""Every method that the router carries out, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from santong.topgateway.methods import (
    binding,
    channel,
    items,
    member_pages,
    members,
    omniorder,
    pickup,
    places,
    standings,
    store_stock,
    time,
    trades,
)
from santong.topgateway.rules.declaring import Method

_ALL: Final = (
    *binding.METHODS,
    *channel.METHODS,
    *items.METHODS,
    *member_pages.METHODS,
    *members.METHODS,
    *omniorder.METHODS,
    *pickup.METHODS,
    *places.METHODS,
    *standings.METHODS,
    *store_stock.METHODS,
    *time.METHODS,
    *trades.METHODS,
)

METHOD_BY_NAME: Final[Mapping[str, Method]] = MappingProxyType(
    {method.name: method for method in sorted(_ALL, key=lambda method: method.name)}
)
assert len(METHOD_BY_NAME) == len(_ALL), "a method is declared once"
