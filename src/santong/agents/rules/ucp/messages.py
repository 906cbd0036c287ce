"""What keeps a session from being placed, in the specification's words and paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from santong.agents.contracts import Address, Asked, Facts, Message, Method, Shelf, Variant

_METHOD: Final = "$.fulfillment.methods[0]"
_ADDRESS_FIELDS: Final = ("street_address", "address_locality", "address_region", "address_country")
# Fewer than these are counted aloud; how much else lies there is nobody's business.
FEW: Final = 5
_NOT_TOGETHER: Final = Message(
    code="out_of_stock",
    content="These cannot be had together now, neither sent nor collected at one store.",
    severity="recoverable",
    path="$.line_items",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How the goods could be had, and how they were asked for."""

    ways: tuple[Method, ...]
    method: Method | None
    address: Address | None
    store: Shelf | None


def messages_about(*, asked: Asked, facts: Facts, choice: Choice) -> tuple[Message, ...]:
    """Everything that a platform can mend; nothing, if the session can be placed as it is."""
    lines = _about_lines(asked, facts)
    if not choice.ways and not lines:
        lines = [_NOT_TOGETHER]
    return (
        *lines,
        *_about_fulfilment(facts, asked, choice),
        *_about_buyer(asked, choice.method, choice.address),
    )


def sold_in(*, asked: Asked, facts: Facts) -> dict[int, tuple[Variant, int]]:
    """Each line whose item is known, by its place."""
    return {
        place: (facts.variant_by_item[line.item_id], line.quantity)
        for place, line in enumerate(asked.lines)
        if line.item_id in facts.variant_by_item
    }


def quantities_of(*, asked: Asked, facts: Facts) -> dict[int, int]:
    """Units by SKU, over all lines."""
    wanted: dict[int, int] = {}
    for variant, quantity in sold_in(asked=asked, facts=facts).values():
        wanted[variant.sku_id] = wanted.get(variant.sku_id, 0) + quantity
    return wanted


def _about_lines(asked: Asked, facts: Facts) -> list[Message]:
    found: list[Message] = []
    wanted = quantities_of(asked=asked, facts=facts)
    for place, line in enumerate(asked.lines):
        variant = facts.variant_by_item.get(line.item_id)
        if variant is None or not variant.is_sellable:
            found.append(
                Message(
                    code="item_unavailable",
                    content="This item cannot be bought.",
                    severity="recoverable",
                    path=f"$.line_items[{place}]",
                )
            )
        elif wanted[variant.sku_id] > variant.promisable:
            found.append(
                Message(
                    code="out_of_stock",
                    content=_how_many(variant),
                    severity="recoverable",
                    path=f"$.line_items[{place}]",
                )
            )
    return found


def _how_many(variant: Variant) -> str:
    if variant.promisable > FEW:
        return f"Fewer of {variant.name} can be had now."
    return f"{max(0, variant.promisable)} of {variant.name} can be had now."


def _about_fulfilment(facts: Facts, asked: Asked, choice: Choice) -> list[Message]:
    if not choice.ways:
        return []
    if choice.method is None:
        what = "This cannot be had that way." if asked.method else "Choose delivery or collection."
        return [_missing("$.fulfillment.methods", what)]
    if choice.method == "shipping":
        return _about_address(facts, choice.address)
    if choice.store is None:
        return [_missing(f"{_METHOD}.selected_destination_id", "Choose a store.")]
    return []


def _about_address(facts: Facts, address: Address | None) -> list[Message]:
    if address is None:
        return [_missing(f"{_METHOD}.destinations", "Say where it goes.")]
    empty = [name for name in _ADDRESS_FIELDS if not getattr(address, name)]
    if empty:
        return [
            _missing(f"{_METHOD}.destinations[0].{name}", "The address is not whole.")
            for name in empty
        ]
    if address.address_country in {shelf.country for shelf in facts.shelves if shelf.can_ship}:
        return []
    return [
        Message(
            code="address_undeliverable",
            content="Nothing is sent to this country.",
            severity="recoverable",
            path=f"{_METHOD}.destinations[0].address_country",
        )
    ]


def _about_buyer(asked: Asked, method: Method | None, address: Address | None) -> list[Message]:
    if method is None:
        return []
    found: list[Message] = []
    if not recipient_name(asked=asked, address=address):
        found.append(_missing("$.buyer.first_name", "A name is needed."))
    if not recipient_phone(asked=asked, address=address):
        found.append(_missing("$.buyer.phone_number", "A telephone number is needed."))
    return found


def recipient_name(*, asked: Asked, address: Address | None) -> str:
    """Who gets it: who stands with the address, else the buyer. Chinese names have no gap."""
    first, last = (address.first_name, address.last_name) if address else ("", "")
    if not (first or last):
        first, last = asked.buyer.first_name, asked.buyer.last_name
    if any("\u4e00" <= letter <= "\u9fff" for letter in first + last):
        return f"{last}{first}".strip()
    return f"{first} {last}".strip()


def recipient_phone(*, asked: Asked, address: Address | None) -> str:
    """How whoever gets it is reached."""
    return (address.phone_number if address else "") or asked.buyer.phone_number


def _missing(path: str, content: str) -> Message:
    return Message(code="missing", content=content, severity="recoverable", path=path)
