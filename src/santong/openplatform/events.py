"""The facts of openplatform."""
