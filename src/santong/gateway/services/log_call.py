"""The call log: appended to, on the way of whatever is sent next."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from santong.gateway.contracts import CallMade
from santong.gateway.rules.masking import masked, shown_code
from santong.kernel import tenancy
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement

LONGEST_METHOD: Final = 100
LONGEST_ANSWER_CODE: Final = 60

_APPEND = Statement("""
INSERT INTO gateway_call (merchant_id, connection_id, direction, method, at, milliseconds, outcome,
  code, request, answer, request_id)
VALUES (%(merchant)s::bigint, %(connection)s::bigint, %(direction)s, %(method)s,
  %(now)s::timestamptz, %(milliseconds)s::int, %(outcome)s, %(code)s, %(request)s::jsonb,
  %(answer)s::jsonb, %(request_id)s)
""")
# A question changes nothing. If the server dies within the second, its line of the log may be lost.
_UNHURRIED = Statement("SELECT set_config('synchronous_commit', 'off', true) IS NULL")


@all_or_nothing
def log_call(*, merchant_id: int, call: CallMade, now: datetime) -> None:
    """Append a call with masked bodies; it goes with the next statement or with the commit."""
    _APPEND.later(
        {
            "merchant": str(merchant_id),
            "connection": str(call.connection_id),
            "direction": call.direction,
            "method": _plain(call.method)[:LONGEST_METHOD],
            "now": now.isoformat(),
            "milliseconds": str(call.milliseconds),
            "outcome": call.outcome,
            "code": shown_code(code=_plain(call.code)[:LONGEST_ANSWER_CODE]),
            "request": json.dumps(masked(fields=call.request)),
            "answer": json.dumps(masked(fields=call.answer)),
            "request_id": tenancy.current().request_id,
        }
    )


def commit_unhurried() -> None:
    """Let the open transaction, which only asked, commit without waiting for the disk."""
    _UNHURRIED.later({})


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)
