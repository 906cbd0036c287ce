"""pgbench sends the product's own reservation, statement for statement: the limit for `reserve`.

The transaction has the same shape on both sides: BEGIN; what a scope sets, in one trip; the
statement of `reserve` with the fact that it tells; COMMIT. pgbench prepares the statement, as the
driver does, and gives it parameters where the product does. What the product adds is Python.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from santong_launcher.postgres import Cluster

_SCOPE = """
BEGIN;
\\startpipeline
SET LOCAL search_path TO "{schema}", public;
SET LOCAL santong.merchant_id TO '{merchant}';
SET LOCAL santong.system TO 'off';
SELECT directory.stay({merchant}, {cell});
\\endpipeline
"""
_DICE = """
\\set sku random({first_sku}, {last_sku})
\\set location random({first_location}, {last_location})
\\set line random(1, 1000000000000)
"""


@dataclass(frozen=True, slots=True)
class Stock:
    """Where the merchant's levels are: every SKU at every place, ids without gaps."""

    merchant_id: int
    schema: str
    cell: int
    first_sku: int
    last_sku: int
    first_location: int
    last_location: int

    @property
    def rows(self) -> int:
        return (self.last_sku - self.first_sku + 1) * (self.last_location - self.first_location + 1)


@dataclass(frozen=True, slots=True)
class Script:
    """What pgbench sends, and the values that are the same every time."""

    text: str
    constants: Mapping[str, str]


def reserve_script(*, statement: str, stock: Stock) -> Script:
    """The product's statement with pgbench's variables where the product has values.

    They are parameters as the product's are; a literal would be worked out once, with the plan.
    """
    now = datetime.now(UTC)
    constants = {
        "merchant": str(stock.merchant_id),
        "count": "1",
        "named": "1",
        "firm": "0",
        "state": "held",
        "expires": (now + timedelta(hours=1)).isoformat(),
        "now": now.isoformat(),
        "actor": "system:system",
        "fact_name": "inventory.stock_reserved.v1",
        "fact_body": (
            '{"holder":"bench/123456789012","expires_at":"2026-11-11T07:42:00Z","lines":'
            '[{"line_id":123456789012,"location_id":1000,"sku_id":1000,"quantity":1}]}'
        ),
    }
    holder = "'bench/' || CAST(:line AS bigint)"
    values = {name: f":{name}" for name in constants} | {
        "alone": f"'inventory/{stock.merchant_id}/' || {holder}",
        "holders": f"ARRAY[{holder}]",
        "lines": "ARRAY[:line]",
        "locations": "ARRAY[:location]",
        "skus": "ARRAY[:sku]",
        "quantities": "ARRAY[1]",
        "asked": "ARRAY[1]",
        "keys": f"ARRAY['reserve/' || {holder} || '/1']",
        "request": "''",  # pgbench knows no empty variable
        "fact_aggregate": f"'holder' || CAST(:colon AS text) || {holder}",
    }
    constants["colon"] = ":"
    sent = re.sub(r"%\((\w+)\)s", lambda found: values[found[1]], statement).strip()
    scope = _SCOPE.format(schema=stock.schema, merchant=stock.merchant_id, cell=stock.cell)
    dice = _DICE.format(
        first_sku=stock.first_sku,
        last_sku=stock.last_sku,
        first_location=stock.first_location,
        last_location=stock.last_location,
    )
    return Script(text=f"{dice}{scope}{sent};\nCOMMIT;\n", constants=constants)


def with_literals(script: Script) -> Script:
    """A stricter limit: with its values in the text, the server works them out once, with the plan.

    The product cannot send that, for its values change.
    """
    names = "|".join(script.constants)
    text = re.sub(
        rf"(?<!:):({names})\b", lambda found: _literal(script.constants[found[1]]), script.text
    )
    return Script(text=text, constants={})


def run_pgbench(
    *, cluster: Cluster, script: Script, clients: int, seconds: float, schema: str = "public"
) -> float:
    """Transactions a second.

    Statements in a pipeline are prepared before it begins, so `schema` is then where tables are.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reserve.pgbench"
        path.write_text(script.text)
        parts = conninfo_to_dict(cluster.app_url)
        finished = subprocess.run(
            [
                cluster.programs.path("pgbench"),
                *("--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=2"),
                *(f"--time={max(1, round(seconds))}", f"--file={path}"),
                *(f"--define={name}={value}" for name, value in script.constants.items()),
                *("--host", str(parts["host"]), "--port", str(parts["port"])),
                *("--username", str(parts["user"]), str(parts["dbname"])),
            ],
            env={
                "PGPASSWORD": str(parts["password"]),
                "PGOPTIONS": f"-c search_path={schema},public",
            },
            capture_output=True,
            text=True,
            check=False,
        )
    found = re.search(r"tps = ([0-9.]+)", finished.stdout)
    if finished.returncode != 0 or not found:
        raise RuntimeError(f"pgbench: {finished.stderr[-600:]}")
    return float(found[1])


def _literal(text: str) -> str:
    # Where it has a colon, pgbench would see a variable.
    return "E'" + text.replace(":", "\\x3a") + "'"
