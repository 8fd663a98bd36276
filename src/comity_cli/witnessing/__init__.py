"""A neutral witness by itself: its keys, its small store, its server. Nothing else of Comity runs with it."""
