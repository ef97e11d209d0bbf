"""The shipped encoder and how it is made."""
