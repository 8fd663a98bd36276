"""What runs inside a node's home: furnish it, act in it, look into it. Orders come as lines of JSON.

``python -m tests.two_nodes.inside HOME PARTY PORT`` answers each line with one line.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import resource
import secrets
import sys
from pathlib import Path

INSTRUMENT = "us-ru-1999"
PASSWORD = "correct horse battery staple"
PASSPORT = """languages = ["en"]
[[authorities]]
code = "ca"
role = "central"
powers = ["request", "execute"]
names = { en = "Central authority" }
"""


def make_home(home: Path, party: str, port: int) -> None:
    """Write what ``comity init`` writes, with a courier that does not let a test wait."""
    from comity.keys.keyring import Keyring  # noqa: PLC0415 - only a new home needs it

    home.mkdir(mode=0o700)
    (home / "keys").mkdir(mode=0o700)
    (home / "node.toml").write_text(
        f'party = "{party}"\naddress = "http://127.0.0.1:{port}"\nlisten = "127.0.0.1:{port}"\n'
        f'courier_seconds = 1\nrelay_seconds = 2\n[names]\nen = "{party.upper()}"\n'
    )
    (home / "passport.toml").write_text(PASSPORT)
    for path, content in (
        (home / "secret_key", secrets.token_urlsafe(64).encode()),
        (home / "keys" / "keyring", Keyring.generate(party).to_bytes(None)),
    ):
        path.touch(mode=0o600)
        path.write_bytes(content)


def enter(home: Path) -> None:
    """Become the node of this home."""
    os.environ["COMITY_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "comity_node.settings.production"
    import django  # noqa: PLC0415 - its settings are the home's

    django.setup()


def furnish() -> dict:
    """Make the database, two offices with one coordinator each, and the passport."""
    from django.core.management import call_command  # noqa: PLC0415 - the node is entered first

    call_command("migrate", verbosity=0)
    from comity_node.counterparts import own  # noqa: PLC0415 - as above
    from comity_node.officials import people  # noqa: PLC0415 - as above

    for office, login in (("ca", "anna"), ("mfa", "dora")):
        people.add_office(office, names={"en": office})
        roles = ["case officer", "coordinator"]
        people.add_official(login, display_name=login, office=office, roles=roles, password=PASSWORD)
    people.add_official("adam", display_name="adam", office="ca", roles=["administrator"], password=PASSWORD)
    return {"passport": base64.b64encode(bytes(own.issue_passport().note)).decode()}


def own_passport() -> dict:
    """Our passport as a file, and its fingerprint."""
    from comity_node.counterparts import own, queries  # noqa: PLC0415 - the node is entered first

    row = own.issue_passport()
    return {"passport": bytes(row.note).decode(), "digits": queries.read(row).fingerprint.digits}


def confirm(passport: str) -> dict:
    """Hold the ceremony for a counterpart's passport."""
    from comity_node.counterparts import queries, services  # noqa: PLC0415 - the node is entered first

    row = services.import_passport(base64.b64decode(passport))
    digits = queries.read(row).fingerprint.digits
    services.hold_ceremony(row, by=_anna(), fingerprint=digits, path="telephone", with_whom="Boris")
    return {}


def propose(counterpart: str | list[str], within: str = "") -> dict:
    """Propose a channel to one or to many, seconded."""
    from comity.channel.charter import Coordinator  # noqa: PLC0415 - the node is entered first
    from comity_node.channels import services  # noqa: PLC0415 - as above
    from comity_node.channels.neighbours import Belongs  # noqa: PLC0415 - as above

    charter = services.draft_charter(
        counterparts=[counterpart] if isinstance(counterpart, str) else counterpart,
        instruments=[INSTRUMENT, "ets-185"],
        purpose="Ransomware",
        languages=["en"],
        coordinator=Coordinator("ca", "coordinator"),
        exercise=True,  # no treaty binds States that do not exist
        belongs=Belongs(within=within),
    )
    _seconded(services.propose(charter, by=_anna()))
    return {"channel": charter.channel}


def accept(channel: str) -> dict:
    """Accept a proposed channel, seconded."""
    from comity.channel.charter import Coordinator  # noqa: PLC0415 - the node is entered first
    from comity_node.channels import services  # noqa: PLC0415 - as above

    coordinator = Coordinator("ca", "coordinator")
    _seconded(services.answer(channel=channel, act="accepted", coordinator=coordinator, by=_anna()))
    return {}


