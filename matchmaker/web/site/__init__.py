"""The site's own pages: home, language, health."""
