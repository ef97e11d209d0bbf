"""The gap map: what stands on each chain in each district, and what that calls for."""
