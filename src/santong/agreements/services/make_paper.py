"""The paper of an accepted agreement is made, once."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from santong.agreements import contracts
from santong.agreements.errors import AgreementPassed
from santong.agreements.models import ChainLink, ServiceAgreement
from santong.agreements.selectors.agreements import agreement_by_id
from santong.agreements.services.drawn_paper import Said, drawn
from santong.agreements.services.lock import lock_agreement
from santong.agreements.services.signed_paper import signed
from santong.agreements.services.trail import write_down
from santong.evidence import public as evidence
from santong.kernel.money import money_text
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants

_BY = "system:agreements"
_HOW = {"name": "键入姓名", "signature": "手写签名", "channel": "下单渠道确认"}


@all_or_nothing
def make_paper(*, merchant_id: int, agreement_id: int, now: datetime) -> contracts.Agreement:
    """Draw and sign what was accepted, and keep it with its record as evidence; once.

    Acceptance does not wait for it: the record is frozen by then. Raises NoSuch, AgreementPassed,
    FilesUnavailable. Locks the document.
    """
    row = lock_agreement(merchant_id=merchant_id, agreement_id=agreement_id)
    if row.accepted_at is None:
        raise AgreementPassed(state=row.state)
    if row.paper_id is None and row.erased_at is None:
        link = ChainLink.objects.of_merchant(merchant_id).get(agreement_id=row.id)
        record = link.record.encode()
        paper = signed(
            merchant_id=merchant_id,
            paper=drawn(_said(row, link)),
            record=record,
            reason=f"Agreement {row.number}, link {link.number}",
            now=now,
        )
        row.record_id = _kept(row, record, "record.json", now=now)
        row.paper_id = _kept(row, paper, "agreement.pdf", now=now)
        row.save(update_fields=["record_id", "paper_id"])
        write_down(row, "make_paper", before=row.state, now=now)
    return agreement_by_id(merchant_id=merchant_id, agreement_id=row.id)


def _kept(row: ServiceAgreement, content: bytes, name: str, *, now: datetime) -> int:
    return evidence.add(
        merchant_id=row.merchant_id,
        subject=row.subject,
        kind="document",
        content=content,
        name=name,
        taken_at=None,
        geo=None,
        by=_BY,
        now=now,
    ).id


def _said(row: ServiceAgreement, link: ChainLink) -> Said:
    record: dict[str, Any] = json.loads(link.record)
    assert row.accepted_at is not None
    at = row.accepted_at.astimezone(ZoneInfo(row.timezone))
    sentences = record["sentences"]
    return Said(
        title="服务约定 Service Agreement",
        merchant=merchants.merchant(merchant_id=row.merchant_id).name,
        facts=[
            ("编号 Number", f"{row.number} · 第 {row.version} 版"),
            ("对应单据 Document", row.document),
            ("成交总额 Total", _money(record)),
        ],
        terms=list(zip(sentences["zh-hans"], sentences["en"], strict=True)),
        accepted=[
            ("确认人 Accepted by", row.buyer()["accepted_name"]),
            ("确认方式 How", _HOW.get(row.accepted_how, row.accepted_how)),
            ("确认时间 At", at.isoformat(timespec="seconds", sep=" ")),
            ("登录身份 Signed in", row.signed_in),
        ],
        chain=[
            ("存证链序号 Link", str(link.number)),
            ("内容指纹 SHA-256", link.hash),
            ("前一指纹 Previous", link.prev_hash),
            ("说明", "本文件附有内容记录 record.json，并由商家密钥签名；任何改动都可以被发现。"),
        ],
        signature=_signature(row),
    )


def _signature(row: ServiceAgreement) -> bytes:
    if row.signature_id is None:
        return b""
    return evidence.content_of(merchant_id=row.merchant_id, evidence_id=row.signature_id)


def _money(record: dict[str, Any]) -> str:
    return money_text(minor=record["total_minor"], currency=record["currency"])
