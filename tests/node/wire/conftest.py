"""Boris of bb, whose fingerprint Anna confirmed, in an open channel with our node."""

from __future__ import annotations

import pytest


@pytest.fixture
def anna(hire):
    """Coordinator of aa."""
    return hire("anna", "coordinator")


@pytest.fixture
def boris(anna):
    """The counterpart: trusted, and in an open channel with us."""
    from tests.node.counterpart import open_channel  # noqa: PLC0415 - Django is not set up earlier
    from tests.node.wire import posting  # noqa: PLC0415 - as above

    other = open_channel()
    posting.confirm(other.keys, anna)
    return other


@pytest.fixture
def stranger(boris):
    """Boris, who runs another implementation."""
    from django.conf import settings  # noqa: PLC0415 - Django is not set up earlier

    from tests.node.wire.stranger import Stranger  # noqa: PLC0415 - as above

    return Stranger(boris.party, boris.keys.wire.seed, settings.NODE.address)
