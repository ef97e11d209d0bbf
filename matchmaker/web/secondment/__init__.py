"""Technology specialists placed with firms, and their visits."""