def lodge(ref: str) -> dict:
    """Lodge a request, as the register takes it."""
    from comity.instruments import library  # noqa: PLC0415 - the node is entered first
    from comity_node.register import services  # noqa: PLC0415 - as above
    from comity_node.register.acts import Act, Capacity  # noqa: PLC0415 - as above

    own, theirs = _logs()
    act = Act(
        channel=own.channel,
        kind="assistance.request.lodged",
        ref=ref,
        stated={
            "instrument": INSTRUMENT,
            "table": library()[INSTRUMENT].digest,
            "requested": theirs.party,
            "types": ["testimony"],
        },
        payload={"title": ref, "language": "en", "fields": {"purpose": "trial"}},
    )
    written = services.append(act, by=Capacity("ca", "case officer"), second=Capacity("mfa", "coordinator"))
    return {"ref": str(written)}


def warn(titles: list[str]) -> dict:
    """Raise an alert of the worst under each title, all in one delivery, as the register takes it."""
    from comity.instruments import library  # noqa: PLC0415 - the node is entered first
    from comity_node.register import services  # noqa: PLC0415 - as above
    from comity_node.register.acts import Act, Capacity  # noqa: PLC0415 - as above

    own, theirs = _logs()
    stated = {
        "instrument": "charter",
        "table": library()["charter"].digest,
        "requested": theirs.party,
        "severity": "5",
    }
    acts = [
        Act(
            channel=own.channel,
            kind="alert.incident.raised",
            ref=f"{own.party}-2026-{number:05}",
            stated=stated,
            payload={"title": title, "language": "en", "fields": {"what_happens": title}},
        )
        for number, title in enumerate(titles, 1)
    ]
    return {"raised": len(services.append_all(acts, by=Capacity("ca", "case officer"), alone=True))}


def desk() -> dict:
    """What the first page says, to an officer who opens it."""
    from django.conf import settings  # noqa: PLC0415 - the node is entered first
    from django.test import Client  # noqa: PLC0415 - as above

    page = Client()
    page.force_login(_anna())
    answer = page.get("/", headers={"host": settings.ALLOWED_HOSTS[0]})
    return {"status": answer.status_code, "says": answer.content.decode()}


def export() -> dict:
    """The next delivery, as a file for a stick."""
    own, theirs = _logs()
    from comity_node.register.packing import pack  # noqa: PLC0415 - the node is entered first

    return {"bundle": base64.b64encode(pack(own, theirs).encode()).decode()}


def take(bundle: str) -> dict:
    """Take in a delivery from a stick; give back the answer to be carried home."""
    from comity.channel.bundle import read_bundle  # noqa: PLC0415 - the node is entered first
    from comity_node.wire.receiving import receive  # noqa: PLC0415 - as above

    taken = receive(read_bundle(base64.b64decode(bundle)))
    answer = base64.b64encode(taken.answer.encode()).decode()
    return {"entries": taken.entries, "receipts": taken.receipts, "bundle": answer}


def examine() -> dict:
    """Recompute everything, prove every receipt, and give the digest of each log."""
    from comity_node.register import fsck, models, rebuilding  # noqa: PLC0415 - the node is entered first

    findings, _ = fsck.check()
    before, after = rebuilding.rebuild()
    logs = {}
    for log in models.Log.objects.all():
        rows = models.Entry.objects.filter(log=log).order_by("index").values_list("leaf", "payload", "ref")
        payloads = {digest for _, digest, _ in rows if digest}
        logs[log.origin] = {
            "size": log.size,
            "leaves": hashlib.sha256(b"".join(bytes(leaf) for leaf, _, _ in rows)).hexdigest(),
            "payloads": models.Payload.objects.filter(pk__in=payloads).count() == len(payloads),
            "refs": [ref for _, _, ref in rows],
            "receipted": max(_receipts(log).values_list("size", flat=True), default=0),
            "proven": _proven(log),
        }
    return {
        "findings": [f"{one.where}: {one.what}" for one in findings],
        "rebuilt": before == after,
        "logs": logs,
        "misconduct": [bytes(one.proof).decode() for one in models.Misconduct.objects.all()],
        "refused": list(models.Delivery.objects.values_list("code", flat=True)),
    }


def course() -> dict:
    """The common order, when each entry was receipted, and where every procedure stands."""
    from comity_node.assistance.models import Request  # noqa: PLC0415 - the node is entered first
    from comity_node.register import queries  # noqa: PLC0415 - as above

    own, _ = _logs()
    entries = queries.entries(own.channel)
    return {
        "order": [[str(one.ref), one.depth, str(one.receipted_at)] for one in entries],
        "standings": sorted(map(str, Request.objects.values_list("ref", "state"))),
        "closed": own.held_elsewhere,
    }


def channel() -> dict:
    """The channel's id."""
    return {"channel": _logs()[0].channel}


