"""A real browser before two real nodes."""
