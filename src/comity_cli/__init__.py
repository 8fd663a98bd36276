"""The ``comity`` command: the only program that is both beside the node and, for ``verify``, without one."""
