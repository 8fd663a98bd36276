"""A second node, written from ``docs/spec`` and nothing else of this project: a server and its officers."""
