"""Where apps and browsers speak OAuth, in its own spelling and in TOP's."""

from __future__ import annotations

from django.urls import path

from santong.openplatform.views import consent, tokens

app_name = "openplatform"

urlpatterns = [
    path("oauth/authorize", consent.consent_page, name="authorize"),
    path("oauth/token", tokens.token, name="token"),
    path("oauth/revoke", tokens.revoke, name="revoke"),
    path("oauth/introspect", tokens.introspect, name="introspect"),
    path("oauth/userinfo", tokens.userinfo, name="userinfo"),
    path("oauth/jwks", tokens.jwks, name="jwks"),
    path(
        ".well-known/openid-configuration",
        tokens.openid_configuration,
        name="openid_configuration",
    ),
    path(
        ".well-known/oauth-authorization-server",
        tokens.authorization_server,
        name="authorization_server",
    ),
    # As software of the trade has them, which changes the host alone.
    path("authorize", consent.consent_page, name="top_authorize"),
    path("token", tokens.token, name="top_token"),
]
