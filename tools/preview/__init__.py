"""Every page of the node with sample contexts, to be looked at and tested."""
