"""A node: where the officials of one party work, and what keeps its part of the record.

Rooms are named as officials name them. They do not know each other; they meet in the register.
"""
