"""What several documents hold: people, lines, packages, batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from santong.qimen.rules.codes import InventoryType
from santong.qimen.rules.marks import (
    Code,
    Count,
    Fen,
    Grams,
    Long,
    Many,
    Millilitres,
    Millimetres,
    OnDay,
    Part,
    Text,
    Words,
)

Name = Annotated[str, Text(100)]
Place = Annotated[str, Text(60)]
Phone = Annotated[str, Text(40)]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Party(Part):
    """Who sends or who receives."""

    name: Name
    mobile: Phone = ""
    tel: Phone = ""
    company: Words = ""
    zip_code: Annotated[str, Text(20)] = ""
    email: Words = ""
    country_code: Code = ""
    province: Place
    city: Place
    area: Place = ""
    town: Place = ""
    detail_address: Annotated[str, Text(300)]
    id_type: Code = ""
    id_number: Code = ""
    oaid: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Batch(Part):
    """Units of one batch; those of a line add up to the line's."""

    batch_code: Code = ""
    product_date: OnDay | None = None
    expire_date: OnDay | None = None
    produce_code: Code = ""
    inventory_type: InventoryType = "ZP"
    actual_qty: Count | None = None
    quantity: Count | None = None


Batches = Annotated[tuple[Batch, ...], Many("batchs", "batch")]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AskedLine(Part):
    """A line of a document that asks for goods to move."""

    order_line_no: Code = ""
    source_order_code: Code = ""
    sub_source_order_code: Code = ""
    owner_code: Code
    item_code: Code
    item_id: Code = ""
    inventory_type: InventoryType = "ZP"
    item_name: Words = ""
    ext_code: Code = ""
    plan_qty: Count
    retail_price: Fen | None = None
    actual_price: Fen | None = None
    discount_amount: Fen | None = None
    batch_code: Code = ""
    product_date: OnDay | None = None
    expire_date: OnDay | None = None
    produce_code: Code = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ConfirmedLine(Part):
    """A line of a document that says what has moved."""

    order_line_no: Code = ""
    owner_code: Code = ""
    item_code: Code
    item_id: Code = ""
    inventory_type: InventoryType = "ZP"
    item_name: Words = ""
    plan_qty: Count | None = None
    actual_qty: Count
    batch_code: Code = ""
    product_date: OnDay | None = None
    expire_date: OnDay | None = None
    produce_code: Code = ""
    batchs: Batches = ()
    qr_code: Long = ""
    sn_list: Annotated[tuple[str, ...], Many("snList", "sn")] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PackedItem(Part):
    """Goods in a package."""

    item_code: Code
    item_id: Code = ""
    order_line_no: Code = ""
    quantity: Count


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Material(Part):
    """What a package is packed in."""

    type: Code = ""
    quantity: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Package(Part):
    """A parcel in a carrier's hands."""

    logistics_code: Code
    logistics_name: Words = ""
    express_code: Code
    package_code: Code = ""
    length: Millimetres | None = None
    width: Millimetres | None = None
    height: Millimetres | None = None
    weight: Grams | None = None
    volume: Millilitres | None = None
    package_material_list: Annotated[
        tuple[Material, ...], Many("packageMaterialList", "packageMaterial")
    ] = ()
    items: Annotated[tuple[PackedItem, ...], Many("items", "item")] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Invoice(Part):
    """An invoice that goes with a delivery."""

    type: Code = ""
    header: Words = ""
    amount: Fen | None = None
    content: Long = ""
    code: Code = ""
    number: Code = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RelatedOrder(Part):
    """A document that another one goes back to."""

    order_type: Code = ""
    order_code: Code = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Insurance(Part):
    """What a delivery is insured for."""

    type: Code = ""
    amount: Fen | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Requirements(Part):
    """When and how a buyer wants it."""

    schedule_type: Code = ""
    schedule_day: Code = ""
    schedule_start_time: Code = ""
    schedule_end_time: Code = ""
    delivery_type: Code = ""


Packages = Annotated[tuple[Package, ...], Many("packages", "package")]
AskedLines = Annotated[tuple[AskedLine, ...], Many("orderLines", "orderLine")]
ConfirmedLines = Annotated[tuple[ConfirmedLine, ...], Many("orderLines", "orderLine")]
