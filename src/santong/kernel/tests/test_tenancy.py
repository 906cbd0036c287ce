"""What PostgreSQL lets one merchant's work see and do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from santong.kernel import cells, tenancy
from santong.kernel.models import DataKey


def test_a_merchant_sees_its_own_row(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        assert DataKey.objects.count() == 1
