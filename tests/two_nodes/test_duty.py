"""An alert of one node calls the officer on duty at the other, and goes on until somebody answers."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

import pytest

from tests.mail_server import mail_server
from tests.two_nodes.clocks import pass_by
from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import settle, start

pytestmark = pytest.mark.two_nodes

SECRET = "Encryption since 02:50 UTC"


def set_up(node, port):
    """Let a node send mail, and step along its roster within seconds."""
    with (node.home / "node.toml").open("a") as file:
        file.write(
            f'\n[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "comity@bb.test"\n'
        )


def test_who_is_on_duty_is_called_and_then_who_comes_next(nodes, tmp_path) -> None:
    """Within two seconds of the signature, without a word of the case; nobody answers, so it goes on."""
    with mail_server() as post:
        set_up(nodes[1], post.port)
        nodes[1].does("call_by_mail", addresses={"anna": "anna@bb.test", "dora": "dora@bb.test"})
        start(*nodes)
        anna, boris = Desk(nodes[0], tmp_path), Desk(nodes[1], tmp_path)
        settle(*nodes)
        head = ("request", "draft", anna.channel, "--procedure", "alert", "--title", "Ransomware")
        said = ("--field", f"what_happens={SECRET}", "--state", "severity=5")
        ref = str(anna.run(*head, *said)["ref"])
        anna.signs("request", "submit", ref)
        signed = time.monotonic()

        ((arrived, to, first),) = post.until(1)
        settle(*nodes)
        pass_by(nodes[1], 5)
        ((_, _, _), (_, later, second)) = post.until(2)
        now = boris.run("duty", "now", by="")
        listed = boris.run("duty", "list", by="")["shifts"]
        boris.run("duty", "hand-over", "The line was silent twice.", "--to", "anna", by="dora")
        boris.run("duty", "take-over", by="dora")
        taken = boris.run("duty", "now", by="")
        boris.acts(ref, "acknowledged")
        settle(*nodes)

        assert arrived - signed < 2
        assert (["anna@bb.test"], ["dora@bb.test"]) == (to, later)
        assert ref in first["Subject"]
        assert "severity 5" in first["Subject"]
        assert "auto-generated" == first["Auto-Submitted"]
        for mail in (first, second):
            assert SECRET not in mail.as_string()
            assert "Ransomware" not in mail.as_string()
        assert first["Message-ID"] != second["Message-ID"]
        assert ["anna", "dora"] == [one["official"] for one in now["on_duty"]]
        assert [("anna", 1), ("dora", 2)] == [(one["official"], one["order"]) for one in listed]
        assert ["dora"] == [one["official"] for one in taken["on_duty"]]
        assert [(0,)] == _rows(nodes[1], "SELECT count(*) FROM duty_watch")
        assert "acknowledged" == anna.run("request", "show", anna.channel, ref)["state"]
        assert [("acknowledged",)] == _rows(nodes[0], "SELECT source FROM duty_cause")


def _rows(node, question):
    with closing(sqlite3.connect(f"file:{node.home}/comity.sqlite3?mode=ro", uri=True)) as database:
        return database.execute(question).fetchall()
