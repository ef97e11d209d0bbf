"""Open data: counters and public records for everybody."""
