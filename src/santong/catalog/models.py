"""Styles, SKUs and the barcodes printed on them."""

from __future__ import annotations

from django.db import connection, models
from django.db.models import Q

from santong.catalog import contracts
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class StyleQuerySet(MerchantQuerySet["Style"]):
    """Styles."""


class Style(MerchantOwned):
    """One design (款) in all its colours and sizes."""

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    brand = models.ForeignKey("merchants.Brand", models.PROTECT, related_name="+", null=True)
    category = models.CharField(max_length=200, default="", blank=True)
    season = models.CharField(max_length=40, default="", blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = StyleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "code"], name="one_style_per_code"),
            models.CheckConstraint(condition=~Q(code=""), name="a_style_has_a_code"),
        ]

    def as_contract(self) -> contracts.Style:
        return contracts.Style(
            id=self.id,
            code=self.code,
            name=self.name,
            brand_id=self.brand_id,
            category=self.category,
            season=self.season,
        )


class SkuQuerySet(MerchantQuerySet["Sku"]):
    """SKUs."""


class Sku(MerchantOwned):
    """What is stocked and sold: one style in one colour and size."""

    style = models.ForeignKey(Style, models.PROTECT, related_name="skus")
    code = models.CharField(max_length=60)
    colour = models.CharField(max_length=60, default="", blank=True)
    size = models.CharField(max_length=40, default="", blank=True)
    weight_grams = models.PositiveIntegerField(default=0)
    length_mm = models.PositiveIntegerField(default=0)
    width_mm = models.PositiveIntegerField(default=0)
    height_mm = models.PositiveIntegerField(default=0)
    list_price_minor = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    is_sellable = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = SkuQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "code"], name="one_sku_per_code"),
            models.CheckConstraint(condition=~Q(code=""), name="a_sku_has_a_code"),
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$"), name="a_list_price_has_a_currency"
            ),
        ]
        indexes = [
            # The unique index follows the collation and cannot serve LIKE 'AB%'.
            models.Index(
                fields=["merchant_id", "code"],
                opclasses=["int8_ops", "varchar_pattern_ops"],
                name="sku_by_code_prefix",
            ),
        ]


class BarcodeQuerySet(MerchantQuerySet["Barcode"]):
    """Barcodes."""


class Barcode(MerchantOwned):
    """A code that a scanner reads and that means one SKU.

    `value` is the normal form, in which two ways of writing the same number are equal; `printed`
    is what stands on the goods.
    """

    sku = models.ForeignKey(Sku, models.PROTECT, related_name="barcodes")
    value = models.CharField(max_length=48)
    printed = models.CharField(max_length=48)
    kind = models.CharField(
        max_length=10,
        choices=[("gtin", "GTIN"), ("in_store", "in-store"), ("internal", "internal")],
    )

    objects = BarcodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "value"], name="one_sku_per_barcode"),
            models.CheckConstraint(
                condition=Q(kind="internal") | Q(value__regex="^[0-9]{14}$"),
                name="a_gtin_is_kept_with_14_digits",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["gtin", "in_store", "internal"]), name="a_barcode_has_a_kind"
            ),
        ]


class CatalogueVersionQuerySet(MerchantQuerySet["CatalogueVersion"]):
    """Versions of catalogues."""

    def take(self, *, merchant_id: int) -> None:
        """Raise a merchant's version, and keep others from changing its SKUs until the commit."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO catalog_catalogueversion AS kept (merchant_id, version)"
                " VALUES (%s, 1)"
                " ON CONFLICT (merchant_id) DO UPDATE SET version = kept.version + 1",
                [merchant_id],
            )


class CatalogueVersion(MerchantOwned):
    """How often a merchant's SKUs have changed: what tells a process that it remembers old ones.

    Every change of a SKU takes this row first, so changes of a merchant's SKUs follow one another.
    """

    version = models.BigIntegerField(default=1)

    objects = CatalogueVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id"], name="one_version_per_catalogue"),
        ]
