"""The Comity protocol: the record two authorities both sign, with no network, disk or clock in it.

Everything here takes bytes and returns values or raises a :class:`comity.errors.ComityError`. Another
implementation of a node could stand on this package alone.
"""
