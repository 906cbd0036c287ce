"""OAuth 2.0 and OpenID Connect: oauthlib speaks the protocol, the tables are ours (ADR 0062)."""
