"""What a payment account is called, and how its provider is spoken to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from santong.kernel import audit, crypto
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import MOST_FEE_PER_MILLION, PaymentAccount
from santong.payments.models import PaymentAccount as Row
from santong.payments.rules.provider_settings import problems_of_settings
from santong.payments.rules.txns import check_text
from santong.payments.selectors.payment_accounts import secrets_of, secrets_place


@all_or_nothing
def change_payment_account(
    *,
    merchant_id: int,
    code: str,
    name: str,
    settings: Mapping[str, str],
    secrets: Mapping[str, str],
    fee_per_million: int,
    now: datetime,
) -> PaymentAccount:
    """Change an account; secrets that are not given stay as they are, settings are all given.

    The trail says which fields were changed, never to what. Raises NoSuch, FieldInvalid. Locks
    the account.
    """
    check_text(name, most=100, pointer="/name", least=1)
    if not 0 <= fee_per_million <= MOST_FEE_PER_MILLION:
        raise FieldInvalid(pointer="/fee_per_million", reason=f"0 to {MOST_FEE_PER_MILLION}")
    row = Row.objects.of_merchant(merchant_id).filter(code=code).lock().first()
    if row is None:
        raise NoSuch(kind="payment_account", key=code)
    kept = {**secrets_of(row=row), **{field: text for field, text in secrets.items() if text}}
    given = {field: text for field, text in settings.items() if text}
    for problem in problems_of_settings(provider=row.provider, settings=given, secrets=kept):
        raise FieldInvalid(pointer=problem.pointer, reason=problem.reason)
    changed = sorted(
        field
        for field in {*row.settings, *given}
        if row.settings.get(field, "") != given.get(field, "")
    )
    audit.record(
        audit.Change(
            action="payments.change_account",
            subject="payment_account",
            subject_id=row.id,
            reason="changed",
            before={"name": row.name, "fee_per_million": row.fee_per_million},
            after={
                "name": name,
                "fee_per_million": fee_per_million,
                "settings": changed,
                "secrets": sorted(field for field, text in secrets.items() if text),
            },
        ),
        now=now,
    )
    row.name = name
    row.fee_per_million = fee_per_million
    row.settings = given
    if kept:
        row.secrets_sealed = crypto.encrypt(
            merchant_id=merchant_id,
            plain=json.dumps(kept).encode(),
            place=secrets_place(row.code),
        )
    row.save(update_fields=["name", "fee_per_million", "settings", "secrets_sealed"])
    return row.as_contract()
