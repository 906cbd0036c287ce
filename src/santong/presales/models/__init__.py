"""The tables of presales."""

from santong.presales.models.offers import Offer, OfferBuyer, OfferVersion
from santong.presales.models.presales import Compensation, Presale

__all__ = ["Compensation", "Offer", "OfferBuyer", "OfferVersion", "Presale"]
