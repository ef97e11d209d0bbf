"""Matchmaker: an open platform that matches technical demands with research outcomes."""

__version__ = "0.1.0"
