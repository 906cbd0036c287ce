"""The tables of openplatform."""
