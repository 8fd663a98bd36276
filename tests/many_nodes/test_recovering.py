"""One of three is restored from an old backup: every log comes back, and nothing is signed twice."""

from __future__ import annotations

import pytest

from tests.many_nodes.conftest import settled, until
from tests.many_nodes.test_rotation import retires
from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import start
from tests.two_nodes.test_recovering import backup, comity  # noqa: F401 - a fixture

pytestmark = [pytest.mark.two_nodes, pytest.mark.lengthy]


def asks(nodes, channel: str, number: int) -> None:
    """Each lodges a request with the next, one after the other, and all hold all of it."""
    parties = sorted(nodes)
    for party, of in zip(parties, [*parties[1:], parties[0]], strict=True):
        assert "error" not in nodes[party].does(
            "ask", channel=channel, ref=f"{party}-2026-{number:04d}", of=of
        )
    settled(nodes, channel)


def alike(nodes, channel: str) -> dict:
    """What all read alike of a channel."""
    seen = nodes["aa"].does("view", channel=channel)
    return {name: seen[name] for name in ("order", "receipted", "standings", "sizes")}


def test_all_logs_come_back_from_one_member_and_nothing_is_signed_before_all_were_heard(
    opened,
    backup,  # noqa: F811 - the fixture
) -> None:
    """A member that cannot be reached may hold more of our log: until it answers it stays closed."""
    nodes, channel = opened
    asks(nodes, channel, 1)
    put_back = backup(nodes["cc"])
    for number in (2, 3):
        asks(nodes, channel, number)
    before = alike(nodes, channel)
    nodes["cc"].kill()
    put_back()
    nodes["bb"].does("cut", party="cc", off=True)
    early = nodes["cc"].does("ask", channel=channel, ref="cc-2026-0009", of="aa")

    start(nodes["cc"])
    until(lambda: nodes["cc"].does("view", channel=channel)["sizes"] == before["sizes"])
    refused = nodes["cc"].does("ask", channel=channel, ref="cc-2026-0009", of="aa")
    nodes["bb"].does("cut", party="cc", off=False)
    until(lambda: "error" not in nodes["cc"].does("ask", channel=channel, ref="cc-2026-0009", of="aa"))
    seen = settled(nodes, channel)

    assert "not-heard-since-restore" == early["error"] == refused["error"]
    assert before["order"] == seen["cc"]["order"][: len(before["order"])]
    assert before["receipted"].items() <= seen["cc"]["receipted"].items()
    assert seen["aa"]["receipted"] == seen["bb"]["receipted"] == seen["cc"]["receipted"]
    assert not any(one["misconduct"] for one in seen.values())
    for node in nodes.values():
        found = node.does("examine")
        assert ([], True) == (found["findings"], found["rebuilt"])


def test_an_operator_who_vouches_for_a_member_need_not_wait_for_it(opened, backup) -> None:  # noqa: F811 - as above
    """By command: each is asked, and who is named as not to be waited for keeps nothing closed."""
    nodes, channel = opened
    put_back = backup(nodes["cc"])
    asks(nodes, channel, 1)
    nodes["cc"].kill()
    put_back()
    nodes["bb"].kill()

    waiting = comity(nodes["cc"], "recover", channel)
    done = comity(nodes["cc"], "recover", channel, "--without", "bb")

    assert (False, ["bb"], {"bb"}) == (waiting["reopened"], waiting["waits_for"], set(waiting["failed"]))
    assert (1, 2) == (waiting["came_back"]["aa"]["own"], waiting["came_back"]["aa"]["theirs"])
    assert (True, []) == (done["reopened"], done["waits_for"])
    assert "error" not in nodes["cc"].does("ask", channel=channel, ref="cc-2026-0009", of="aa")
    start(nodes["bb"], nodes["cc"])
    assert not any(one["misconduct"] for one in settled(nodes, channel).values())


def test_a_home_copied_back_by_hand_notices_and_recovers_too(opened, tmp_path) -> None:
    """No restore told it that anything is missing: the others' receipts bear its own signature."""
    nodes, channel = opened
    nodes["cc"].kill()
    nodes["cc"].copy_to(tmp_path / "copy")
    start(nodes["cc"])
    asks(nodes, channel, 1)
    before = alike(nodes, channel)
    nodes["cc"].kill()
    nodes["cc"].set_back(tmp_path / "copy")

    start(nodes["cc"])
    until(lambda: nodes["cc"].does("view", channel=channel)["sizes"] == before["sizes"])
    until(lambda: "error" not in nodes["cc"].does("ask", channel=channel, ref="cc-2026-0002", of="aa"))
    seen = settled(nodes, channel)

    assert not any(one["misconduct"] for one in seen.values())
    assert seen["aa"]["order"] == seen["cc"]["order"]


def test_keys_that_a_third_and_we_changed_meanwhile_are_followed_by_what_comes_back(
    opened,
    backup,  # noqa: F811 - the fixture
    tmp_path,
) -> None:
    """What signed each part is announced in the one before, whoever gives them back."""
    nodes, channel = opened
    asks(nodes, channel, 1)
    put_back = backup(nodes["cc"])
    for party in ("aa", "cc"):
        desk = Desk(nodes[party], tmp_path)
        assert {} == desk.run("passport", "rotate", by="adam")["left"]
        settled(nodes, channel)
        retires(desk)
        asks(nodes, channel, 2 if party == "aa" else 3)
    before = alike(nodes, channel)
    nodes["cc"].kill()
    put_back()

    start(nodes["cc"])
    until(lambda: nodes["cc"].does("view", channel=channel)["sizes"] == before["sizes"])
    until(lambda: "error" not in nodes["cc"].does("ask", channel=channel, ref="cc-2026-0009", of="aa"))
    seen = settled(nodes, channel)

    assert before["order"] == seen["cc"]["order"][: len(before["order"])]
    assert before["receipted"].items() <= seen["cc"]["receipted"].items()
    assert not any(one["misconduct"] for one in seen.values())
