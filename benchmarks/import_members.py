"""A member base of a million from a CSV file, with cards, tiers, points by their ends, experience.

The file is drawn with a fixed seed. It is taken in by the command that operators use, in one
process, and at the end every row's member is looked up anew and compared with the ledger; then the
same file comes once more, and doubles nothing.
"""

from __future__ import annotations

import csv
import io
import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from _product import installed
from _report import Report

# Django is set up by `installed` before anything here is called.
# ruff: noqa: PLC0415

ROWS, QUICK_ROWS = 1_000_000, 3_000
COLUMNS = (
    "phone",
    "name",
    "birthday",
    "gender",
    "card_number",
    "tier",
    "points",
    "experience",
    "joined_at",
)
FAMILY = "王李张刘陈杨赵黄周吴"
GIVEN = "明华丽强芳伟静磊敏杰"


def main() -> None:
    report = Report.begin(bench="import_members", about="A member base from a file.")
    rows = QUICK_ROWS if report.is_quick else ROWS
    with installed() as cluster, tempfile.TemporaryDirectory() as folder:
        report.postgres = str(cluster.programs)
        report.note("measured", " ".join((__doc__ or "").split()))
        path = Path(folder, "members.csv")
        report.progress(f"drawing {rows:,} rows")
        points = draw(path, rows=rows)
        merchant_id = _programme()
        report.progress("taking in and proving")
        began = time.perf_counter()
        told = _run(path)
        seconds = time.perf_counter() - began
        report.figure("rows", rows)
        report.figure("import_and_proof_seconds", seconds)
        report.figure("import_and_proof_rows_per_s", rows / seconds)
        report.figure("members", _members(merchant_id), aim=f"= {rows}")
        report.figure("points_missing", points - _points(merchant_id), aim="= 0")
        report.note("told", told.replace("\n", " "))
        report.progress("the same file again")
        _run(path)
        report.figure("members_after_again", _members(merchant_id), aim=f"= {rows}")
    report.end()


def draw(path: Path, *, rows: int) -> int:
    """Write so many members into a file; how many points they have."""
    dice = random.Random(20261111)
    total = 0
    with path.open("w", newline="", encoding="utf-8") as sink:
        writer = csv.writer(sink)
        writer.writerow(COLUMNS)
        for place in range(rows):
            soon, later = dice.randrange(0, 500), dice.randrange(0, 2_000)
            total += soon + later
            writer.writerow(
                [
                    f"138{place:08}",
                    dice.choice(FAMILY) + dice.choice(GIVEN),
                    f"{dice.randrange(1950, 2008)}-{dice.randrange(1, 13):02}-15",
                    dice.choice(("女", "男", "")),
                    f"OLD{place:09}" if dice.random() < 0.7 else "",
                    dice.choices(("", "silver", "gold"), (70, 25, 5))[0],
                    f"{soon}@2098-12-31;{later}@2099-12-31",
                    dice.randrange(0, 20_000),
                    f"20{dice.randrange(10, 26)}-{dice.randrange(1, 13):02}-01",
                ]
            )
    return total


def _programme() -> int:
    from santong.kernel import cells, tenancy
    from santong.membership import public as membership
    from santong.merchants import public as merchants

    now = datetime.now(UTC)
    merchant_id = cells.register_merchant(code="bench", cell=cells.all_cells()[0])
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code="bench", name="Bench", currency="CNY", now=now
        )
        brand = merchants.create_brand(merchant_id=merchant_id, code="b", name="Brand", now=now)
        membership.open_pool(merchant_id=merchant_id, code="main", name="Points", now=now)
        membership.open_programme(
            merchant_id=merchant_id,
            code="club",
            name="Club",
            brand_id=brand.id,
            pool_code="main",
            now=now,
        )
    return merchant_id


def _run(path: Path) -> str:
    from django.core.management import call_command

    told = io.StringIO()
    call_command("import_members", str(path), "--merchant=bench", "--programme=club", stdout=told)
    return told.getvalue()


def _members(merchant_id: int) -> int:
    from santong.kernel import tenancy
    from santong.membership.models import Member

    with tenancy.scope(merchant_id=merchant_id):
        return int(Member.objects.of_merchant(merchant_id).filter(state="active").count())


def _points(merchant_id: int) -> int:
    """What the ledger has given out, by its own totals."""
    from santong.kernel import tenancy
    from santong.payments import public as payments

    with tenancy.scope(merchant_id=merchant_id):
        totals = payments.totals(merchant_id=merchant_id, asset="points:main")
    return sum(total.amount for total in totals if total.kind == "available")


if __name__ == "__main__":
    main()
