"""A developer registers, and gets a merchant to try things in."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from santong.kernel import cells, tenancy
from santong.merchants import public as merchants
from santong.openplatform import contracts
from santong.openplatform.services.mark_sandbox import mark_sandbox

# In the sandbox the developer is head office: whoever consents there to an app is themselves.
ROLE: Final = "head_office"


def open_sandbox(
    *, name: str, login: str, person: str, language: str = "zh-hans", now: datetime
) -> contracts.Sandbox:
    """Open a merchant that is there to try things in, with one person who may do everything in it.

    `name` is the developer's company, `person` who logs in. The password is good once, is shown
    here only and is changed at the first log-in. Opens the new merchant's scope itself: call it
    outside any. Raises FieldInvalid.
    """
    code = f"sandbox-{secrets.token_hex(5)}"
    merchant_id = cells.register_merchant(code=code, cell=cells.all_cells()[0])
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code=code, name=name, language=language, now=now
        )
        made = merchants.create_staff(
            merchant_id=merchant_id, login=login, name=person, language=language, now=now
        )
        merchants.grant_role(merchant_id=merchant_id, staff_id=made.staff.id, role=ROLE, now=now)
        mark_sandbox(merchant_id=merchant_id, now=now)
    return contracts.Sandbox(
        merchant_id=merchant_id,
        code=code,
        staff_id=made.staff.id,
        login=made.staff.login,
        password=made.password,
    )
