"""A buyer is to be told something about what is theirs."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import crypto
from santong.kernel.bulk import insert_new
from santong.kernel.masking import masked_phone
from santong.kernel.tenancy import all_or_nothing
from santong.storefront.models import Notice
from santong.storefront.selectors.codes import phone_index
from santong.storefront.selectors.notices import phone_place, text_place


@all_or_nothing
def queue_notice(
    *,
    merchant_id: int,
    key: str,
    subject: str,
    kind: str,
    phone: str,
    text: str,
    due_at: datetime,
    now: datetime,
) -> bool:
    """Have a message sent to a phone after the commit, once for the key; say whether it is new.

    Without a text it is written when it leaves, by its kind, subject and key; see `tell`.
    """
    notice = Notice(
        merchant_id=merchant_id,
        key=key,
        subject=subject,
        kind=kind,
        phone_index=phone_index(merchant_id=merchant_id, phone=phone),
        phone_shown=masked_phone(phone),
        phone_sealed=crypto.encrypt(
            merchant_id=merchant_id, plain=phone.encode(), place=phone_place(key)
        ),
        text_sealed=crypto.encrypt(
            merchant_id=merchant_id, plain=text.encode(), place=text_place(key)
        ),
        state="queued",
        queued_at=now,
        due_at=due_at,
    )
    return bool(insert_new([notice], unique=["merchant_id", "key"]))
