"""Common needs: demands that belong together, and firms that agree to be named beside them."""
