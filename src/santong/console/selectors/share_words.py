"""Rules of sharing, and why somebody got so much, as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from santong.kernel.money import money_text
from santong.settlement import public as settlement

# What stands in a share where no rule of the list made it.
BETWEEN_OWNERS = frozenset({"commission", "transfer_price"})
REST = "rest"
BEARER = "bearer"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWords:
    """One rule of a set, to be read."""

    code: str
    who: str
    how: str
    funded: str
    due: str
    when: tuple[str, ...]


def words_of_rule(*, rule: settlement.Rule, currency: str) -> RuleWords:
    """Who gets how much, from whom, when, and of which lines."""
    who = role_word(rule.role)
    funded = (
        _("paid for by %(who)s") % {"who": role_word(rule.bearer)}
        if rule.bearer
        else _("taken from what is left of the line")
    )
    return RuleWords(
        code=rule.code,
        who=f"{who} {rule.party_code}".strip(),
        how=_how(rule, currency),
        funded=funded,
        due=words_of_due(basis=rule.due.basis, days=rule.due.days),
        when=tuple(_conditions(rule.when)),
    )


def words_of_owners(*, terms: settlement.OwnerTerms, currency: str) -> RuleWords:
    """What holds where one company sells the goods of another."""
    rate = {"rate": percent_text(terms.rate_bp), "base": base_word(terms.base)}
    prices = [
        f"{each.sku} {money_text(minor=each.price_minor, currency=currency)}"
        for each in terms.prices
    ]
    how = [_("%(rate)s of %(base)s") % rate] if terms.rate_bp else []
    is_commission = terms.kind == "commission"
    return RuleWords(
        code=terms.kind,
        who=role_word("seller_owner" if is_commission else "goods_owner"),
        how=_listed([*how, *prices]),
        funded=_("the rest is the goods' owner's")
        if is_commission
        else _("the rest is the seller's owner's"),
        due=words_of_due(basis=terms.due.basis, days=terms.due.days),
        when=(
            _("goods of a dealer that others sell")
            if terms.goods_of == "dealer"
            else _("goods of head office that a dealer sells"),
            *([terms.dealer] if terms.dealer else []),
        ),
    )


def words_of_share(share: settlement.Share) -> str:
    """By what a share came to be so much."""
    base = money_text(minor=share.base_minor, currency=share.currency)
    if share.rule == REST:
        return _("what no rule takes of %(amount)s") % {"amount": base}
    fixed = money_text(minor=share.fixed_minor, currency=share.currency)
    parts: list[str] = []
    if share.rate_bp:
        parts.append(
            _("%(rate)s of %(base)s %(amount)s")
            % {
                "rate": percent_text(share.rate_bp),
                "base": base_word(share.base),
                "amount": base,
            }
        )
    if share.fixed_minor:
        parts.append(
            _("%(amount)s for %(n)s pieces") % {"amount": fixed, "n": share.pieces}
            if share.pieces > 1
            else _("%(amount)s a piece") % {"amount": fixed}
        )
    if share.bound:
        parts.append(_("held at the least") if share.bound == "min" else _("held at the most"))
    if share.role == BEARER:
        parts.insert(0, _("bears what the rule gives to another"))
    return _listed(parts)


def words_of_due(*, basis: str, days: int) -> str:
    """When a share can be paid out."""
    if basis == "acceptance":
        return (
            ngettext(
                "payable %(n)s day after acceptance", "payable %(n)s days after acceptance", days
            )
            % {"n": days}
            if days
            else _("payable once the work is accepted")
        )
    if not days:
        return _("payable once the goods are received")
    return ngettext("payable %(n)s day after receipt", "payable %(n)s days after receipt", days) % {
        "n": days
    }


def role_word(role: str) -> str:
    """What somebody was in a sale."""
    name = f"share_role.{role}"
    return _(name)


def base_word(base: str) -> str:
    """What a rate is taken of."""
    name = f"share_base.{base}"
    return _(name)


def percent_text(per_10000: int) -> str:
    """`12.5 %`: no more digits than it has."""
    whole, rest = divmod(per_10000, 100)
    decimals = f"{rest:02}".rstrip("0")
    return f"{whole}.{decimals} %" if decimals else f"{whole} %"


def _how(rule: settlement.Rule, currency: str) -> str:
    parts: list[str] = []
    if rule.rate_bp:
        rate = {"rate": percent_text(rule.rate_bp), "base": base_word(rule.base)}
        parts.append(_("%(rate)s of %(base)s") % rate)
    if rule.fixed_minor:
        parts.append(_("%(amount)s a piece") % _amount(rule.fixed_minor, currency))
    if rule.min_minor is not None:
        parts.append(_("at least %(amount)s a piece") % _amount(rule.min_minor, currency))
    if rule.max_minor is not None:
        parts.append(_("at most %(amount)s a piece") % _amount(rule.max_minor, currency))
    return _listed(parts)


def _conditions(when: settlement.When) -> list[str]:
    found: list[str] = []
    for label, values in (
        (_("storefronts"), when.storefronts),
        (_("channels"), when.channels),
        (_("brands"), when.brands),
        (_("sold at"), when.sellers),
        (_("filled by"), when.fillers),
        (_("categories"), when.categories),
        ("SKU", when.skus),
    ):
        if values:
            found.append(f"{label} {', '.join(values)}")
    if when.seller_of != "any":
        found.append(
            _("sold at a dealer's place")
            if when.seller_of == "dealer"
            else _("sold at an own place")
        )
    if when.filler_of != "any":
        found.append(
            _("filled by a dealer's place")
            if when.filler_of == "dealer"
            else _("filled by an own place")
        )
    if when.owners != "any":
        found.append(
            _("goods and selling place belong to one company")
            if when.owners == "same"
            else _("goods and selling place belong to two companies")
        )
    return found


def _amount(minor: int, currency: str) -> dict[str, str]:
    return {"amount": money_text(minor=minor, currency=currency)}


def _listed(parts: Sequence[str]) -> str:
    return _(", ").join(parts)
