"""A log says of a failure what it was and where, and nothing that the failure repeats."""

from __future__ import annotations

import pytest
import structlog
from django.db import DatabaseError, connection

from santong.gateway.spi.failures import unsaid
from santong.kernel import tenancy


def test_the_words_of_the_database_are_not_told(
    merchant: int, capfd: pytest.CaptureFixture[str]
) -> None:
    number = "13800001234"
    with (
        pytest.raises(DatabaseError, match=f"{number}x") as refused,
        tenancy.scope(merchant_id=merchant),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT %s::text::bigint", [f"{number}x"])

    structlog.get_logger("test").error("failed", exc_info=unsaid(refused.value))

    logged = "".join(capfd.readouterr())
    assert "DataError from InvalidTextRepresentation 22P02" in logged
    assert "cursor.execute" in logged
    assert number not in logged
