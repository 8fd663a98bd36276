"""The register: everything that crossed, and nothing else decides what is true."""
