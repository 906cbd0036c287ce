"""pgbench sends the product's own claim, statement for statement: the limit for `claim`."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from _claim_batches import Ground
from _reserve_limit import Script

_SCOPE = """
\\set member random(1, 1000000000000)
\\set first random(0, {last_slot})
BEGIN;
\\startpipeline
SET LOCAL search_path TO "{schema}", public;
SET LOCAL santong.merchant_id TO '{merchant}';
SET LOCAL santong.system TO 'off';
SELECT directory.stay({merchant}, {cell});
\\endpipeline
"""


def claim_script(*, statement: str, ground: Ground, batch_id: int) -> Script:
    """The product's statement with pgbench's variables where the product has values."""
    from santong.benefits.rules.slots import SLOTS  # noqa: PLC0415  Django is set up

    constants = {
        "merchant": str(ground.merchant_id),
        "batch": str(batch_id),
        "channel": "online",
        "cause": "claim",
        "now": datetime.now(UTC).isoformat(),
        "actor": "system:system",
        "fact_name": "benefits.coupon_issued.v1",
        "fact_aggregate": "member_id/123456789012",
        "fact_body": (
            '{"coupon_id":0,"batch_id":1000,"member_id":123456789012,"channel":"online",'
            '"cause":"claim"}'
        ),
    }
    values = {name: f":{name}" for name in constants} | {
        "member": ":member",
        "first": ":first",
        "nonce": "substr(uuid_send(gen_random_uuid()), 1, 12)",
        "code_index": "uuid_send(gen_random_uuid())",
        "key": "'bench/' || gen_random_uuid()",
        "request": "''",  # pgbench knows no empty variable
    }
    sent = re.sub(r"%\((\w+)\)s", lambda found: values[found[1]], statement).replace("%%", "%")
    scope = _SCOPE.format(
        schema=ground.schema, merchant=ground.merchant_id, cell=ground.cell, last_slot=SLOTS - 1
    )
    return Script(text=f"{scope}{sent.strip()};\nCOMMIT;\n", constants=constants)
