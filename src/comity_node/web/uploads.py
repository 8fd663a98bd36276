"""How large a form may be that brings files; Django itself bounds only what it keeps in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

if TYPE_CHECKING:
    from django.http import HttpRequest

# The page that verifies takes the largest: a delivery, with what a form adds around it.
MOST_OF_AN_OFFICIAL: Final = 65 * 2**20


class Bounded(FileUploadHandler):
    """Refuses a form by its announced size, before a byte of it is written to the disk.

    The check for forged forms reads every form, also one that a stranger sends, who has nothing to bring.
    """

    def handle_raw_input(self, _input: object, _meta: object, content_length: int, *_: object) -> None:
        """Let the next handlers read it, unless it is too large."""
        if content_length > _most(self.request):
            raise RequestDataTooBig(f"a form of {content_length:,} bytes was announced")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django's signature
        """Hand the content on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handlers."""


def _most(request: HttpRequest | None) -> int:
    known = (
        request is not None and getattr(request, "user", None) is not None and request.user.is_authenticated
    )
    return MOST_OF_AN_OFFICIAL if known else settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
