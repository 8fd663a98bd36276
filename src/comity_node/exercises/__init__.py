"""Exercises: what was played in a channel opened for one, and what became of it. Reads the record alone."""
