"""The neutral witness: cosigns what it must not read."""
