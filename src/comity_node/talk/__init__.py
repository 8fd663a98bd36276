"""Talks: rooms inside a channel in which officers of its parties say something to each other, on record."""
