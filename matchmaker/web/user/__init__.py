"""The administrator's list of users."""
