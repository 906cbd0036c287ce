"""Calendars in versions, and years of regions that somebody has told us."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from pydantic import TypeAdapter

from santong.clocks import contracts
from santong.kernel.models import MerchantOwned, MerchantQuerySet

TERMS: TypeAdapter[contracts.Terms] = TypeAdapter(contracts.Terms)


class CalendarYear(MerchantOwned):
    """The holidays of a region's year as they were told once; the newest version holds."""

    append_only = True

    region = models.CharField(max_length=contracts.LONGEST_REGION)
    year = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    source = models.CharField(
        max_length=10, choices=[(source, source) for source in contracts.YEAR_SOURCES]
    )
    content_hash = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    objects = MerchantQuerySet["CalendarYear"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "region", "year", "version"],
                name="a_year_of_a_region_has_each_version_once",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=contracts.FIRST_YEAR, year__lte=contracts.LAST_YEAR),
                name="a_known_year_is_one_of_ours",
            ),
        ]


class CalendarDay(MerchantOwned):
    """A day of a known year on which the region does not work as its weekday says."""

    append_only = True

    year = models.ForeignKey(CalendarYear, models.PROTECT, related_name="days", db_index=False)
    on = models.DateField()
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in contracts.DAY_KINDS])
    name = models.CharField(max_length=contracts.LONGEST_NAME, default="", blank=True)

    objects = MerchantQuerySet["CalendarDay"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "year", "on"], name="a_day_differs_in_one_way"
            ),
        ]

    def as_contract(self) -> contracts.DifferentDay:
        kind = contracts.DAY_KINDS[contracts.DAY_KINDS.index(self.kind)]
        return contracts.DifferentDay(on=self.on, kind=kind, name=self.name)


class Calendar(MerchantOwned):
    """A calendar by name; what it says is in its versions, the newest of which holds."""

    code = models.CharField(max_length=contracts.LONGEST_CODE)
    name = models.CharField(max_length=contracts.LONGEST_NAME)
    version = models.PositiveIntegerField(default=0)

    objects = MerchantQuerySet["Calendar"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "code"], name="a_calendar_has_its_code"),
        ]


class CalendarVersion(MerchantOwned):
    """What a calendar said from an instant on: its terms, and the years that it knew."""

    append_only = True

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    terms = models.JSONField()
    region = models.CharField(max_length=contracts.LONGEST_REGION, default="", blank=True)
    year_ids = models.JSONField(default=list)
    holds_from = models.DateTimeField()

    objects = MerchantQuerySet["CalendarVersion"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "calendar", "version"],
                name="a_calendar_has_each_version_once",
            ),
        ]

    def as_terms(self) -> contracts.Terms:
        return TERMS.validate_python(self.terms)
