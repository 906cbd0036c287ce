"""Signed calls to the router that read one row, beside a handler that does nothing.

A client of the open platform asks what one store has of one SKU (`storeinventory.itemquery`),
signed with HMAC-SHA256, with its session, as a form, 16 at a time, from 1, 10 and 100 applications
in turn. Each call is checked, limited and logged. The bare handler answers a constant 200 through
the same lean handler of Django, without middleware, on the same server (granian, two workers) in
the same run; the bare WSGI function does not even meet Django. The site, PostgreSQL (durable) and
the load share this machine.
"""

from __future__ import annotations

import json
import statistics
from datetime import UTC, datetime
from urllib.parse import urlencode

from _gateway_apps import SKU, STORE, Client, make_clients
from _load import Result, send_all
from _product import Site, installed, serving
from _report import Report

# Django is set up by `installed` before anything here is called.
# ruff: noqa: PLC0415

SERVER = "_gateway_server:application"
METHOD, TIME = "taobao.qimen.storeinventory.itemquery", "taobao.time.get"
CONNECTIONS = 16
APPS = (1, 10, 100)


def main() -> None:
    report = Report.begin(bench="gateway", about="Signed calls that read one row.")
    calls, rounds = (300, 1) if report.is_quick else (6_000, 5)
    with installed() as cluster:
        report.postgres = str(cluster.programs)
        report.note("measured", " ".join((__doc__ or "").split()))
        clients = make_clients(many=max(APPS))
        with serving(application=SERVER) as site:
            _measure(report, site, clients, calls=calls, rounds=rounds)
    report.end()


def _measure(report: Report, site: Site, clients: list[Client], *, calls: int, rounds: int) -> None:
    """In turns, so that what else the machine does meets all of them alike."""
    runs: dict[str, list[Result]] = {}
    for warm_up in (True, *[False] * rounds):
        report.progress("warming up" if warm_up else "measuring")
        for name, requests in _kinds(clients, calls):
            run = send_all(port=site.port, requests=requests, connections=CONNECTIONS)
            _check(name, run, calls)
            if not warm_up:
                runs.setdefault(name, []).append(run)
    bare = _per_second(runs["bare"])
    report.figure("bare_wsgi_per_s", _per_second(runs["wsgi"]))
    report.figure("bare_handler_per_s", bare)
    for apps in APPS:
        found = runs[f"signed_{apps}"]
        report.figure(f"signed_reads_per_s_{apps}_apps", _per_second(found))
        report.figure(f"p99_ms_{apps}_apps", statistics.median(r.percentile(0.99) for r in found))
    signed = _per_second(runs[f"signed_{APPS[0]}"])
    report.figure("signed_calls_without_a_row_per_s", _per_second(runs["time"]))
    report.figure("signed_reads_per_s", signed)
    report.figure("p99_ms", statistics.median(r.percentile(0.99) for r in runs["signed_1"]))
    report.figure("ratio_to_bare", signed / bare, aim="≥ 0.5")


def _kinds(clients: list[Client], calls: int) -> list[tuple[str, list[bytes]]]:
    head = "POST /{} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n"
    kinds = [(name, [head.format(name).encode()] * calls) for name in ("wsgi", "bare")]
    kinds.append(("time", [_signed(clients[0], TIME, {})] * calls))
    shelf = [{"warehouse_id": STORE, "store_inventories": [{"outer_id": SKU}]}]
    asked = {"stores": json.dumps(shelf)}
    for apps in APPS:
        signed = [
            _signed(client, METHOD, {**asked, "session": client.session})
            for client in clients[:apps]
        ]
        kinds.append((f"signed_{apps}", [signed[place % apps] for place in range(calls)]))
    return kinds


def _signed(client: Client, method: str, asked: dict[str, str]) -> bytes:
    """As a client sends it; a read may be sent again within ten minutes."""
    from santong.kernel.signing import timestamp_of, top_sign

    params = {
        "method": method,
        "app_key": client.app_key,
        **asked,
        "timestamp": timestamp_of(now=datetime.now(UTC)),
        "v": "2.0",
        "format": "json",
        "sign_method": "hmac-sha256",
    }
    params["sign"] = top_sign(method="hmac-sha256", secret=client.secret, params=params)
    body = urlencode(params).encode()
    head = (
        "POST /router/rest HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Content-Type: application/x-www-form-urlencoded;charset=UTF-8\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _check(name: str, run: Result, calls: int) -> None:
    if run.count_by_status != {200: calls}:
        raise SystemExit(f"{name}: {run.count_by_status}")
    wanted = {"on_hand": calls} if name.startswith("signed") else {}
    if run.count_by_mark != wanted:
        raise SystemExit(f"{name}: answers were {run.count_by_mark}")


def _per_second(runs: list[Result]) -> float:
    return statistics.median(len(run.milliseconds) / run.seconds for run in runs)


if __name__ == "__main__":
    main()
