"""What a node says on its console: one JSON object a line, never a secret, never case content."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any


class JsonLine(logging.Formatter):
    """One event as one line; only the fields named here leave the process.

    A record's extra attributes (the request, its headers, its form) are left out on purpose: they carry
    session cookies and drafts.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the event as a JSON object without a line break."""
        event: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        if record.exc_info:
            event["trace"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False)


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "comity_node.settings.console.JsonLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "httpx": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # axes reports names and addresses of failed log-ins at INFO: they are kept in its table, not here.
        "axes": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
