"""The doctor says what is not wrong yet, and is content."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from io import StringIO

from django.core.management import call_command

from santong.clocks.tests.factories import make_clock, make_policy
from santong.kernel import tenancy
from santong.merchants import public as merchants


def test_a_year_that_nobody_told_is_a_warning(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_policy(merchant_id=merchant)
        make_clock(merchant_id=merchant, now=datetime(2031, 3, 3, tzinfo=UTC))
        code = merchants.merchant(merchant_id=merchant).code
    said = StringIO()

    # What other tests have left in the cell is wrong there, and nothing of this merchant's.
    with suppress(SystemExit):
        call_command("doctor", "--merchant", code, stdout=said)

    lines = said.getvalue().splitlines()
    warnings = [line for line in lines if line.startswith(f"! main {code}")]
    told = "calendars need a year that nobody has told: CN 2031"
    assert any(told in line for line in warnings)
    assert [line for line in lines if line.startswith(f"✗ main {code}")] == []
