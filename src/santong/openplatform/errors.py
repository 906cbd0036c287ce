"""The refusals of openplatform."""
