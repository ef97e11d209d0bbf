"""Pairs that an association puts forward."""
