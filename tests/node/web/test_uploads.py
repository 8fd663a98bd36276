"""Forms that bring files are refused by their size before they are written anywhere."""

from __future__ import annotations

from io import BytesIO

import pytest

from comity_node.web.uploads import MOST_OF_AN_OFFICIAL

pytestmark = pytest.mark.django_db


class Counted(BytesIO):
    """A body that says how much of it was read."""

    def __init__(self) -> None:
        super().__init__(
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n' + b"z" * 2**20
        )
        self.taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Give out the next bytes."""
        part = super().read(size)
        self.taken += len(part)
        return part


def posted(client, page: str, size: int) -> tuple[int, int]:
    """Status of the answer, and how much of the form was read, which says that it has ``size`` bytes."""
    body = Counted()
    form = {
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": str(size),
        "wsgi.input": body,
    }
    return client.post(page, **form).status_code, body.taken


@pytest.mark.parametrize("page", ["/officials/login/", "/verify/", "/requests/"])
def test_a_stranger_fills_no_disk(page, client) -> None:
    """Every form is read to see whether it was forged, before anybody asks who sent it."""
    client.handler.enforce_csrf_checks = True
    client.get("/officials/login/")

    assert (400, 0) == posted(client, page, 3 * 2**20)


def test_an_official_brings_no_more_than_the_largest_page_takes(hire, browser) -> None:
    """What is larger is verified by the command, or added as an exhibit."""
    assert (400, 0) == posted(browser(hire("anna", "case officer")), "/verify/", MOST_OF_AN_OFFICIAL + 1)


def test_what_an_official_may_bring_is_read(hire, browser) -> None:
    """A delivery to be verified is larger than any form of a stranger."""
    status, taken = posted(browser(hire("anna", "case officer")), "/verify/", 3 * 2**20)

    assert taken > 2**20
    assert status != 400
