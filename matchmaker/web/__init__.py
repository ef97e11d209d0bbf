"""The web: Flask, forms, pages. The only room that knows Flask."""
