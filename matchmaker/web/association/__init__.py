"""An association's desk."""
