"""An agency's desk."""
