"""What the web server runs: the node's pages, the wire, and the courier beside them."""

from __future__ import annotations

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity_node.settings.production")
application = get_wsgi_application()

from comity_node.register import watching  # noqa: E402 - the rooms load only once the application stands
from comity_node.wire import courier  # noqa: E402 - as above

# An act is handed from thread to thread until its receipt is in: five milliseconds at each hand would show.
sys.setswitchinterval(0.0005)
WATCHER = watching.start()
COURIER = courier.start()
