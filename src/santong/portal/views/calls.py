"""The log of an app's calls: narrowed, turned over, opened, taken away as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse

from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.openplatform import public as openplatform
from santong.portal.rules.menu import VIEW
from santong.portal.rules.tables import cell
from santong.portal.rules.turning import cursor_of, place_of
from santong.portal.views.documents import CodeLine, code_lines
from santong.portal.views.frame import page, shown
from santong.topgateway import public as topgateway

SECTION: Final = "portal_calls"
SHOWN: Final = 50
MOST_EXPORTED: Final = 10_000
WINDOWS: Final[Mapping[str, timedelta]] = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
FIRST_WINDOW: Final = "24h"
OUTCOMES: Final[tuple[openplatform.Outcome, ...]] = ("", "good", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the log is narrowed to."""

    app: openplatform.RegisteredApp
    window: str
    wanted: openplatform.CallsWanted

    @property
    def filters(self) -> dict[str, str]:
        """The same as an address has it."""
        said = {
            "app": self.app.app_key,
            "window": self.window,
            "method": self.wanted.method,
            "outcome": self.wanted.outcome,
            "code": self.wanted.code,
            "request_id": self.wanted.request_id,
        }
        return {name: value for name, value in said.items() if value}


@page(VIEW)
def call_list(request: MerchantRequest) -> HttpResponse:
    """The latest calls, or those that were asked for."""
    asked = asked_of(request)
    if asked is None:
        return shown(request, "calls_empty", {}, section=SECTION)
    found = openplatform.calls_page(
        merchant_id=request.merchant_id,
        wanted=asked.wanted,
        before=_before(request),
        most=SHOWN + 1,
    )
    last = found[SHOWN - 1] if len(found) > SHOWN else None
    values = {
        "asked": asked,
        "apps": own_apps(request),
        "methods": [each.name for each in topgateway.described_methods()],
        "windows": WINDOWS,
        "outcomes": OUTCOMES,
        "calls": found[:SHOWN],
        "next": urlencode({**asked.filters, "cursor": cursor_of(last.at, last.id)}) if last else "",
        "export": urlencode(asked.filters),
    }
    return shown(request, "calls", values, section=SECTION)


@page(VIEW)
def call_detail(request: MerchantRequest, call_id: str) -> HttpResponse:
    """One call with its masked bodies, and what its refusal means."""
    call = openplatform.call_by_id(
        merchant_id=request.merchant_id, call_id=id_of(call_id, kind="call")
    )
    apps = {each.app_key: each for each in own_apps(request)}
    if call.app_key not in apps:
        raise NoSuch(kind="call", key=call_id)
    values = {
        "call": call,
        "app": apps[call.app_key],
        "error": error_of(call.code),
        "request_text": json.dumps(call.request, ensure_ascii=False, indent=2),
        "answer_text": json.dumps(call.answer, ensure_ascii=False, indent=2) if call.answer else "",
        "is_method": call.method in {each.name for each in topgateway.described_methods()},
    }
    return shown(request, "call", values, section=SECTION)


@page(VIEW)
def call_export(request: MerchantRequest) -> HttpResponse:
    """The same calls as a table for spreadsheets, ten thousand at most."""
    asked = asked_of(request)
    if asked is None:
        raise NoSuch(kind="app", key="")
    found = openplatform.calls_page(
        merchant_id=request.merchant_id, wanted=asked.wanted, most=MOST_EXPORTED
    )
    response = HttpResponse(_table(found), content_type="text/csv; charset=utf-8")
    name = f"calls-{asked.app.app_key}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def asked_of(request: MerchantRequest) -> Asked | None:
    """What an address asks for, with what it does not say filled in; None without any app."""
    apps = own_apps(request)
    if not apps:
        return None
    said = request.GET
    app = next((each for each in apps if each.app_key == said.get("app")), apps[-1])
    window = said.get("window", "")
    request_id = said.get("request_id", "").strip()[:64]
    if window not in WINDOWS:
        window = "30d" if request_id else FIRST_WINDOW
    now = datetime.now(UTC)
    wanted = openplatform.CallsWanted(
        app_key=app.app_key,
        since=now - WINDOWS[window],
        until=now + timedelta(minutes=1),
        method=said.get("method", "")[:100],
        outcome=next((each for each in OUTCOMES if each == said.get("outcome")), ""),
        code=said.get("code", "")[:60],
        request_id=request_id,
    )
    return Asked(app=app, window=window, wanted=wanted)


def own_apps(request: MerchantRequest) -> list[openplatform.RegisteredApp]:
    """The merchant's own apps."""
    return openplatform.registered_apps(merchant_id=request.merchant_id)


def error_of(code: str) -> CodeLine | None:
    """A refusal in words, where it is one of the router's numbers."""
    known = {str(each.code) for each in topgateway.refusals()}
    return code_lines((int(code),))[0] if code in known else None


def _before(request: MerchantRequest) -> tuple[datetime, int] | None:
    said = request.GET.get("cursor", "")
    if not said:
        return None
    found = place_of(said)
    if found is None:
        raise FieldInvalid(pointer="/query/cursor", reason="not a cursor of this list")
    return found


def _table(calls: Sequence[openplatform.Call]) -> str:
    file = io.StringIO()
    file.write("\ufeff")
    rows = csv.writer(file)
    rows.writerow(
        ["at", "method", "code", "sub_code", "milliseconds", "request_id", "address", "request"]
    )
    for call in calls:
        told: list[Any] = [
            call.at.isoformat(),
            call.method,
            call.code,
            call.sub_code,
            call.milliseconds,
            call.request_id,
            call.address,
            json.dumps(call.request, ensure_ascii=False),
        ]
        rows.writerow([cell(str(each)) for each in told])
    return file.getvalue()
