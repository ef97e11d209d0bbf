"""The board of engagements and each one's page."""
