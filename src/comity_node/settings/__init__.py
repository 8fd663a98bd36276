"""How a node is set up: ``base`` for every node, ``production`` for a real one, ``test`` for the tests.

Nothing here has a default that would be dangerous on the open network: no secret key, no host, no party.
"""
