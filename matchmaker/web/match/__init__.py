"""Suggested pairs as companies, researchers, brokers and the bureau read them."""
