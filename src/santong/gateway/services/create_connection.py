from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from santong.customers import public as customers
from santong.gateway import contracts
from santong.gateway.errors import ConnectionCodeTaken
from santong.gateway.models import Breaker, Connection
from santong.gateway.rules.settings import check_new
from santong.gateway.selectors.lines import forget_lines
from santong.gateway.services.seal import keep_secret, sealed
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants


@all_or_nothing
def create_connection(
    *, merchant_id: int, wanted: contracts.NewConnection, now: datetime
) -> tuple[contracts.Connection, contracts.NewSecret]:
    """Set up a line; without a secret of the other side's one is made. It is shown here only.

    The key with which a marketplace hides telephone numbers is the customers' to keep.

    Raises FieldInvalid, ConnectionCodeTaken, NoSuch. Locks the whole graph of persons where such a
    key is given.
    """
    check_new(wanted=wanted)
    if wanted.storefront_code:
        merchants.storefront_by_code(merchant_id=merchant_id, code=wanted.storefront_code)
    behind = _behind(merchant_id, wanted.behind_code)
    row = _insert(merchant_id, wanted, behind, now)
    row.session_sealed = sealed(
        merchant_id=merchant_id, connection_id=row.id, what="session", plain=wanted.session
    )
    row.save(update_fields=["session_sealed"])
    if wanted.mix_key:
        customers.set_mix_key(
            merchant_id=merchant_id, scope=wanted.storefront_code, key=wanted.mix_key, now=now
        )
    secret = wanted.secret or secrets.token_hex(16)
    keep_secret(merchant_id=merchant_id, connection_id=row.id, number=1, secret=secret, now=now)
    Breaker.objects.create(merchant_id=merchant_id, connection=row)
    forget_lines()
    audit.record(
        audit.Change(
            action="gateway.create_connection",
            subject="connection",
            subject_id=row.id,
            reason="created",
            after={"code": row.code, "kind": row.kind, "url": row.url, "app_key": row.app_key},
        ),
        now=now,
    )
    shown = row.as_contract(live_secrets=1, behind_code=wanted.behind_code)
    return shown, contracts.NewSecret(number=1, secret=secret, older_until=None)


def _behind(merchant_id: int, code: str) -> Connection | None:
    if not code:
        return None
    found: Connection | None = (
        Connection.objects.of_merchant(merchant_id).filter(code=code, kind="crm").first()
    )
    if found is None:
        raise FieldInvalid(pointer="/behind_code", reason="no connection to an older CRM")
    return found


def _insert(
    merchant_id: int, wanted: contracts.NewConnection, behind: Connection | None, now: datetime
) -> Connection:
    try:
        with transaction.atomic():
            return Connection.objects.create(
                merchant_id=merchant_id,
                code=wanted.code,
                name=wanted.name.strip(),
                kind=wanted.kind,
                storefront_code=wanted.storefront_code,
                programme_code=wanted.programme_code,
                behind=behind,
                app_key=wanted.app_key,
                url=wanted.url,
                sign_method=wanted.sign_method,
                is_bind_query_allowed=wanted.is_bind_query_allowed,
                is_registration_open=wanted.is_registration_open,
                is_plain_registration_allowed=wanted.is_plain_registration_allowed,
                answers_within_ms=wanted.answers_within_ms,
                created_at=now,
            )
    except IntegrityError:
        taken = Connection.objects.of_merchant(merchant_id).filter(code=wanted.code).first()
        if taken is None:
            raise
        raise ConnectionCodeTaken(connection_id=taken.id) from None
