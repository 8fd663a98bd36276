"""Sealing a browser's upload while it arrives.

Django's own handlers keep a large file in memory or in the clear in a temporary directory. This one hands
each chunk to a thread that seals it; what waits between them is bounded, so the browser is slowed down to the
speed of the disk and memory stays flat.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from queue import Queue
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.translation import gettext as _

from comity_node.evidence import intake
from comity_node.evidence.errors import ExhibitTooLarge

if TYPE_CHECKING:
    from django.http import HttpRequest

    from comity_node.evidence.intake import Sealed

_CHUNK: Final = 256 * 1024
_WAITING: Final = 16
_GONE: Final = None
_FORM_BYTES: Final = 1024 * 1024  # what the fields beside the file may take


def seal_while_it_arrives(request: HttpRequest, channel: str) -> None:
    """Have the file of a form sealed as it arrives; asked before anything of the form is read.

    Raises:
        ExhibitTooLarge: It is announced as larger than this node accepts.
        NobodyToReceive: Nobody else is in the channel.
    """
    most = settings.NODE.limits.exhibit_bytes
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > most + _FORM_BYTES:
        raise ExhibitTooLarge(
            _("the exhibit was not added: this node accepts at most %(most)s bytes") % {"most": f"{most:,}"}
        )
    request.upload_handlers = [SealingUpload(channel)]


class Interrupted(Exception):
    """The upload ended before the file did."""


class Arriving:
    """What has been uploaded and not yet sealed, read like a file; ``None`` in the queue is a broken line."""

    def __init__(self) -> None:
        self._queue: Queue[bytes | None] = Queue(_WAITING)
        self._chunk = memoryview(b"")
        self._ended = False

    def put(self, chunk: bytes | None) -> None:
        """Hand over the next chunk; an empty one is the end."""
        self._queue.put(chunk)

    def readinto(self, buffer: memoryview, /) -> int:
        """Put the next bytes into ``buffer``; return how many, 0 at the end."""
        if not self._chunk and not self._ended:
            chunk = self._queue.get()
            self._ended = not chunk
            if chunk is _GONE:
                raise Interrupted
            self._chunk = memoryview(chunk)
        taken = self._chunk[: len(buffer)]
        buffer[: len(taken)] = taken
        self._chunk = self._chunk[len(taken) :]
        return len(taken)

    def drain(self) -> None:
        """Take and drop what still comes, so that nobody waits for a reader that has given up."""
        while not self._ended and self._queue.get():
            pass


class SealedUpload(UploadedFile):  # type: ignore[type-arg]  # not subscriptable at run time
    """A file of a form, of which only the seal exists."""

    def __init__(
        self, name: str, media_type: str, size: int, *, channel: str, sealing: Future[Sealed]
    ) -> None:
        super().__init__(file=None, name=name, content_type=media_type, size=size)
        self._channel = channel
        self._sealing = sealing
        self._kept = False

    def sealed(self) -> Sealed:
        """The sealed file.

        Raises:
            OurFault: It was too large, or the disk was full. Nothing was kept.
        """
        return self._sealing.result()

    def keep(self) -> None:
        """Let the seal stand once the form is done with."""
        self._kept = True

    def close(self) -> None:
        """Drop the seal of a file that no form has taken. Django calls this when the request ends."""
        if not self._kept and self._sealing.exception() is None:
            intake.drop(self._channel, self._sealing.result().object)


class SealingUpload(FileUploadHandler):
    """Takes the first file of a form's field ``file``; any other file is skipped, unread."""

    chunk_size = _CHUNK

    def __init__(self, channel: str) -> None:
        super().__init__()
        self._channel = channel
        self._to = intake.recipients(channel)
        self._arriving: Arriving | None = None
        self._thread = ThreadPoolExecutor(1, "seal-upload")
        self._sealing: Future[Sealed] | None = None

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        """Start sealing."""
        super().new_file(field_name, *args, **kwargs)
        if field_name != "file" or self._arriving:
            raise SkipFile
        self._arriving = Arriving()
        self._sealing = self._thread.submit(self._seal, self._arriving)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's signature
        """Hand a chunk to the sealing thread; no other handler sees it."""
        if self._arriving:
            self._arriving.put(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload | None:
        """Wait for the seal."""
        if self._arriving is None or self._sealing is None:
            return None
        self._arriving.put(b"")
        self._thread.shutdown()
        return SealedUpload(
            self.file_name or "",
            self.content_type or "",
            file_size,
            channel=self._channel,
            sealing=self._sealing,
        )

    def upload_interrupted(self) -> None:
        """Let go of a file whose end will not come."""
        if self._arriving:
            self._arriving.put(_GONE)
        self._thread.shutdown()

    def _seal(self, arriving: Arriving) -> Sealed:
        try:
            return intake.seal(arriving, channel=self._channel, to=self._to)
        finally:
            arriving.drain()
