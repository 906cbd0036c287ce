"""Bind queries of a marketplace, with ten million members, at concurrency 16.

A marketplace shows a shopper the old card only if the brand answers in time. Over HTTP a query is
signed as the marketplaces sign it, and logged; it finds the telephone number, the member with card
and tier, and the points that can be spent. One in ten shoppers is a stranger. The site (two
workers), PostgreSQL (durable) and the load share this machine; the same query through the Python
API, from two processes of eight threads, stands beside it.
"""

from __future__ import annotations

import json
import random
import statistics
from datetime import UTC, datetime
from urllib.parse import urlencode

from _bind_base import SHOP, Base, build
from _bind_clients import CLIENTS, Asked, ask
from _load import Result, send_all
from _product import Site, installed, serving
from _report import Report

# Django is set up by `installed` before anything here is called.
# ruff: noqa: PLC0415

MEMBERS, QUICK_MEMBERS = 10_000_000, 20_000
LINE, APP_KEY = "tmall", "12129701"
METHOD = "tmall.mei.crm.member.bind.query"


def main() -> None:
    report = Report.begin(bench="bind", about="Bind queries of a marketplace.")
    members = QUICK_MEMBERS if report.is_quick else MEMBERS
    with installed() as cluster:
        report.postgres = str(cluster.programs)
        report.note("measured", " ".join((__doc__ or "").split()))
        # It starts before the disk is busy with what was written.
        with serving() as site:
            report.progress(f"writing {members:,} members")
            base = build(cluster=cluster, members=members)
            report.figure("members", members)
            _over_http(report, site, base, queries=400 if report.is_quick else 8_000)
        _through_python(report, base, seconds=1.0 if report.is_quick else 20.0)
    report.end()


def _over_http(report: Report, site: Site, base: Base, *, queries: int) -> None:
    report.progress("queries over HTTP")
    secret = _connect(base)
    _send(site, base, secret, queries // 4, seed=0)
    runs = [_send(site, base, secret, queries, seed=seed) for seed in (1, 2, 3)]
    rates = [len(run.milliseconds) / run.seconds for run in runs]
    report.figure("bind_query_per_s", statistics.median(rates))
    report.figure("bind_query_p50_ms_10m_members", _median(runs, 0.5))
    report.figure("bind_query_p95_ms_10m_members", _median(runs, 0.95), aim="≤ 50")
    report.figure("bind_query_p99_ms_10m_members", _median(runs, 0.99))


def _through_python(report: Report, base: Base, *, seconds: float) -> None:
    report.progress(f"{CLIENTS} clients ask through the Python API")
    ask(base, seconds=min(seconds, 5.0))
    asked = ask(base, seconds=seconds)
    report.figure("python_bind_query_per_s", len(asked.milliseconds) / seconds)
    report.figure("python_bind_query_p95_ms", _percentile(asked, 0.95))
    report.note("answers", ", ".join(f"{k}: {n:,}" for k, n in sorted(asked.kinds.items())))


def _connect(base: Base) -> str:
    """A line to a marketplace; its secret."""
    from santong.gateway.contracts import NewConnection
    from santong.gateway.services.create_connection import create_connection
    from santong.kernel import tenancy

    with tenancy.scope(merchant_id=base.merchant_id):
        _, secret = create_connection(
            merchant_id=base.merchant_id,
            wanted=NewConnection(
                code=LINE, name="Tmall", kind="marketplace", app_key=APP_KEY, storefront_code=SHOP
            ),
            now=datetime.now(UTC),
        )
    return secret.secret


def _send(site: Site, base: Base, secret: str, queries: int, *, seed: int) -> Result:
    dice = random.Random(seed)
    places = [dice.randrange(base.members * 10 // 9) for _ in range(queries)]
    requests = [_request(base, secret, place) for place in places]
    result = send_all(port=site.port, requests=requests, connections=CLIENTS)
    if result.count_by_status != {200: queries}:
        raise SystemExit(f"{result.count_by_status}")
    strangers = sum(place >= base.members for place in places)
    found = result.count_by_mark
    if found != {"bindable": queries - strangers, "E04": strangers}:
        raise SystemExit(f"{strangers} strangers of {queries}, but answers were {found}")
    return result


def _request(base: Base, secret: str, place: int) -> bytes:
    from santong.kernel.signing import CHINA, TIMESTAMP, spi_sign

    body = json.dumps({"seller_name": "Flagship", "mobile": base.phone(place)}).encode()
    params = {
        "method": METHOD,
        "app_key": APP_KEY,
        "timestamp": datetime.now(CHINA).strftime(TIMESTAMP),
        "v": "1.0",
        "format": "json",
        "sign_method": "md5",
    }
    params["sign"] = spi_sign(secret=secret, params=params, headers={}, body=body)
    head = (
        f"POST /spi/members/{base.merchant_code}/{LINE}?{urlencode(params)} HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\nContent-Type: application/json;charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _median(runs: list[Result], share: float) -> float:
    return statistics.median(run.percentile(share) for run in runs)


def _percentile(asked: Asked, share: float) -> float:
    ordered = sorted(asked.milliseconds)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


if __name__ == "__main__":
    main()
