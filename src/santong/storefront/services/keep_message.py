"""Keep a message that a real sender would hand to a carrier."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import crypto
from santong.kernel.tenancy import all_or_nothing
from santong.storefront.models import KeptMessage
from santong.storefront.selectors.codes import phone_index
from santong.storefront.selectors.messages import message_place


@all_or_nothing
def keep_message(*, merchant_id: int, phone: str, text: str, now: datetime) -> None:
    """Keep a message to a phone (E.164), sealed; after a day it is forgotten."""
    index = phone_index(merchant_id=merchant_id, phone=phone)
    KeptMessage.objects.create(
        merchant_id=merchant_id,
        phone_index=index,
        text_sealed=crypto.encrypt(
            merchant_id=merchant_id, plain=text.encode(), place=message_place(index)
        ),
        sent_at=now,
    )
