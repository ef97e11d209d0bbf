"""Consortia: who covers which part of a demand, for its own people and for brokers."""
