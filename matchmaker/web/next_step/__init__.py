"""Next steps when nothing fits."""
