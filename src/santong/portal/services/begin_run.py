from __future__ import annotations

import json
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from santong.customers import public as customers
from santong.kernel import audit, crypto
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.portal import contracts
from santong.portal.errors import RunGoesOn
from santong.portal.models import ConformanceRun
from santong.portal.models.runs import sealing_place

_LONGEST_URL: Final = 500
_LONGEST_NAME: Final = 60


@all_or_nothing
def begin_run(*, merchant_id: int, new: contracts.NewRun, now: datetime) -> contracts.Run:
    """Have the suite run against an endpoint, soon; it is carried out by a job.

    The secret and the member's number are sealed until it ends. Raises FieldInvalid, RunGoesOn.
    """
    told = _told(new)
    try:
        with transaction.atomic():
            row = ConformanceRun.objects.create(
                merchant_id=merchant_id,
                app_key=new.app_key,
                url=new.url,
                state="waiting",
                asked_at=now,
            )
    except IntegrityError:
        raise RunGoesOn(app_key=new.app_key) from None
    row.sealed = crypto.encrypt(
        merchant_id=merchant_id, plain=json.dumps(told).encode(), place=sealing_place(row.id)
    )
    row.save(update_fields=["sealed"])
    audit.record(
        audit.Change(
            action="portal.begin_run",
            subject="conformance_run",
            subject_id=row.id,
            reason="asked",
            after={"app_key": new.app_key, "url": new.url},
        ),
        now=now,
    )
    return row.as_contract()


def _told(new: contracts.NewRun) -> dict[str, str]:
    parts = urlsplit(new.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(new.url) > _LONGEST_URL:
        raise FieldInvalid(pointer="/url", reason="an address that begins with http")
    if not new.seller_name.strip() or len(new.seller_name) > _LONGEST_NAME:
        raise FieldInvalid(pointer="/seller_name", reason="1 to 60 characters")
    mobile = customers.e164(phone=new.member_mobile) or ""
    if not mobile.startswith("+86"):
        raise FieldInvalid(pointer="/member_mobile", reason="a Chinese mobile number")
    plain = mobile.removeprefix("+86")
    return {
        "secret": new.secret,
        "seller_name": new.seller_name.strip(),
        "member_mobile": plain,
        "mixed_mobile": customers.mix_mobile(mobile=plain, key=new.mobile_key)
        if new.mobile_key
        else "",
    }
