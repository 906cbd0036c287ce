"""The door of storefront: what the installation wires, and what `doctor` asks."""

from __future__ import annotations

from santong.storefront.contracts import NOTICE_STATES, Notice, NoticeState
from santong.storefront.rules.notices import KINDS as NOTICE_KINDS
from santong.storefront.selectors.invariants import check_invariants
from santong.storefront.selectors.notices import count_failed, notices_of, notices_page
from santong.storefront.services.forget_person import export_person, forget_person
from santong.storefront.services.queue_notice import queue_notice
from santong.storefront.services.recognise import MemberCredentials
from santong.storefront.services.settle_notice import drop_notice, send_notice_again

__all__ = [
    "NOTICE_KINDS",
    "NOTICE_STATES",
    "MemberCredentials",
    "Notice",
    "NoticeState",
    "check_invariants",
    "count_failed",
    "drop_notice",
    "export_person",
    "forget_person",
    "notices_of",
    "notices_page",
    "queue_notice",
    "send_notice_again",
]
