"""Among three a check is asked once and answered by each; where one is reached, all the others read."""

from __future__ import annotations

import pytest

from tests.many_nodes.conftest import settled, until
from tests.two_nodes.desk import Desk

pytestmark = [pytest.mark.two_nodes, pytest.mark.lengthy]


def test_one_check_of_two_parties_is_measured_with_each_and_read_alike_by_all(opened, tmp_path) -> None:
    """Both nodes answer by themselves; the third party reads what it is no side of."""
    nodes, channel = opened
    desks = [Desk(node, tmp_path) for node in nodes.values()]

    def checks(desk):
        """What a party holds of the checks."""
        return desk.run("contact", "checks", by="")["checks"]

    desks[0].run("contact", "check", channel, "--sort", "automatic", "--yes")
    until(lambda: ["answered"] * 2 == [one["state"] for one in checks(desks[0])])
    settled(nodes, channel)
    held = [checks(desk) for desk in desks]
    assert held[0] == held[1] == held[2]
    assert [("bb", True), ("cc", True)] == [(one["party"], one["by_node"]) for one in held[0]]
    assert all(one["round_trip_seconds"] is not None for one in held[0])

    said = ("--authority", "Centre", "--role", "Desk", "--language", "en", "--hours", "24/7", "--zone", "UTC")
    (added,) = desks[1].run(
        "contact", "add", "--kind", "technical", *said, "--telephone", "+41446681800", "--yes"
    )["recorded"]
    desks[1].run("approve", "sign", added["approval"], "--yes", by="dora")
    settled(nodes, channel)
    listed = [desk.run("contact", "list", "--party", "bb", by="")["points"][0] for desk in desks]
    assert [["+41446681800"]] * 3 == [one["telephones"] for one in listed]

    one = desks[2].run("contact", "check", channel, "--sort", "human", "--party", "bb", "--yes")
    ref = one["recorded"][0]["ref"]
    settled(nodes, channel)
    desks[1].signs("contact", "answer", channel, ref)
    settled(nodes, channel)
    assert [["bb"]] * 3 == [[row["party"] for row in checks(desk) if row["ref"] == ref] for desk in desks]
