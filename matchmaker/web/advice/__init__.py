"""What brokers said of an author's record, in kind words."""
