"""What reading published files counts: rows, and those that are not used, with their reasons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Reason(StrEnum):
    """Why a row is not used."""

    WRONG_FIELD_COUNT = "wrong number of fields"
    EMPTY = "empty field"
    BAD_NUMBER = "bad number"
    BAD_DATE = "bad date"
    BAD_PREFIX = "bad postal prefix"
    BAD_WORD = "unknown word"
    DUPLICATE = "duplicate"
    UNKNOWN_ORDER = "unknown order"
    UNKNOWN_CUSTOMER = "unknown customer"
    UNKNOWN_PRODUCT = "unknown product"
    UNKNOWN_SELLER = "unknown seller"
    OUTSIDE_BRAZIL = "prefix outside Brazil"
    NO_COORDINATES = "no coordinates"
    NO_LINES = "no lines"
    NO_PAYMENT = "no payment"
    NOT_DELIVERED = "not delivered"
    DELIVERED_BEFORE_HANDOVER = "delivered before handed over"
    NO_MEMBER = "no member"
    NOT_GOODS = "no goods"
    NO_PRICE = "no price"
    NO_QUANTITY = "no quantity"
    WRITTEN_OFF = "written off"
    NO_PURCHASE = "no purchase to return"


class Remark(StrEnum):
    """What was used although it is not quite right, and how."""

    TO_THE_MINUTE = "times to the minute only"
    NO_CATEGORY = "product without category"
    WEIGHT_OF_CATEGORY = "weight taken from the category"
    SIZE_OF_CATEGORY = "size taken from the category"
    FAR_FROM_REGION = "prefix far from its region: point not used"
    POINT_FROM_RAW = "prefix placed by its raw points"
    PLACE_FROM_CITY = "prefix placed by its city"
    PLACE_FROM_REGION = "prefix placed by its region"
    SUMS_DIFFER = "paid differs from the lines"
    REVIEW_WITHOUT_ID = "review without id"
    MEASURED = "a measured amount, counted as one piece"
    ONCE_MORE = "a line exactly as one before it"


@dataclass(frozen=True, slots=True)
class SetAside:
    """One row that is not used, where it stands and why."""

    file: str
    line: int
    field: str
    reason: Reason


@dataclass(slots=True)
class Tally:
    """What reading a directory counted."""

    rows_by_file: Counter[str] = field(default_factory=Counter[str])
    set_aside: list[SetAside] = field(default_factory=list[SetAside])
    remarks: Counter[Remark] = field(default_factory=Counter[Remark])

    def put_aside(self, *, file: str, line: int, field: str, reason: Reason) -> None:
        """Record a row that will not be used."""
        self.set_aside.append(SetAside(file=file, line=line, field=field, reason=reason))

    def count_by_reason(self) -> Counter[tuple[str, Reason]]:
        """How many rows of each file were put aside, by reason."""
        return Counter((row.file, row.reason) for row in self.set_aside)
