"""The doctor says what is not wrong yet, and is content."""

from __future__ import annotations

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

    call_command("doctor", "--merchant", code, stdout=said)

    assert "! main" in said.getvalue()
    assert "calendars need a year that nobody has told: CN 2031" in said.getvalue()
    assert "✓ Every invariant holds: 1 merchants" in said.getvalue()
