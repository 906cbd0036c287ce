"""What every HTTP request of Santong goes through: scope, credential, idempotency, refusals."""

from santong.kernel.http.auth import Credentials, MerchantRequest, requires
from santong.kernel.http.pages import Page, cursor_after, id_of

__all__ = ["Credentials", "MerchantRequest", "Page", "cursor_after", "id_of", "requires"]
