from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement, array, texts
from santong.openplatform import contracts
from santong.openplatform.rules.log_lines import counted
from santong.openplatform.rules.masking import masked, plain_text

_LOG: Final = Statement("""
INSERT INTO openplatform_call (merchant_id, app_key, seller_id, method, at, milliseconds, code,
  sub_code, address, request_id, request, answer)
SELECT %(merchant)s::bigint, c.app_key, c.seller_id, c.method, c.at::timestamptz, c.milliseconds,
  c.code, c.sub_code, c.address, c.request_id, c.request::jsonb, c.answer::jsonb
FROM unnest(%(app_keys)s::text[], %(sellers)s::bigint[], %(methods)s::text[], %(ats)s::text[],
  %(milliseconds)s::int[], %(codes)s::text[], %(sub_codes)s::text[], %(addresses)s::text[],
  %(request_ids)s::text[], %(requests)s::text[], %(answers)s::text[])
  AS c(app_key, seller_id, method, at, milliseconds, code, sub_code, address, request_id, request,
    answer)
""")
# In the order of their unique key, so that no two processes wait for one another.
_COUNT: Final = Statement("""
INSERT INTO openplatform_callcount AS k (merchant_id, app_key, method, minute, calls, failures,
  milliseconds, slowest_milliseconds)
SELECT %(merchant)s::bigint, c.app_key, c.method, c.minute::timestamptz, c.calls, c.failures,
  c.milliseconds, c.slowest
FROM unnest(%(app_keys)s::text[], %(methods)s::text[], %(minutes)s::text[], %(calls)s::int[],
  %(failures)s::int[], %(milliseconds)s::bigint[], %(slowest)s::int[])
  WITH ORDINALITY AS c(app_key, method, minute, calls, failures, milliseconds, slowest, place)
ORDER BY c.place
ON CONFLICT (merchant_id, app_key, minute, method) DO UPDATE
SET calls = k.calls + excluded.calls, failures = k.failures + excluded.failures,
  milliseconds = k.milliseconds + excluded.milliseconds,
  slowest_milliseconds = greatest(k.slowest_milliseconds, excluded.slowest_milliseconds)
""")
# A line of the log may be lost if the server dies within the second; what a call did is not.
_UNHURRIED: Final = Statement("SELECT set_config('synchronous_commit', 'off', true) IS NULL")


@all_or_nothing
def write_calls(*, merchant_id: int, records: Sequence[contracts.CallRecord]) -> None:
    """Write calls into a tenant's log, masked, and count them. Locks the counters, in order."""
    _UNHURRIED.later({})
    _LOG.later(
        {
            "merchant": str(merchant_id),
            "app_keys": texts(each.app_key for each in records),
            "sellers": _or_null(each.seller_id for each in records),
            "methods": texts(_plain(each.method, contracts.LONGEST_METHOD) for each in records),
            "ats": texts(each.at.isoformat() for each in records),
            "milliseconds": array(each.milliseconds for each in records),
            "codes": texts(_plain(each.code, 60) for each in records),
            "sub_codes": texts(_plain(each.sub_code, 100) for each in records),
            "addresses": texts(_plain(each.address, 45) for each in records),
            "request_ids": texts(_plain(each.request_id, 64) for each in records),
            "requests": texts(_masked(each.request, each.shown) for each in records),
            "answers": texts(_masked(each.answer, each.shown) for each in records),
        }
    )
    groups = counted(records)
    _COUNT.later(
        {
            "merchant": str(merchant_id),
            "app_keys": texts(each.app_key for each in groups),
            "methods": texts(_plain(each.method, contracts.LONGEST_METHOD) for each in groups),
            "minutes": texts(each.minute.isoformat() for each in groups),
            "calls": array(each.calls for each in groups),
            "failures": array(each.failures for each in groups),
            "milliseconds": array(each.milliseconds for each in groups),
            "slowest": array(each.slowest_milliseconds for each in groups),
        }
    )


def _plain(text: str, most: int) -> str:
    return plain_text(text, most=most)


def _or_null(numbers: Iterable[int | None]) -> str:
    return "{" + ",".join("NULL" if each is None else str(each) for each in numbers) + "}"


def _masked(fields: Mapping[str, object], shown: frozenset[str]) -> str:
    return json.dumps(masked(fields=fields, shown=shown))
