"""What the engine is worth, for administrators and the bureau."""
