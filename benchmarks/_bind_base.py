"""A base of members as a big brand has it, written straight into the tables by their owner.

What a bind query reads is there for everybody: the person with a telephone number, the member, the
card, the account with its lot. What it does not read (postings, attributions) is left out.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from psycopg import sql

from santong_launcher.postgres import Cluster

# Django is set up by the benchmark before anything here is called.
# ruff: noqa: PLC0415

FIRST = 1_000_000
AT_ONCE = 50_000
SHOP = "flagship"
_FILL = {
    "customers_person": """
INSERT INTO customers_person (id, merchant_id, state, current_id, key_sealed, profile_sealed,
  source, created_at)
SELECT g, %(merchant)s, 'active', g, %(key)s, '', 'bench', now()
FROM generate_series(%(first)s, %(last)s) g
""",
    "customers_identity": """
INSERT INTO customers_identity (id, merchant_id, person_id, kind, scope, blind_index, value_sealed,
  joins, source, first_seen_at, last_seen_at, ended_why)
SELECT id, %(merchant)s, id, 'phone', '', blind_index, %(value)s, true, 'bench', now(), now(), ''
FROM numbered
""",
    "membership_member": """
INSERT INTO membership_member (id, merchant_id, number, person_id, state, joined_at, joined_by,
  changed_at)
SELECT g, %(merchant)s, 'B' || g, g, 'active', now(), 'import', now()
FROM generate_series(%(first)s, %(last)s) g
""",
    "membership_card": """
INSERT INTO membership_card (id, merchant_id, member_id, programme_id, number, tier, state,
  opened_at, last_active_at)
SELECT g, %(merchant)s, g, %(programme)s, '8' || lpad(g::text, 11, '0'), 'gold', 'active', now(),
  now()
FROM generate_series(%(first)s, %(last)s) g
""",
    "payments_account": """
INSERT INTO payments_account (id, merchant_id, asset_id, kind, owner, kept_as, posted, held)
SELECT g, %(merchant)s, %(asset)s, 'available', 'member:' || g, 'lots', 100, 0
FROM generate_series(%(first)s, %(last)s) g
""",
    "payments_lot": """
INSERT INTO payments_lot (id, merchant_id, asset_id, account_id, txn_id, amount, rest, held,
  expires_at)
SELECT g, %(merchant)s, %(asset)s, g, 1, 100, 100, 0, now() + interval '1 year'
FROM generate_series(%(first)s, %(last)s) g
""",
}


@dataclass(frozen=True, slots=True)
class Base:
    """A merchant with so many members, each with a telephone number of their own."""

    merchant_id: int
    merchant_code: str
    members: int

    def phone(self, place: int) -> str:
        """The number of one member; from `members` on, of nobody."""
        return f"139{place:08}"


def build(*, cluster: Cluster, members: int) -> Base:
    """A brand with a programme and a shop, and the members."""
    from santong.kernel import cells, tenancy
    from santong.membership import public as membership
    from santong.merchants import public as merchants

    now = datetime.now(UTC)
    cell = cells.all_cells()[0]
    merchant_id = cells.register_merchant(code="bench", cell=cell)
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code="bench", name="Bench", currency="CNY", now=now
        )
        brand = merchants.create_brand(merchant_id=merchant_id, code="b", name="Brand", now=now)
        merchants.create_storefront(
            merchant_id=merchant_id,
            code=SHOP,
            name="Flagship",
            channel="marketplace",
            brand_id=brand.id,
            now=now,
        )
        pool = membership.open_pool(merchant_id=merchant_id, code="main", name="Points", now=now)
        programme = membership.open_programme(
            merchant_id=merchant_id,
            code="club",
            name="Club",
            brand_id=brand.id,
            pool_code=pool.code,
            now=now,
        )
    base = Base(merchant_id, "bench", members)
    with psycopg.connect(cluster.owner_url, autocommit=True) as owner:
        owner.execute(
            "SELECT set_config('search_path', %s, false),"
            " set_config('santong.merchant_id', %s, false),"
            " set_config('maintenance_work_mem', '1GB', false)",
            [f'"{cell.schema}", public', str(merchant_id)],
        )
        ((asset_id,),) = owner.execute(
            "SELECT id FROM payments_asset WHERE code = %s", [pool.points_asset]
        )
        values = {
            "merchant": merchant_id,
            "programme": programme.id,
            "asset": asset_id,
            "key": b"\0" * 61,
            "value": b"\0" * 42,
            "first": FIRST,
            "last": FIRST + members - 1,
        }
        _hash_numbers(owner, base)
        for table, fill in _FILL.items():
            again = _bare(owner, table)
            owner.execute(fill, values)
            for statement in again:
                owner.execute(statement)
            owner.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
    return base


def _bare(owner: psycopg.Connection, table: str) -> list[sql.SQL]:
    """Take everything off a table that slows filling; give the statements that put it back."""
    constraints = owner.execute(
        "SELECT conname, pg_get_constraintdef(oid), contype IN ('f', 'c') FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype IN ('c', 'f', 'u') ORDER BY conname",
        [table],
    ).fetchall()
    again = []
    for name, definition, can_wait in constraints:
        owner.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        later = " NOT VALID" if can_wait else ""
        again.append(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}{later}')
    indexes = owner.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT indisprimary",
        [table],
    ).fetchall()
    for name, definition in indexes:
        owner.execute(f"DROP INDEX {name}")
        again.append(definition)
    return again


def _hash_numbers(owner: psycopg.Connection, base: Base) -> None:
    """Each number as it is found. Tables of merchants take no COPY, one on the side does."""
    owner.execute("CREATE TEMP TABLE numbered (id bigint, blind_index bytea)")
    with owner.cursor() as cursor, cursor.copy("COPY numbered FROM STDIN") as copy:
        for block in _numbered(base):
            copy.write(block)


def _numbered(base: Base) -> Iterator[str]:
    """Some megabytes at a time."""
    from santong.customers import public as customers
    from santong.customers.selectors.sealing import blind_index
    from santong.kernel import tenancy

    with tenancy.scope(merchant_id=base.merchant_id):
        # The merchant's key is read once, and remembered.
        blind_index(merchant_id=base.merchant_id, identifier=customers.Identifier("phone", "+1"))
    for start in range(0, base.members, AT_ONCE):
        block = io.StringIO()
        for place in range(start, min(start + AT_ONCE, base.members)):
            number = customers.Identifier("phone", f"+86{base.phone(place)}")
            index = blind_index(merchant_id=base.merchant_id, identifier=number).hex()
            block.write(f"{FIRST + place}\t\\\\x{index}\n")
        yield block.getvalue()
