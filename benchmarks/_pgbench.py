"""pgbench with the very statements of the product: the limit that it is held against."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from santong_launcher.postgres import Cluster

# One claim of one unit as the product makes it: level, reservation and movement in one statement,
# in a transaction that sets cell and merchant first.
_SCRIPT = """
\\set level random({first}, {last})
BEGIN;
SET LOCAL search_path TO {schema}, public;
SET LOCAL santong.merchant_id TO '{merchant}';
WITH taken AS (
  UPDATE inventory_stocklevel SET allocated = allocated + 1
  WHERE id = :level AND merchant_id = {merchant} AND atp >= 1
  RETURNING location_id, sku_id
), kept AS (
  INSERT INTO inventory_reservation (merchant_id, holder, line_id, location_id, sku_id, quantity,
    state, created_at, changed_at)
  SELECT {merchant}, 'bench:' || gen_random_uuid(), 1, location_id, sku_id, 1, 'allocated', now(),
    now() FROM taken RETURNING location_id, sku_id, holder
)
INSERT INTO inventory_stockmovement (merchant_id, location_id, sku_id, kind, on_hand_delta,
  allocated_delta, reserved_delta, reason, holder, line_id, at, actor)
SELECT {merchant}, location_id, sku_id, 'reserve', 0, 1, 0, '', holder, 1, now(), 'bench'
FROM kept;
COMMIT;
"""


def reserve_limit(*, cluster: Cluster, merchant_id: int, clients: int, seconds: int) -> float:
    """Reservations a second that PostgreSQL alone reaches on this machine, spread over levels."""
    schema = "cell_main"
    with psycopg.connect(cluster.superuser_url, dbname="santong", autocommit=True) as connection:
        rows = connection.execute(
            f"SELECT min(id), max(id) FROM {schema}.inventory_stocklevel"  # noqa: S608
            f" WHERE merchant_id = {merchant_id}"
        ).fetchone()
    assert rows
    script = _SCRIPT.format(schema=schema, merchant=merchant_id, first=rows[0], last=rows[1])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reserve.sql"
        path.write_text(script)
        parts = conninfo_to_dict(cluster.app_url)
        finished = subprocess.run(
            [
                str(cluster.programs.directory / "pgbench"),
                *("-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds)),
                *("-f", str(path), "-h", parts["host"], "-p", str(parts["port"])),
                *("-U", parts["user"], parts["dbname"]),
            ],
            env={"PGPASSWORD": str(parts.get("password", ""))},
            capture_output=True,
            text=True,
            check=False,
        )
    found = re.search(r"tps = ([0-9.]+)", finished.stdout)
    if not found:
        raise RuntimeError(f"pgbench: {finished.stderr[-400:]}")
    return float(found[1])
