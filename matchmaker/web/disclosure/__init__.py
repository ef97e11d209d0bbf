"""Confidential tiers: grants, openings and receipts."""
