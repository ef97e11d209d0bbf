"""The outside world behind small protocols: clock, passwords, mail, files."""
