"""Apps in their developer's tenant: what they are, what they sign with, how much they may call."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.openplatform import contracts
from santong.openplatform.contracts import APP_STATES, PERSONAL_DATA, AppState, PersonalData


def secret_place(*, app_id: int, number: int) -> str:
    """What binds a sealed secret to its app."""
    return f"openplatform.app:{app_id}:secret:{number}"


class App(MerchantOwned):
    """A program of a developer that calls us, and asks merchants to let it."""

    app_key = models.CharField(max_length=contracts.LONGEST_APP_KEY)
    name = models.CharField(max_length=contracts.LONGEST_NAME)
    description = models.CharField(max_length=contracts.LONGEST_DESCRIPTION, default="", blank=True)
    is_public = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in APP_STATES], default="draft"
    )
    suspended_from = models.CharField(max_length=10, default="", blank=True)
    packs = models.JSONField(default=list)
    approved_packs = models.JSONField(default=list)
    personal_data = models.CharField(
        max_length=10, choices=[(each, each) for each in PERSONAL_DATA], default="masked"
    )
    redirect_uris = models.JSONField(default=list)
    ip_ranges = models.JSONField(default=list)
    calls_per_minute = models.PositiveIntegerField()
    conformance_passed_at = models.DateTimeField(null=True)
    went_live_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = MerchantQuerySet["App"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "app_key"], name="an_app_key_names_one_app"
            ),
            models.CheckConstraint(
                condition=Q(state__in=APP_STATES), name="an_apps_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(calls_per_minute__gte=1, calls_per_minute__lte=10_000_000),
                name="an_app_may_call_once_to_ten_million_times_a_minute",
            ),
            models.CheckConstraint(
                condition=Q(state="suspended", suspended_from__in=("sandbox", "live"))
                | (~Q(state="suspended") & Q(suspended_from="")),
                name="a_suspended_app_knows_what_it_was",
            ),
            models.CheckConstraint(
                condition=~Q(state="live") | Q(went_live_at__isnull=False),
                name="a_live_app_went_live_at_some_time",
            ),
        ]

    def as_contract(self) -> contracts.RegisteredApp:
        return contracts.RegisteredApp(
            id=self.id,
            app_key=self.app_key,
            owner_id=self.merchant_id,
            name=self.name,
            description=self.description,
            state=self.known_state(),
            is_public=self.is_public,
            packs=tuple(self.packs),
            approved_packs=tuple(self.approved_packs),
            personal_data=self.asked_personal_data(),
            redirect_uris=tuple(self.redirect_uris),
            ip_ranges=tuple(self.ip_ranges),
            calls_per_minute=self.calls_per_minute,
            conformance_passed_at=self.conformance_passed_at,
            went_live_at=self.went_live_at,
            created_at=self.created_at,
            version=self.version,
        )

    def known_state(self) -> AppState:
        return APP_STATES[APP_STATES.index(self.state)]

    def asked_personal_data(self) -> PersonalData:
        return PERSONAL_DATA[PERSONAL_DATA.index(self.personal_data)]


class AppSecret(MerchantOwned):
    """What an app's calls are signed with, sealed. While one is rotated, two are good."""

    app = models.ForeignKey(App, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    sealed = models.BinaryField(max_length=300)
    created_at = models.DateTimeField()
    good_until = models.DateTimeField(null=True)

    objects = MerchantQuerySet["AppSecret"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "app", "number"], name="secrets_of_an_app_are_numbered"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "app"],
                condition=Q(good_until__isnull=True),
                name="one_secret_of_an_app_is_the_newest",
            ),
        ]


class CallBudget(MerchantOwned):
    """How many calls of a minute processes were granted, of one app and method.

    One row for each, used again every minute.
    """

    app_key = models.CharField(max_length=contracts.LONGEST_APP_KEY)
    method = models.CharField(max_length=contracts.LONGEST_METHOD)
    minute = models.DateTimeField()
    granted = models.PositiveIntegerField()
    last_granted = models.PositiveIntegerField()

    objects = MerchantQuerySet["CallBudget"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "app_key", "method"],
                name="one_budget_for_an_app_and_method",
            ),
            models.CheckConstraint(
                condition=Q(last_granted__gte=1, granted__gte=F("last_granted")),
                name="a_budget_counts_what_it_granted_last",
            ),
        ]


class Sandbox(MerchantOwned):
    """This merchant is a developer's, to try things in: nothing in it is anybody's."""

    opened_at = models.DateTimeField()

    objects = MerchantQuerySet["Sandbox"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id"], name="a_merchant_is_a_sandbox_once")
        ]
