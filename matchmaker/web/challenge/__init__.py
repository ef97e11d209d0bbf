"""Challenges: calls, bids, scores, objections and what came of them."""
