"""Who owns what: a merchant with its brands, dealers and storefronts, its staff and their keys."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.merchants import contracts
from santong.merchants.rules.permissions import ROLES


class Language(models.TextChoices):
    CHINESE = "zh-hans", "简体中文"
    ENGLISH = "en", "English"


class ChannelKind(models.TextChoices):
    MARKETPLACE = "marketplace"
    H5 = "h5"
    KIOSK = "kiosk"
    POS = "pos"
    MINI_PROGRAMME = "mini_programme"
    API = "api"


class Role(models.TextChoices):
    HEAD_OFFICE = "head_office"
    BRAND_OPERATOR = "brand_operator"
    STORE_MANAGER = "store_manager"
    CLERK = "clerk"
    WAREHOUSE = "warehouse"
    CUSTOMER_SERVICE = "customer_service"
    FINANCE = "finance"
    DEALER = "dealer"
    DEVELOPER = "developer"
    TECHNICIAN = "technician"
    PROVIDER = "provider"


assert set(Role.values) == set(ROLES), "every role has its row in the table of permissions"


class Merchant(MerchantOwned):
    """A company or group. Its id is the directory's, so that every row of it carries the same."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    timezone = models.CharField(max_length=60)
    language = models.CharField(max_length=10, choices=Language.choices)
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()

    objects = MerchantQuerySet["Merchant"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id"], name="a_merchant_is_described_once"),
            models.CheckConstraint(
                condition=Q(id=F("merchant_id")), name="a_merchant_belongs_to_itself"
            ),
        ]

    def as_contract(self) -> contracts.Merchant:
        return contracts.Merchant(
            id=self.id,
            code=self.code,
            name=self.name,
            currency=self.currency,
            timezone=self.timezone,
            language=self.language,
            version=self.version,
        )


class Brand(MerchantOwned):
    """A name that the merchant sells under."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    objects = MerchantQuerySet["Brand"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "code"], name="a_brand_has_its_own_code")
        ]

    def as_contract(self) -> contracts.Brand:
        return contracts.Brand(
            id=self.id,
            code=self.code,
            name=self.name,
            is_active=self.is_active,
            version=self.version,
        )


class Dealer(MerchantOwned):
    """A company that runs stores of the merchant's brands on its own account."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    contact_sealed = models.BinaryField(default=b"")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    objects = MerchantQuerySet["Dealer"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="a_dealer_has_its_own_code"
            )
        ]

    def as_contract(self, *, contact: str) -> contracts.Dealer:
        return contracts.Dealer(
            id=self.id,
            code=self.code,
            name=self.name,
            contact=contact,
            is_active=self.is_active,
            version=self.version,
        )


class Storefront(MerchantOwned):
    """Where buyers meet a brand on a channel: one shop on one marketplace, one H5 shop."""

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=20, choices=ChannelKind.choices)
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="+", null=True)
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    objects = MerchantQuerySet["Storefront"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], name="a_storefront_has_its_own_code"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=ChannelKind.values), name="a_storefronts_channel_is_known"
            ),
        ]

    def as_contract(self) -> contracts.Storefront:
        return contracts.Storefront(
            id=self.id,
            code=self.code,
            name=self.name,
            channel=self.channel,
            brand_id=self.brand_id,
            is_open=self.is_open,
            version=self.version,
        )


class StaffUserManager(BaseUserManager["StaffUser"]):
    """Staff are created by the service `create_staff`, never by Django's commands."""

    def of_merchant(self, merchant_id: int) -> Any:
        return self.get_queryset().of_merchant(merchant_id)

    def get_queryset(self) -> MerchantQuerySet[StaffUser]:
        return MerchantQuerySet(self.model, using=self._db)


class StaffUser(AbstractBaseUser, MerchantOwned):
    """Somebody who works with the merchant's console, tills or API."""

    login = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    language = models.CharField(max_length=10, choices=Language.choices)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    password_expires_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    objects: ClassVar[StaffUserManager] = StaffUserManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "login"], name="a_login_names_one_person"
            )
        ]

    def as_contract(self) -> contracts.Staff:
        return contracts.Staff(
            id=self.id,
            login=self.login,
            name=self.name,
            language=self.language,
            is_active=self.is_active,
            must_change_password=self.must_change_password,
            version=self.version,
        )


class RoleGrant(MerchantOwned):
    """A role that somebody has: everywhere, or for one brand, dealer or place."""

    staff = models.ForeignKey(StaffUser, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="+", null=True)
    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="+", null=True)
    location_id = models.BigIntegerField(null=True)
    granted_at = models.DateTimeField()

    objects = MerchantQuerySet["RoleGrant"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "staff", "role", "brand", "dealer", "location_id"],
                nulls_distinct=False,
                name="a_role_is_granted_once_for_the_same_part",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="a_granted_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(brand=None, dealer=None)
                | Q(brand=None, location_id=None)
                | Q(dealer=None, location_id=None),
                name="a_grant_is_for_one_kind_of_part",
            ),
        ]

    def as_contract(self) -> contracts.Grant:
        return contracts.Grant(
            id=self.id,
            role=self.role,
            brand_id=self.brand_id,
            dealer_id=self.dealer_id,
            location_id=self.location_id,
        )


class LocationOwner(MerchantOwned):
    """Whose place it is, as stores tells it: what a brand's or dealer's grant covers."""

    location_id = models.BigIntegerField()
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="+", null=True)
    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="+", null=True)

    objects = MerchantQuerySet["LocationOwner"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "location_id"], name="a_place_has_one_owner"
            )
        ]
        indexes = [
            models.Index(fields=["merchant_id", "brand"], name="places_of_brand"),
            models.Index(fields=["merchant_id", "dealer"], name="places_of_dealer"),
        ]


class Session(MerchantOwned):
    """Somebody's log-in on one device. Only a hash of its key is kept."""

    staff = models.ForeignKey(StaffUser, models.PROTECT, related_name="+")
    key_hash = models.BinaryField(max_length=32)
    content = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    refreshed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = MerchantQuerySet["Session"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key_hash"], name="a_session_key_opens_one_session"
            )
        ]
        indexes = [models.Index(fields=["merchant_id", "expires_at"], name="sessions_by_expiry")]


class ApiToken(MerchantOwned):
    """A program's key. Only a hash of its secret is kept; the secret is shown once."""

    name = models.CharField(max_length=60)
    secret_hash = models.BinaryField(max_length=32)
    permissions = models.JSONField(default=list)
    created_by = models.ForeignKey(StaffUser, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["ApiToken"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "secret_hash"], name="a_secret_opens_one_token"
            )
        ]

    def as_contract(self) -> contracts.ApiToken:
        return contracts.ApiToken(
            id=self.id,
            name=self.name,
            permissions=tuple(self.permissions),
            created_by=self.created_by_id,
            created_at=self.created_at,
            expires_at=self.expires_at,
            revoked_at=self.revoked_at,
            last_used_at=self.last_used_at,
        )
