"""Questions to one's organisation."""
