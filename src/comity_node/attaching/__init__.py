"""Attaching a file in a talk: an exhibit, and the message that names it. Stands on both rooms."""
