"""pgbench sends the product's own spend, statement for statement: the limit for the ledger.

The transaction has the same shape on both sides: in one trip BEGIN, what a scope sets, the lock of
the account and the posting statement; in another COMMIT. pgbench prepares the statements, as the
driver does, and gives them parameters where the product does. What the product adds is Python.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from _ledger_accounts import ASSET, Members
from _reserve_limit import Script

_TRIPS = """
\\set member random({first}, {last})
\\set number random(1, 1000000000000000)
\\startpipeline
BEGIN;
SET LOCAL search_path TO "{schema}", public;
SET LOCAL santong.merchant_id TO '{merchant}';
SET LOCAL santong.system TO 'off';
SELECT directory.stay({merchant}, {cell});
{lock};
{post};
\\endpipeline
COMMIT;
"""


def spend_script(*, lock: str, post: str, members: Members) -> Script:
    """The product's statements with pgbench's variables where the product has values."""
    now = datetime.now(UTC)
    constants = {
        "merchant": str(members.merchant_id),
        "source": "bench",
        "count": "2",
        "now": now.isoformat(),
        "actor": "system:system",
        "asset": ASSET,
        "hash": "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4",
        "available": "available",
        "redeemed": "redeemed",
        "brand": "brand:1",
        "prefix": "member:",
    }
    owner = "CAST(:prefix AS text) || CAST(:member AS bigint)"
    both = {"assets": "ARRAY[:asset, :asset]"}
    owners = f"ARRAY[{owner}, CAST(:brand AS text)]"
    kinds = "ARRAY[CAST(:available AS text), CAST(:redeemed AS text)]"
    values = {name: f":{name}" for name in constants} | both
    in_lock = values | {"kinds": kinds, "owners": owners}
    in_post = values | {
        "keys": "ARRAY['bench/' || CAST(:number AS bigint)]",
        "hashes": "ARRAY[:hash]",
        "kinds": "ARRAY['burn']",
        "references": "ARRAY['']",
        "reasons": "ARRAY['']",
        "occurred": "ARRAY[:now]",
        "txn_places": "ARRAY[1, 1]",
        "account_kinds": kinds,
        "owners": owners,
        "amounts": "ARRAY[-1, 1]",
        "expiries": "ARRAY[NULL, NULL]",
        "lots_of": "ARRAY[NULL, NULL]",
    }
    text = _TRIPS.format(
        first=members.first,
        last=members.last,
        schema=members.schema,
        merchant=members.merchant_id,
        cell=members.cell,
        lock=sent(lock, in_lock),
        post=sent(post, in_post),
    )
    return Script(text=text, constants=constants)


def sent(statement: str, values: Mapping[str, str]) -> str:
    """A statement of the product with other values in its places."""
    return re.sub(r"%\((\w+)\)s", lambda found: values[found[1]], statement).strip()
