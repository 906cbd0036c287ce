from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from santong.kernel import audit, tenancy
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import contracts
from santong.merchants.errors import MoreThanOwnPermissions
from santong.merchants.models import ApiToken, StaffUser
from santong.merchants.rules.fields import clean_name
from santong.merchants.rules.keys import hash_of, token_of
from santong.merchants.rules.permissions import PERMISSIONS
from santong.merchants.selectors.access import access_of_staff


@all_or_nothing
def create_token(
    *,
    merchant_id: int,
    staff_id: int,
    name: str,
    permissions: Collection[str],
    expires_at: datetime | None = None,
    now: datetime,
) -> contracts.NewToken:
    """Make a key for a program, in somebody's name; its secret is shown here and never again.

    It may do what it asks for, as long and as far as that person may. Raises
    MoreThanOwnPermissions, NoSuch, FieldInvalid. Locks the person.
    """
    wanted = frozenset(permissions)
    if not wanted or not wanted <= PERMISSIONS:
        raise FieldInvalid(pointer="/permissions", reason="one or more known permissions")
    if expires_at is not None and expires_at <= now:
        raise FieldInvalid(pointer="/expires_at", reason="lies in the past")
    owner = StaffUser.objects.of_merchant(merchant_id).filter(id=staff_id, is_active=True)
    if owner.lock().first() is None:
        raise NoSuch(kind="staff", key=str(staff_id))
    _refuse_excess(merchant_id, staff_id, wanted)
    secret = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        merchant_id=merchant_id,
        name=clean_name(name, most=60),
        secret_hash=hash_of(secret),
        permissions=sorted(wanted),
        created_by_id=staff_id,
        created_at=now,
        expires_at=expires_at,
    )
    audit.record(
        audit.Change(
            action="merchants.create_token",
            subject="token",
            subject_id=token.id,
            reason="created",
            after={"name": token.name, "permissions": token.permissions},
        ),
        now=now,
    )
    return contracts.NewToken(
        token=token.as_contract(), secret=token_of(merchant_id=merchant_id, secret=secret)
    )


def _refuse_excess(merchant_id: int, staff_id: int, wanted: frozenset[str]) -> None:
    allowed = access_of_staff(merchant_id=merchant_id, staff_id=staff_id).permissions
    actor = tenancy.current().actor
    if actor.kind != "system":
        allowed &= actor.permissions
    if over := wanted - allowed:
        raise MoreThanOwnPermissions(permissions=tuple(sorted(over)))
