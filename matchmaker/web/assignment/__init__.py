"""Assignments as the bureau sees them."""
