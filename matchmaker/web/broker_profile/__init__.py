"""A broker's profile."""
