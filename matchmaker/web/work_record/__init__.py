"""A broker's own record, to print."""
