"""Read queries: lists and pages as frozen rows, one module a noun."""
