"""A mail server on loopback that keeps what it takes, or refuses as it is told to."""

from __future__ import annotations

import time
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from tests.ports import free_port


class Post:
    """What was taken: the monotonic time, to whom, the mail. ``says``: how the next is answered."""

    def __init__(self):
        self.taken, self.says, self.port = [], "250 taken", 0

    @property
    def mails(self):
        """The mails alone."""
        return [mail for _at, _to, mail in self.taken]

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the library's name
        """Take one mail, or refuse it."""
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append((time.monotonic(), envelope.rcpt_tos, mail))
        return self.says

    def until(self, count, seconds=15.0):
        """Wait for so many mails."""
        give_up = time.monotonic() + seconds
        while len(self.taken) < count and time.monotonic() < give_up:
            time.sleep(0.02)
        assert count <= len(self.taken), [str(mail["Subject"]) for mail in self.mails]
        return self.taken


@contextmanager
def mail_server():
    """Start one, and stop it."""
    post = Post()
    post.port = free_port()
    controller = Controller(post, hostname="127.0.0.1", port=post.port)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()
