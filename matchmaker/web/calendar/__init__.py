"""What is due, by month and as a list."""
