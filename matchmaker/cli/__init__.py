"""The command line: ``python -m matchmaker``."""
