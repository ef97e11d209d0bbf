"""Meetings of an engagement."""
