"""A code that pays once has paid."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.prepaid.errors import CardRefused
from santong.prepaid.models import PayCode
from santong.prepaid.rules.numbers import PAY_CODE_LENGTH, read_token
from santong.prepaid.selectors.sealing import code_hash


@all_or_nothing
def spend_pay_code(*, merchant_id: int, token: str, reference: str, now: datetime) -> None:
    """Note which payment a code was used for, if the token is one: it is good for no other.

    Raises CardRefused where another payment was quicker.
    """
    code, _ = read_token(token)
    if len(code) != PAY_CODE_LENGTH:
        return
    hashed = code_hash(merchant_id=merchant_id, code=code)
    codes = PayCode.objects.of_merchant(merchant_id)
    used = codes.filter(code_hash=hashed, expires_at__gt=now, reference="").update(
        reference=reference
    )
    if not used:
        raise CardRefused
