"""Introductions that two brokers share."""