def call_by_mail(addresses: dict[str, str]) -> dict:
    """Put these officials on duty, in this order, and have each called by mail."""
    from datetime import timedelta  # noqa: PLC0415 - only this needs it

    from django.utils import timezone  # noqa: PLC0415 - the node is entered first

    from comity_node.duty import services  # noqa: PLC0415 - as above
    from comity_node.duty.models import Way  # noqa: PLC0415 - as above
    from comity_node.officials import people  # noqa: PLC0415 - as above

    now = timezone.now()
    for order, (login, address) in enumerate(addresses.items(), start=1):
        official = people.find(login)
        services.add(official, begins=now, ends=now + timedelta(hours=8), order=order)
        Way.objects.create(official=official, way="mail", address=address)
    return {}


def command(words: list[str], by: str) -> dict:
    """Run a verb of the command in this home, as an official or as its operator."""
    from click.testing import CliRunner  # noqa: PLC0415 - the node is entered first

    from comity_cli.main import comity  # noqa: PLC0415 - as above

    as_official = ["--as", by] if by else []
    done = CliRunner().invoke(comity, [*words, "--json", *as_official], input=f"{PASSWORD}\n" if by else None)
    return {"code": done.exit_code, "stdout": done.stdout, "stderr": done.stderr}


def cramp(limit: int) -> dict:
    """Let no file of this process grow beyond so many bytes, as if the disk were full; 0 lifts it."""
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit or hard, hard))
    return {}


def pass_days(days: float) -> dict:
    """Put the clock of this process so many days ahead of the machine's."""
    from tests.two_nodes.clocks import put_off  # noqa: PLC0415 - the node is entered first

    put_off(days)
    return {}


def lines() -> dict:
    """How the line to each counterpart does."""
    from comity_node.counterparts import clocks  # noqa: PLC0415 - the node is entered first
    from comity_node.wire.models import LineReport  # noqa: PLC0415 - as above

    reports = [(one, clocks.clock(one.party)) for one in LineReport.objects.all()]
    return {
        one.party: {"because": one.because, "skew": seen.typical if seen else None} for one, seen in reports
    }


def _receipts(log):
    from comity_node.register import models  # noqa: PLC0415 - the node is entered first

    return models.Receipt.objects.filter(log=log)


def _proven(log) -> bool:
    """Whether every receipt is consistent with the log as it stands."""
    from comity.tlog.checkpoint import Checkpoint  # noqa: PLC0415 - the node is entered first
    from comity.tlog.merkle import verify_consistency  # noqa: PLC0415 - as above
    from comity.tlog.note import parse_note  # noqa: PLC0415 - as above
    from comity_node.register.tree import StoredTree  # noqa: PLC0415 - as above

    tree = StoredTree(log)
    root = tree.root(log.size)
    for note in _receipts(log).values_list("note", flat=True):
        old = Checkpoint.parse(parse_note(bytes(note)).text)
        verify_consistency(old.size, old.root, log.size, root, tree.prove_growth(old.size, log.size))
    return True


def _logs():
    from comity_node.register import queries  # noqa: PLC0415 - the node is entered first

    channel = queries.all_logs()[0].channel
    (theirs,) = queries.their_logs(channel)
    return queries.own_log(channel), theirs


def _anna():
    from comity_node.officials.models import Official  # noqa: PLC0415 - the node is entered first

    return Official.objects.get(login="anna")


def _seconded(prepared) -> None:
    from comity_node.officials import services  # noqa: PLC0415 - the node is entered first
    from comity_node.officials.models import Official, PreparedAct  # noqa: PLC0415 - as above

    if isinstance(prepared, PreparedAct):
        services.second(prepared, by=Official.objects.get(login="dora"))


KNOWN = (
    furnish,
    own_passport,
    confirm,
    propose,
    accept,
    lodge,
    warn,
    desk,
    export,
    take,
    examine,
    lines,
    course,
    channel,
    cramp,
    call_by_mail,
    command,
    pass_days,
)
ORDERS = {one.__name__: one for one in KNOWN}


def obey(line: str) -> dict:
    """Carry out one order; an error is an answer too."""
    from django.db import connections  # noqa: PLC0415 - the node is entered first

    from comity.errors import ComityError  # noqa: PLC0415 - as above

    order = json.loads(line)
    try:
        return ORDERS[order.pop("do")](**order)
    except ComityError as error:
        return {"error": error.code, "because": str(error), "hint": error.hint}
    finally:
        connections.close_all()


def main(home: str, party: str, port: str) -> None:
    """Obey until the orders end."""
    if not Path(home).exists():
        make_home(Path(home), party, int(port))
    enter(Path(home))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(obey(line)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
