"""Chains that the machine proposes for records, for those who confirm or correct them."""
