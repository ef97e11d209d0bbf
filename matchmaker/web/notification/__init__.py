"""What people are told: the list, how they are mailed, and the links that end mail."""
