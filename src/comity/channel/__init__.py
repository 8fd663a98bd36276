"""A channel between parties: who they are, what they agreed to, and what travels between them."""
