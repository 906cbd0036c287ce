"""How contracts are written into answers, and whose request it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from santong.fulfilment import contracts
from santong.kernel.http.auth import MerchantRequest


def caller(request: MerchantRequest) -> dict[str, Any]:
    return {
        "merchant_id": request.merchant_id,
        "location_ids": request.actor.location_ids,
        "now": datetime.now(UTC),
    }


def work_out(found: contracts.FulfilmentOrder) -> dict[str, Any]:
    return {
        **asdict(found),
        "id": str(found.id),
        "order_id": str(found.order_id),
        "location_id": str(found.location_id),
        "lines": with_text_ids(found.lines, "order_line_id", "sku_id"),
        "offers": with_text_ids(found.offers, "location_id"),
        "parcels": [parcel_out(parcel) for parcel in found.parcels],
    }


def parcel_out(parcel: contracts.Parcel) -> dict[str, Any]:
    (written,) = with_text_ids([parcel], "id", "fulfilment_order_id", "order_id")
    return written


def case_out(case: contracts.ExceptionCase) -> dict[str, Any]:
    return {
        **asdict(case),
        "id": str(case.id),
        "order_id": str(case.order_id),
        "fulfilment_order_id": text(case.fulfilment_order_id),
        "location_id": text(case.location_id),
    }


def filled_out(filled: contracts.FilledRest) -> dict[str, Any]:
    return {
        "order_id": str(filled.order_id),
        "quantity_by_line": {str(line): units for line, units in filled.quantity_by_line.items()},
        "short_by_line": {str(line): units for line, units in filled.short_by_line.items()},
    }


def text(number: int | None) -> str | None:
    return None if number is None else str(number)


def with_text_ids(rows: Sequence[Any], *names: str) -> list[dict[str, Any]]:
    """Ids leave as text: they do not fit the numbers of JavaScript."""
    return [
        {**(written := asdict(row)), **{name: str(written[name]) for name in names}} for row in rows
    ]
