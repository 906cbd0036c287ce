"""The link of a presale order's buyer: good until it is renewed, or the order is long over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from santong.kernel import links
from santong.presales import contracts
from santong.presales.errors import PresaleLinkOver

PREFIX: Final = "/b/"
PURPOSE: Final = "presales.presale"
# Long enough to look up what became of it.
LASTS: Final = timedelta(days=180)


def token_of(*, merchant_id: int, presale: contracts.Presale) -> str:
    """The token that opens a presale order's page."""
    link = links.Link(merchant_id=merchant_id, thing_id=presale.id, round=presale.link_round)
    return links.token_of(purpose=PURPOSE, link=link)


def link_of(*, token: str) -> links.Link:
    """What a token says. Raises PresaleLinkOver."""
    link = links.link_of(purpose=PURPOSE, token=token)
    if link is None:
        raise PresaleLinkOver
    return link


def is_link_over(*, link: links.Link, presale: contracts.Presale, now: datetime) -> bool:
    """Whether a link was renewed since, or has opened its page for long enough."""
    return link.round != presale.link_round or now >= presale.closes_at + LASTS


def link_path(*, token: str) -> str:
    """Where a token's page answers."""
    return f"{PREFIX}{token}/"


def path_of(*, merchant_id: int, presale: contracts.Presale) -> str:
    """Where the page of a presale order's buyer answers."""
    return link_path(token=token_of(merchant_id=merchant_id, presale=presale))
