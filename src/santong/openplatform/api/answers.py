"""Contracts as the API shows them: ids are text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from santong.openplatform import contracts
from santong.openplatform.api.shapes import Window
from santong.openplatform.selectors.calls import calls_of_app, error_rates

A_DAY = timedelta(days=1)


def app_shown(app: contracts.RegisteredApp) -> dict[str, Any]:
    return {**asdict(app), "id": str(app.id), "owner_id": str(app.owner_id)}


def authorisation_shown(given: contracts.Authorisation) -> dict[str, Any]:
    return {
        **asdict(given),
        "id": str(given.id),
        "owner_id": str(given.owner_id),
        "given_by": str(given.given_by),
        "location_ids": _texts(given.location_ids),
        "brand_ids": _texts(given.brand_ids),
    }


def calls_shown(*, merchant_id: int, app_key: str, window: Window, now: datetime) -> dict[str, Any]:
    until = window.until or now
    rows = calls_of_app(
        merchant_id=merchant_id,
        app_key=app_key,
        since=window.since or until - A_DAY,
        until=until,
        method=window.method,
        only_failures=window.only_failures,
        most=window.limit,
    )
    return {"items": [_call(row) for row in rows]}


def rates_shown(*, merchant_id: int, app_key: str, hours: int, now: datetime) -> dict[str, Any]:
    since = now - timedelta(hours=hours)
    rows = error_rates(merchant_id=merchant_id, app_key=app_key, since=since, until=now)
    return {"items": [asdict(row) for row in rows]}


def _call(row: contracts.Call) -> dict[str, Any]:
    seller = None if row.seller_id is None else str(row.seller_id)
    return {**asdict(row), "id": str(row.id), "seller_id": seller}


def _texts(ids: Iterable[int] | None) -> list[str] | None:
    return None if ids is None else [str(each) for each in ids]
