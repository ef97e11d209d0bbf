"""Firms in industry associations."""
