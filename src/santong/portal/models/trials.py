"""Session keys with which developers try methods."""

from __future__ import annotations

from django.db import models

from santong.kernel.models import MerchantOwned, MerchantQuerySet


class TrialKey(MerchantOwned):
    """The session key with which one person tries an app's methods here; it is kept sealed."""

    app_key = models.CharField(max_length=20)
    staff_id = models.BigIntegerField()
    sealed = models.BinaryField()
    expires_at = models.DateTimeField()

    objects = MerchantQuerySet["TrialKey"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "app_key", "staff_id"],
                name="somebody_tries_an_app_with_one_key",
            ),
        ]


def trial_place(app_key: str, staff_id: int) -> str:
    """Where a key is sealed."""
    return f"portal.trial_key:{app_key}:{staff_id}"
