"""What the simulated sender kept."""

from __future__ import annotations

from santong.kernel import crypto
from santong.storefront.contracts import Message
from santong.storefront.models import KeptMessage
from santong.storefront.selectors.codes import phone_index


def message_place(index: bytes) -> str:
    """Where a message is sealed for."""
    return f"storefront.message:{index.hex()}"


def last_message(*, merchant_id: int, phone: str) -> Message | None:
    """The newest message to a phone (E.164), if there is one."""
    index = phone_index(merchant_id=merchant_id, phone=phone)
    row: KeptMessage | None = (
        KeptMessage.objects.of_merchant(merchant_id)
        .filter(phone_index=index)
        .order_by("-id")
        .first()
    )
    if row is None:
        return None
    text = crypto.decrypt(
        merchant_id=merchant_id, sealed=bytes(row.text_sealed), place=message_place(index)
    )
    return Message(id=row.id, text=text.decode(), sent_at=row.sent_at)
