"""The engine: text to vectors to candidates to scored, explained pairs."""
