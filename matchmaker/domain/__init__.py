"""Plain rules of the field: no Flask, no database, no NumPy, no clock, no environment."""
