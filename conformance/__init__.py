"""What stands outside: the parts of another implementation, and a runner that tries a node by the specs."""
