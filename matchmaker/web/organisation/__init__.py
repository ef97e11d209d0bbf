"""Organisations: their public page, verification, members."""
