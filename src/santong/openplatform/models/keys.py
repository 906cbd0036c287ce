"""What an app holds of one merchant: sessions, their keys, and codes that get them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from santong.kernel.models import MerchantOwned, MerchantQuerySet
from santong.openplatform import contracts
from santong.openplatform.models.authorisations import Authorisation

ENDED = ("revoked", "withdrawn", "code_reused", "refresh_reused")


class AppSession(MerchantOwned):
    """What began with one consent or log-in: every key that followed from it ends with it."""

    authorisation = models.ForeignKey(Authorisation, models.PROTECT, related_name="+")
    staff = models.ForeignKey(
        "merchants.StaffUser", models.PROTECT, related_name="+", null=True, db_index=False
    )
    scopes = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(
        max_length=20, choices=[(why, why) for why in ENDED], default="", blank=True
    )

    objects = MerchantQuerySet["AppSession"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_because="")
                | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
                name="a_session_that_ended_says_why",
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "ends_at"], name="app_sessions_by_end")]


class AccessToken(MerchantOwned):
    """A session key (会话密钥): what calls are made with. Its hash alone is kept."""

    session = models.ForeignKey(AppSession, models.PROTECT, related_name="+")
    key_hash = models.BinaryField(max_length=32)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = MerchantQuerySet["AccessToken"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key_hash"], name="an_access_token_opens_one_session"
            )
        ]


class RefreshToken(MerchantOwned):
    """What gets the next session key, once. Coming again, it ends its session."""

    session = models.ForeignKey(AppSession, models.PROTECT, related_name="+", db_index=False)
    key_hash = models.BinaryField(max_length=32)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["RefreshToken"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "key_hash"], name="a_refresh_token_is_of_one_session"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "session"],
                condition=Q(used_at__isnull=True),
                name="one_refresh_token_of_a_session_is_good",
            ),
        ]


class AuthorisationCode(MerchantOwned):
    """What a browser carries from the consent to the app: good once, for a minute."""

    authorisation = models.ForeignKey(
        Authorisation, models.PROTECT, related_name="+", db_index=False
    )
    staff = models.ForeignKey(
        "merchants.StaffUser", models.PROTECT, related_name="+", db_index=False
    )
    code_hash = models.BinaryField(max_length=32)
    redirect_uri = models.CharField(max_length=contracts.LONGEST_URI)
    scopes = models.JSONField(default=list)
    challenge = models.CharField(max_length=128, default="", blank=True)
    challenge_method = models.CharField(max_length=10, default="", blank=True)
    nonce = models.CharField(max_length=200, default="", blank=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    session = models.ForeignKey(
        AppSession, models.PROTECT, related_name="+", null=True, db_index=False
    )

    objects = MerchantQuerySet["AuthorisationCode"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code_hash"], name="a_code_is_given_once"
            ),
            models.CheckConstraint(
                condition=Q(session__isnull=True) | Q(used_at__isnull=False),
                name="a_code_that_gave_a_session_is_used",
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "expires_at"], name="app_codes_by_expiry")]
