"""Technical contracts: for their parties, and counted by the bureau."""
