"""What the installation counts about itself, for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

REQUESTS = Histogram(
    "santong_http_request_seconds",
    "Time to answer a request",
    ["method", "route", "status"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
RETRIES = Counter("santong_transaction_retries_total", "Transactions run again", ["why"])
FACTS = Counter("santong_facts_total", "Facts told to subscribers", ["subscriber", "outcome"])
REFUSALS = Counter("santong_refusals_total", "Expected refusals", ["code"])
LOST_CALLS = Counter("santong_lost_calls_total", "Calls of apps that the log could not keep")
