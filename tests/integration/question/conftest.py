"""The desk's pairs, for questions about them."""

from tests.integration.match_review.conftest import desk

__all__ = ["desk"]
