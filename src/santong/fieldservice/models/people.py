"""Who comes, what they can do, where and when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.fieldservice import contracts
from santong.kernel.models import MerchantOwned, MerchantQuerySet


class Provider(MerchantOwned):
    """A company whose technicians come to buyers, and how fast they get about."""

    code = models.CharField(max_length=contracts.LONGEST_CODE)
    name = models.CharField(max_length=contracts.LONGEST_NAME)
    detour_percent = models.PositiveIntegerField(default=140)
    metres_per_minute = models.PositiveIntegerField(default=400)
    fixed_minutes = models.PositiveIntegerField(default=6)
    is_open = models.BooleanField(default=True)

    objects = MerchantQuerySet["Provider"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="a_service_provider_has_one_code"
            ),
            models.CheckConstraint(
                condition=Q(
                    detour_percent__gte=100, metres_per_minute__gte=1, fixed_minutes__lte=240
                ),
                name="a_service_provider_gets_about",
            ),
        ]

    @property
    def speed(self) -> contracts.Speed:
        return contracts.Speed(
            detour_percent=self.detour_percent,
            metres_per_minute=self.metres_per_minute,
            fixed_minutes=self.fixed_minutes,
        )

    def as_contract(self, *, staff_ids: tuple[int, ...] = ()) -> contracts.Provider:
        return contracts.Provider(
            id=self.id,
            code=self.code,
            name=self.name,
            speed=self.speed,
            staff_ids=staff_ids,
            is_open=self.is_open,
        )


class ProviderStaff(MerchantOwned):
    """Somebody who looks after a provider's visits, and sees no others."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    staff = models.ForeignKey("merchants.StaffUser", models.PROTECT, related_name="+")

    objects = MerchantQuerySet["ProviderStaff"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "provider", "staff"],
                name="somebody_looks_after_a_provider_once",
            ),
        ]


class Holiday(MerchantOwned):
    """A day on which nobody of a provider works."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    name = models.CharField(max_length=contracts.LONGEST_NAME)

    objects = MerchantQuerySet["Holiday"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "provider", "on"], name="a_provider_has_a_holiday_once"
            ),
        ]


class Territory(MerchantOwned):
    """Where somebody goes. `drawn` is what the cells were made from."""

    code = models.CharField(max_length=contracts.LONGEST_CODE)
    name = models.CharField(max_length=contracts.LONGEST_NAME)
    kind = models.CharField(max_length=10, choices=[(k, k) for k in contracts.TERRITORY_KINDS])
    cells = models.JSONField(default=list)
    districts = models.JSONField(default=list)
    drawn = models.TextField(default="", blank=True)

    objects = MerchantQuerySet["Territory"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="a_territory_has_one_code"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=contracts.TERRITORY_KINDS), name="a_territorys_kind_is_known"
            ),
        ]

    def as_contract(self) -> contracts.Territory:
        return contracts.Territory(
            id=self.id,
            code=self.code,
            name=self.name,
            kind=self.kind,  # type: ignore[arg-type]  # one of the words of the type
            cells=tuple(self.cells),
            districts=tuple(self.districts),
            drawn=self.drawn,
        )


class Technician(MerchantOwned):
    """Somebody who comes. Their row is locked before their time is given away."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=contracts.LONGEST_CODE)
    name = models.CharField(max_length=contracts.LONGEST_NAME)
    skills = models.JSONField(default=list)
    home_latitude = models.FloatField()
    home_longitude = models.FloatField()
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+", null=True)
    staff = models.ForeignKey(
        "merchants.StaffUser", models.PROTECT, related_name="+", null=True, db_index=False
    )
    is_working = models.BooleanField(default=True)

    objects = MerchantQuerySet["Technician"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="a_technician_has_one_code"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "staff"],
                condition=Q(staff__isnull=False),
                name="a_log_in_is_one_technician",
            ),
            models.CheckConstraint(
                condition=Q(home_latitude__range=(-90, 90), home_longitude__range=(-180, 180)),
                name="a_technician_lives_on_earth",
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "provider"], name="technicians_of_one")]

    @property
    def home(self) -> contracts.Point:
        return contracts.Point(self.home_latitude, self.home_longitude)

    def as_contract(self) -> contracts.Technician:
        return contracts.Technician(
            id=self.id,
            provider_id=self.provider_id,
            provider_code=self.provider.code,
            code=self.code,
            name=self.name,
            skills=tuple(self.skills),
            home=self.home,
            territory_id=self.territory_id,
            staff_id=self.staff_id,
            is_working=self.is_working,
        )


class WorkHours(MerchantOwned):
    """One interval of local time in which a technician works, on the days of a rule."""

    technician = models.ForeignKey(Technician, models.PROTECT, related_name="+", db_index=False)
    rule = models.CharField(max_length=200)
    begins = models.CharField(max_length=5)
    ends = models.CharField(max_length=5)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    objects = MerchantQuerySet["WorkHours"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(begins__lt=F("ends")), name="an_interval_of_work_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "technician"], name="hours_of_one")]

    def as_contract(self) -> contracts.Hours:
        return contracts.Hours(
            rule=self.rule,
            begins=self.begins,
            ends=self.ends,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )


class Leave(MerchantOwned):
    """A time in which a technician does not work."""

    technician = models.ForeignKey(Technician, models.PROTECT, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=contracts.LONGEST_REASON)

    objects = MerchantQuerySet["Leave"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="leave_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "technician"], name="leave_of_one")]

    def as_contract(self) -> contracts.Leave:
        return contracts.Leave(
            id=self.id, starts_at=self.starts_at, ends_at=self.ends_at, reason=self.reason
        )


class ServiceType(MerchantOwned):
    """What is done at the buyer's, and what it takes."""

    code = models.CharField(max_length=contracts.LONGEST_CODE)
    name = models.CharField(max_length=contracts.LONGEST_NAME)
    work_minutes = models.PositiveIntegerField()
    skills = models.JSONField(default=list)
    before_minutes = models.PositiveIntegerField(default=0)
    after_minutes = models.PositiveIntegerField(default=10)
    window_minutes = models.PositiveIntegerField(default=120)
    needs_goods_arrived = models.BooleanField(default=False)
    needs_code = models.BooleanField(default=True)
    needs_photos = models.BooleanField(default=False)
    is_preparation = models.BooleanField(default=False, db_default=False)
    notice_hours = models.PositiveIntegerField(default=2)
    free_change_hours = models.PositiveIntegerField(default=24)
    late_fee_minor = models.PositiveBigIntegerField(default=0)
    is_open = models.BooleanField(default=True)

    objects = MerchantQuerySet["ServiceType"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="a_service_type_has_one_code"
            ),
            models.CheckConstraint(
                condition=Q(
                    work_minutes__range=(5, 1440),
                    before_minutes__lte=240,
                    after_minutes__lte=240,
                    window_minutes__range=(15, 1440),
                ),
                name="a_service_type_fits_into_a_day",
            ),
        ]

    def as_contract(self) -> contracts.ServiceType:
        return contracts.ServiceType(
            id=self.id,
            code=self.code,
            name=self.name,
            work_minutes=self.work_minutes,
            skills=tuple(self.skills),
            before_minutes=self.before_minutes,
            after_minutes=self.after_minutes,
            window_minutes=self.window_minutes,
            needs_goods_arrived=self.needs_goods_arrived,
            needs_code=self.needs_code,
            needs_photos=self.needs_photos,
            is_preparation=self.is_preparation,
            notice_hours=self.notice_hours,
            free_change_hours=self.free_change_hours,
            late_fee_minor=self.late_fee_minor,
            is_open=self.is_open,
        )
