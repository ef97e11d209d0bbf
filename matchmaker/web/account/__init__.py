"""Logging in, registering, passwords, sessions."""
