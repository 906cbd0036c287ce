"""The deposit is in: its buyer gets a code for the store."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

from django.db import transaction

from santong.kernel import outbox
from santong.kernel.errors import Busy
from santong.stagedsales.events import CodeIssued
from santong.stagedsales.models import RedemptionCode
from santong.stagedsales.rules.codes import TAIL
from santong.stagedsales.selectors.sealing import code_by_salt, code_index
from santong.stagedsales.services.change_state import change_state
from santong.stagedsales.services.insert import insert
from santong.stagedsales.services.lock import Held

# Of a thousand million numbers few are taken: twice in a row is luck, ten times a fault.
TRIES = 10


def issue_code(held: Held, *, now: datetime) -> None:
    """Write the code of a locked sale whose deposit is in. Emits CodeIssued. Raises Busy."""
    expires_at = now + timedelta(days=held.terms.code_days)
    row = _written(held, expires_at, now)
    change_state(held.sale, to="code_issued", reason="the buyer has a code", now=now)
    outbox.publish(CodeIssued(sale_id=held.sale.id, expires_at=row.expires_at), now=now)


def _written(held: Held, expires_at: datetime, now: datetime) -> RedemptionCode:
    for _ in range(TRIES):
        salt = os.urandom(16)
        number = code_by_salt(merchant_id=held.merchant_id, salt=salt)
        row = RedemptionCode(
            merchant_id=held.merchant_id,
            sale=held.sale,
            number_index=code_index(merchant_id=held.merchant_id, code=number),
            salt=salt,
            tail=number[-TAIL:],
            state="issued",
            issued_at=now,
            expires_at=expires_at,
            ends_at=expires_at + timedelta(hours=held.terms.grace_hours),
        )
        try:
            with transaction.atomic():
                insert(row, taken=Busy(), constraints=("a_redemption_code_is_given_once",))
        except Busy:
            continue
        return row
    raise Busy
