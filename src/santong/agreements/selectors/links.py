"""The link of an agreement's buyer: good from its offer on, until its buyer is forgotten."""

from __future__ import annotations

from typing import Final

from santong.agreements import contracts
from santong.agreements.errors import LinkGone
from santong.agreements.selectors.agreements import agreement_by_id
from santong.kernel import links
from santong.kernel.errors import NoSuch

PURPOSE: Final = "agreements.agreement"


def token_of(*, merchant_id: int, agreement: contracts.Agreement) -> str:
    """The token that opens an agreement's page."""
    link = links.Link(merchant_id=merchant_id, thing_id=agreement.id, round=agreement.link_round)
    return links.token_of(purpose=PURPOSE, link=link)


def link_of(*, token: str) -> links.Link:
    """What a token says. Raises LinkGone."""
    link = links.link_of(purpose=PURPOSE, token=token)
    if link is None:
        raise LinkGone
    return link


def agreement_of_link(*, link: links.Link) -> contracts.Agreement:
    """What a link opens. Raises LinkGone."""
    try:
        found = agreement_by_id(merchant_id=link.merchant_id, agreement_id=link.thing_id)
    except NoSuch:
        raise LinkGone from None
    if not has_page(found) or link.round != found.link_round:
        raise LinkGone
    return found


def has_page(agreement: contracts.Agreement) -> bool:
    """Whether its buyer can look at it: it was offered, and is still about somebody."""
    return agreement.state != "draft" and agreement.erased_at is None


def page_path(*, token: str) -> str:
    """Where a token's page answers."""
    return f"/a/{token}/"


def link_path(*, merchant_id: int, agreement: contracts.Agreement) -> str:
    """Where the page of an agreement's buyer answers; nothing, where there is none."""
    if not has_page(agreement):
        return ""
    return page_path(token=token_of(merchant_id=merchant_id, agreement=agreement))
