"""The shape of an order as JSON, and how it becomes a `NewOrder`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from santong.orders import public as orders

# The order's own rules say which values make sense; here only kinds are looked at, so that every
# intake refuses the same things in the same words.
Whole = Annotated[int, Field(strict=True, ge=-(2**53), le=2**53)]
Text = Annotated[str, Field(strict=True, max_length=2_000)]
Degrees = Annotated[float, Field(strict=True)]


class _Handed(BaseModel):
    """A misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


class RecipientIn(_Handed):
    """Who gets the goods, in clear text."""

    name: Text = ""
    phone: Text = ""
    country: Text = "CN"
    province: Text = ""
    city: Text = ""
    district: Text = ""
    address: Text = ""
    postcode: Text = ""
    latitude: Degrees | None = None
    longitude: Degrees | None = None


class LineIn(_Handed):
    """One line as the channel sold it; `discount_minor` is the whole line's own discount."""

    sku_code: Text
    quantity: Whole
    unit_price_minor: Whole
    discount_minor: Whole = 0
    line_total_minor: Whole | None = None


class PaymentIn(_Handed):
    """Money that came in, under the payment provider's own number."""

    external_id: Text
    provider: Text = ""
    amount_minor: Whole
    currency: Text
    paid_at: AwareDatetime


class OrderIn(_Handed):
    """An order as a channel hands it in, under the storefront's own number.

    Amounts are in the minor unit of `currency`. Lines - discount + freight = total. `points_minor`
    of the discount are paid by points that a checkout held (source `checkout`) under `points_key`.
    """

    storefront_code: Text
    external_number: Text
    placed_at: AwareDatetime
    currency: Text
    lines: Annotated[list[LineIn], Field(max_length=1_000)]
    recipient: RecipientIn = RecipientIn()
    freight_minor: Whole = 0
    discount_minor: Whole = 0
    total_minor: Whole | None = None
    mode: Literal["ship", "pickup"] = "ship"
    pickup_location_code: Text | None = None
    payment: PaymentIn | None = None
    seller_location_code: Text | None = None
    guide_code: Text | None = None
    member_reference: Text | None = None
    points_key: Text | None = None
    points_minor: Whole = 0
    buyer_note: Text = ""


def new_order(*, handed: OrderIn) -> orders.NewOrder:
    """The order that a channel handed in."""
    payment = handed.payment
    return orders.NewOrder(
        storefront_code=handed.storefront_code,
        external_number=handed.external_number,
        placed_at=handed.placed_at,
        currency=handed.currency,
        lines=tuple(orders.NewLine(**dict(line)) for line in handed.lines),
        recipient=orders.Recipient(**dict(handed.recipient)),
        freight_minor=handed.freight_minor,
        discount_minor=handed.discount_minor,
        total_minor=handed.total_minor,
        mode=handed.mode,
        pickup_location_code=handed.pickup_location_code,
        payment=orders.NewPayment(**dict(payment)) if payment else None,
        seller_location_code=handed.seller_location_code,
        guide_code=handed.guide_code,
        member_reference=handed.member_reference,
        points_key=handed.points_key,
        points_minor=handed.points_minor,
        buyer_note=handed.buyer_note,
    )


def read_order(*, document: object) -> orders.NewOrder:
    """An order from a parsed JSON document. Raises InvalidOrder, which names every wrong field."""
    try:
        return new_order(handed=OrderIn.model_validate(document))
    except ValidationError as failed:
        problems = tuple(
            orders.Problem(pointer=_pointer(error["loc"]), reason=_reason(error["type"]))
            for error in failed.errors(include_input=False, include_url=False)
        )
        raise orders.InvalidOrder(errors=problems) from None


def _pointer(place: tuple[int | str, ...]) -> str:
    return "".join(f"/{part}" for part in place)


_REASONS = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "too_long": "too_many",
    "timezone_aware": "no_offset",
    "literal_error": "unknown",
    "int_type": "not_whole",
    "greater_than_equal": "below_zero",
    "less_than_equal": "too_large",
    "model_type": "not_an_object",
    "model_attributes_type": "not_an_object",
    "list_type": "not_a_list",
    "string_type": "not_a_text",
    "float_type": "not_a_number",
    "finite_number": "not_a_number",
}


def _reason(kind: str) -> str:
    """The same stable words as the orders' own rules use."""
    if kind.startswith("datetime"):
        return "not_an_instant"
    return _REASONS.get(kind, kind)
