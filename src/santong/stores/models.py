"""Places that hold stock."""

from __future__ import annotations

from django.db import connection, models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.stores import contracts
from santong.stores.rules.hours import normal_hours
from santong.stores.rules.rows import GoodRow

_AS_GIVEN = (
    "name",
    "kind",
    "country",
    "province",
    "city",
    "district",
    "address",
    "timezone",
    "daily_capacity",
    "can_ship",
    "can_pickup",
    "can_courier",
    "accepts_returns",
    "serves_radius_metres",
    "parcel_cost_minor",
    "handling_cost_minor",
    "accept_rate_ppm",
    "is_open",
)
# What of a place can change; its code cannot.
LOCATION_FIELDS = (*_AS_GIVEN, "hours", "latitude", "longitude", "brand_id", "dealer_id")


class LocationQuerySet(MerchantQuerySet["Location"]):
    """Places."""


class Location(MerchantOwned):
    """A place that holds stock (库存地点): a store or a warehouse."""

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=[("store", "store"), ("warehouse", "warehouse")])
    brand = models.ForeignKey("merchants.Brand", models.PROTECT, related_name="+", null=True)
    dealer = models.ForeignKey("merchants.Dealer", models.PROTECT, related_name="+", null=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    country = models.CharField(max_length=2, default="CN")
    province = models.CharField(max_length=60, default="", blank=True)
    city = models.CharField(max_length=60, default="", blank=True)
    district = models.CharField(max_length=60, default="", blank=True)
    address = models.CharField(max_length=200, default="", blank=True)
    timezone = models.CharField(max_length=40, default="Asia/Shanghai")
    hours = models.JSONField(null=True)
    daily_capacity = models.PositiveIntegerField(null=True)
    can_ship = models.BooleanField(default=True)
    can_pickup = models.BooleanField(default=True)
    can_courier = models.BooleanField(default=False)
    accepts_returns = models.BooleanField(default=True)
    serves_radius_metres = models.PositiveIntegerField(null=True)
    parcel_cost_minor = models.PositiveIntegerField(default=0)
    handling_cost_minor = models.PositiveIntegerField(default=0)
    accept_rate_ppm = models.PositiveIntegerField(default=1_000_000)
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = LocationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "code"], name="one_location_per_code"),
            # What a key of (merchant, location) points at: nobody can name another's place.
            models.UniqueConstraint(
                fields=["merchant_id", "id"], name="a_location_belongs_to_its_merchant"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="a_location_has_a_code"),
            models.CheckConstraint(
                condition=Q(kind__in=["store", "warehouse"]), name="a_location_has_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(latitude__gte=-90, latitude__lte=90),
                name="a_latitude_is_between_the_poles",
            ),
            models.CheckConstraint(
                condition=Q(longitude__gte=-180, longitude__lte=180),
                name="a_longitude_is_between_the_date_lines",
            ),
            models.CheckConstraint(
                condition=Q(accept_rate_ppm__lte=1_000_000), name="an_accept_rate_is_a_share"
            ),
        ]

    def become(self, good: GoodRow, *, brand_id: int | None, dealer_id: int | None) -> None:
        """Take over what a checked row says."""
        for field in _AS_GIVEN:
            setattr(self, field, getattr(good.row, field))
        self.hours = _stored(good.row.hours)
        self.latitude, self.longitude = good.latitude, good.longitude
        self.brand_id, self.dealer_id = brand_id, dealer_id

    def as_contract(self) -> contracts.Location:
        return contracts.Location(
            id=self.id,
            code=self.code,
            name=self.name,
            kind="store" if self.kind == "store" else "warehouse",
            brand_id=self.brand_id,
            dealer_id=self.dealer_id,
            latitude=self.latitude,
            longitude=self.longitude,
            country=self.country,
            province=self.province,
            city=self.city,
            district=self.district,
            address=self.address,
            timezone=self.timezone,
            hours=normal_hours(self.hours),
            daily_capacity=self.daily_capacity,
            can_ship=self.can_ship,
            can_pickup=self.can_pickup,
            can_courier=self.can_courier,
            accepts_returns=self.accepts_returns,
            serves_radius_metres=self.serves_radius_metres,
            parcel_cost_minor=self.parcel_cost_minor,
            handling_cost_minor=self.handling_cost_minor,
            accept_rate_ppm=self.accept_rate_ppm,
            is_open=self.is_open,
            version=self.version,
        )


class MapVersionQuerySet(MerchantQuerySet["MapVersion"]):
    """Versions of maps."""

    def take(self, *, merchant_id: int) -> None:
        """Raise a merchant's version, and keep others from changing its places until the commit."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO stores_mapversion AS kept (merchant_id, version) VALUES (%s, 1)"
                " ON CONFLICT (merchant_id) DO UPDATE SET version = kept.version + 1",
                [merchant_id],
            )


class MapVersion(MerchantOwned):
    """How often a merchant's places have changed: what tells a kept map that it is old.

    Every change of a place takes this row first, so changes of one merchant's places follow one
    another.
    """

    version = models.BigIntegerField(default=1)

    objects = MapVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id"], name="one_map_per_merchant"),
        ]


def _stored(hours: contracts.Hours | None) -> dict[str, list[list[str]]] | None:
    """Hours as JSON gives them back, so that equal ones are equal."""
    if hours is None:
        return None
    return {day: [list(interval) for interval in intervals] for day, intervals in hours.items()}
