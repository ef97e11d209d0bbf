"""The audit, to be read."""
