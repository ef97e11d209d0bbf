"""What the pages of demands and of outcomes share."""
