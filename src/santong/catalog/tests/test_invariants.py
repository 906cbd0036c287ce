"""What `doctor` finds in a catalogue."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from santong.catalog import public as catalog
from santong.catalog.models import Barcode
from santong.catalog.tests.factories import make_sku


def test_a_healthy_catalogue_has_no_findings(merchant_id: int) -> None:
    make_sku(merchant_id=merchant_id, barcodes=["4006381333931", "AB-1", "036000291452"])

    assert catalog.check_invariants(merchant_id=merchant_id) == []


def test_damaged_barcodes_are_found(merchant_id: int) -> None:
    make_sku(merchant_id=merchant_id, barcodes=["4006381333931", "036000291452"])
    rows = Barcode.objects.of_merchant(merchant_id)
    rows.filter(printed="4006381333931").update(printed="4006381333930")
    rows.filter(printed="036000291452").update(kind="in_store")

    found = catalog.check_invariants(merchant_id=merchant_id)

    assert sorted(finding.rule for finding in found) == [
        "a barcode can be scanned",
        "a barcode is kept in its normal form",
    ]


def test_the_database_keeps_gtins_with_14_digits(merchant_id: int) -> None:
    make_sku(merchant_id=merchant_id, barcodes=["4006381333931"])

    with pytest.raises(IntegrityError, match="14_digits"), transaction.atomic():
        Barcode.objects.of_merchant(merchant_id).update(value="4006381333931")
