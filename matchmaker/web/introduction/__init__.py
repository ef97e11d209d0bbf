"""Bringing two sides together: the question and the answers."""
