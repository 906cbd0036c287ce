"""Bind queries of a marketplace, with ten million members, at concurrency 16.

A marketplace shows a shopper the old card only if the brand answers in time: the query finds the
telephone number, the member with the card and tier, and the points that can be spent.
"""

from __future__ import annotations

from _bind_base import build
from _bind_clients import CLIENTS, Asked, ask
from _product import installed
from _report import Report

QUICK_MEMBERS = 20_000
MEMBERS = 10_000_000


def main() -> None:
    report = Report.begin(bench="bind", about="Bind queries of a marketplace.")
    members = QUICK_MEMBERS if report.is_quick else MEMBERS
    seconds = 1.0 if report.is_quick else 20.0
    with installed() as cluster:
        report.postgres = str(cluster.programs)
        report.note("measured", " ".join((__doc__ or "").split()))
        report.progress(f"writing {members:,} members")
        base = build(cluster=cluster, members=members)
        report.figure("members", members)
        report.progress(f"{CLIENTS} clients ask")
        ask(base, seconds=min(seconds, 5.0))
        asked = ask(base, seconds=seconds)
        report.figure("bind_query_service_per_s", len(asked.milliseconds) / seconds)
        for share, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99")):
            report.figure(f"bind_query_service_{name}_ms", _percentile(asked, share))
        report.note("answers", ", ".join(f"{k}: {n:,}" for k, n in sorted(asked.kinds.items())))
    report.end()


def _percentile(asked: Asked, share: float) -> float:
    ordered = sorted(asked.milliseconds)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


if __name__ == "__main__":
    main()
