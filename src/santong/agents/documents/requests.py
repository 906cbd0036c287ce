"""What platforms send. What we do not know of a body is let be: the specification grows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from santong.agents import contracts
from santong.agents.errors import RequestInvalid

MOST_BODY_BYTES: Final = 256 * 1024
LONGEST: Final = 300

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST)]
ItemId = Annotated[str, Field(min_length=1, max_length=64)]
Minor = Annotated[int, Field(strict=True, ge=0, le=10**12)]


class Sent(BaseModel):
    """A body or a part of one."""

    model_config = ConfigDict(extra="ignore")


class ItemIn(Sent):
    id: ItemId


class LineIn(Sent):
    item: ItemIn
    quantity: Annotated[int, Field(strict=True, ge=1, le=contracts.MOST_UNITS)]


class BuyerIn(Sent):
    first_name: Text = ""
    last_name: Text = ""
    email: Text = ""
    phone_number: Text = ""


class ContextIn(Sent):
    address_region: Text = ""
    currency: Text = ""


class DestinationIn(Sent):
    id: Text = ""
    street_address: Text = ""
    extended_address: Text = ""
    address_locality: Text = ""
    address_region: Text = ""
    address_country: Text = ""
    postal_code: Text = ""
    first_name: Text = ""
    last_name: Text = ""
    phone_number: Text = ""


class MethodIn(Sent):
    type: contracts.Method
    line_item_ids: Annotated[list[str] | None, Field(max_length=contracts.MOST_LINES)] = None
    destinations: Annotated[list[DestinationIn], Field(default_factory=list, max_length=20)]
    selected_destination_id: Text | None = None


class FulfilmentIn(Sent):
    methods: Annotated[list[MethodIn], Field(default_factory=list, max_length=4)]


class CheckoutIn(Sent):
    """What a platform wants of a session: all of it, each time."""

    line_items: Annotated[list[LineIn], Field(min_length=1, max_length=contracts.MOST_LINES)]
    buyer: BuyerIn = BuyerIn()
    context: ContextIn = ContextIn()
    fulfillment: FulfilmentIn | None = None

    def asked(self) -> contracts.Asked:
        method = _chosen(self.fulfillment.methods if self.fulfillment else [])
        return contracts.Asked(
            lines=tuple(
                contracts.AskedLine(item_id=line.item.id, quantity=line.quantity)
                for line in self.line_items
            ),
            buyer=contracts.Buyer(**self.buyer.model_dump()),
            method=method.type if method else None,
            addresses=_addresses(method) if method else (),
            destination_id=(method.selected_destination_id or "") if method else "",
            region=self.context.address_region,
        )


class PriceIn(Sent):
    min: Minor | None = None
    max: Minor | None = None


class FiltersIn(Sent):
    categories: Annotated[list[Text], Field(default_factory=list, max_length=20)]
    price: PriceIn | None = None


class PaginationIn(Sent):
    cursor: Annotated[str | None, Field(max_length=40)] = None
    limit: Annotated[int, Field(strict=True, ge=1)] = 20


class SearchIn(Sent):
    query: Text = ""
    filters: FiltersIn | None = None
    context: ContextIn = ContextIn()
    pagination: PaginationIn = PaginationIn()


class LookupIn(Sent):
    ids: Annotated[list[ItemId], Field(min_length=1, max_length=1_000)]
    filters: FiltersIn | None = None
    context: ContextIn = ContextIn()


class SelectionIn(Sent):
    name: Text
    label: Text


class ProductIn(Sent):
    id: ItemId
    selected: Annotated[list[SelectionIn], Field(default_factory=list, max_length=10)]
    preferences: Annotated[list[Text], Field(default_factory=list, max_length=10)]
    filters: FiltersIn | None = None
    context: ContextIn = ContextIn()


S = TypeVar("S", bound=Sent)


def read(body: bytes, shape: type[S]) -> S:
    """A body as a shape. Raises RequestInvalid, which names the first field that is wrong."""
    if len(body) > MOST_BODY_BYTES:
        raise RequestInvalid(where="$", reason="too large")
    try:
        parsed: Any = json.loads(body)
        written = json.dumps(parsed, ensure_ascii=False)
        written.encode()
    except (ValueError, RecursionError):
        raise RequestInvalid(where="$", reason="not JSON") from None
    if "\x00" in written or "\\u0000" in written:
        raise RequestInvalid(where="$", reason="contains NUL")
    try:
        return shape.model_validate(parsed)
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        raise RequestInvalid(where=_path(first["loc"]), reason=first["msg"]) from None


def _path(places: Sequence[int | str]) -> str:
    return "$" + "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in places)


def _chosen(methods: Sequence[MethodIn]) -> MethodIn | None:
    """The one that goods are given to; without that, the one with a destination; else the first.

    All goods go one way: methods are not combined, as our profile says.
    """
    for method in methods:
        if method.line_item_ids:
            return method
    for method in methods:
        if method.line_item_ids is None and (method.selected_destination_id or method.destinations):
            return method
    return next((each for each in methods if each.line_item_ids is None), None)


def _addresses(method: MethodIn) -> tuple[contracts.Address, ...]:
    """Addresses under ids of their own: a platform's new one has none yet."""
    if method.type != "shipping":
        return ()
    return tuple(
        contracts.Address(**{**each.model_dump(), "id": each.id or f"dest_{place + 1}"})
        for place, each in enumerate(method.destinations)
    )
