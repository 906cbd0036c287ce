"""How Django knows who is working; log-in itself is `services.log_in`."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from santong.kernel import tenancy
from santong.merchants.models import StaffUser


class StaffBackend(BaseBackend):
    """Finds staff in the open scope. Nobody logs in through it."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        return None

    def get_user(self, user_id: int) -> StaffUser | None:
        scope = tenancy.current_or_none()
        if scope is None:
            return None
        return StaffUser.objects.filter(
            merchant_id=scope.merchant_id, id=user_id, is_active=True
        ).first()
