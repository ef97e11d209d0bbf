"""Figures: what the bureau answers for, and the events behind each."""
