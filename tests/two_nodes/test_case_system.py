"""A case system beside a real node: drafts by API, signed by people, answered abroad, read and told."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from tests.two_nodes.desk import DEMANDED, Desk
from tests.two_nodes.nodes import environment, settle, start

pytestmark = pytest.mark.two_nodes


@pytest.fixture
def told():
    """A web service that our node tells what happened; what it was told."""
    got = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Taking)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_request_drafted_by_a_case_system_is_answered_and_read_by_it(nodes, tmp_path, told) -> None:
    """The whole way of a case system: it prepares, people sign, it is told, it fetches what came."""
    base, got = told
    with (nodes[0].home / "node.toml").open("a") as settings:
        settings.write(f'\n[[hook_addresses]]\naddress = "{base}"\n')
    add = [sys.executable, "-m", "comity_cli.main", "webhook", "add", "cases", f"{base}/hooks"]
    subprocess.run(add, check=True, env=environment(nodes[0].home), capture_output=True)
    start(*nodes)
    anna, boris = (Desk(node, tmp_path) for node in nodes)
    settle(*nodes)
    until = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
    scopes = [word for scope in ("read", "results", "draft") for word in ("--scope", scope)]
    issued = anna.run("token", "issue", "anna", "--label", "Cases", *scopes, "--until", until, by="")
    secret = anna.run("token", "draw", issued["token"])["secret"]

    with httpx.Client(
        base_url=f"http://127.0.0.1:{nodes[0].port}/api/v1", headers={"Authorization": f"Bearer {secret}"}
    ) as system:
        new = {"channel": anna.channel, "title": "Records", "types": ["documents_items"], "fields": DEMANDED}
        ref = system.post("/drafts", json=new).raise_for_status().json()["ref"]
        system.put(f"/drafts/{ref}/hand-over", json={}).raise_for_status()
        before = settle(*nodes)
        anna.signs_with_second("request", "submit", ref)
        assert before != settle(*nodes)

        for act in ("acknowledged", "accepted"):
            boris.acts(ref, act)
        exhibit = boris.adds(
            "letter.txt", b"Subscriber: nobody.", "--request", ref, "--description", "Letter"
        )
        boris.acts_with_second(ref, "executed", "--state", "extent=in whole", "--exhibit", exhibit)
        settle(*nodes)
        anna.exhibit(exhibit, "received")

        found = system.get(f"/requests/{anna.channel}/{ref}").json()
        (listed,) = system.get("/exhibits", params={"channel": anna.channel, "request": ref}).json()[
            "exhibits"
        ]
        content = listed["content_href"].removeprefix("/api/v1")
        closed = system.get(content)
        anna.run("evidence", "open", anna.channel, exhibit, tmp_path / "x", "--purpose", "Case file", "--yes")
        given = system.get(content)

        assert ("executed", "aa") == (found["request"]["state"], found["request"]["turn"])
        assert (409, "not-opened-yet") == (closed.status_code, closed.json()["code"])
        assert b"Subscriber: nobody." == given.content

    deadline = time.monotonic() + 20
    while not any(one["standing"] == "executed" for one in got) and time.monotonic() < deadline:
        time.sleep(0.05)
    events = {(one["event"], one["ref"]) for one in got}
    assert {("entry.received", ref), ("entry.receipted", ref), ("request.standing", ref)} <= events
    assert "executed" in [one["standing"] for one in got]
    assert "Records" not in json.dumps(got)
