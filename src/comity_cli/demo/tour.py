"""What to look at in five minutes, once the demonstration stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity_cli.demo import counting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity_cli.demo.stage import Stage

_STEPS: Final = (
    (
        "us",
        "/",
        "Sign in as anna. The desk: what needs an officer now, whose clock runs, which channel is silent.",
    ),
    (
        "us",
        "/requests/{channel}/{revil}/",
        "A request from its author's side: two languages, each act with its article and receipt.",
    ),
    (
        "ru",
        "/requests/{channel}/{revil}/",
        "As boris: the same request on the other side, the same standing, computed there.",
    ),
    (
        "ru",
        "/alerts/{channel}/{alert}/",
        "As boris: an alert: what happened, what is asked, who has received, opened and acknowledged it.",
    ),
    (
        "us",
        "/talks/{channel}/{talk}/",
        "As walter: the hotline; each message an entry, received by their node and opened by their desk.",
    ),
    (
        "us",
        "/channels/{channel}/",
        "The double record: ours on one side, theirs on the other, receipts between.",
    ),
    (
        "ru",
        "/requests/{channel}/{suspension}/",
        "As pavel: the suspension, the terms both sides came back on, and what was sent meanwhile.",
    ),
    (
        "us",
        "/channels/{channel}/reciprocity/",
        "As walter: the figures both nodes derive alike; each number opens its entries.",
    ),
    (
        "ru",
        "/requests/{channel}/{figures}/",
        "As pavel: the figures one side stated; his side counted the same entries again, and agreed.",
    ),
    ("us", "/evidence/", "Exhibits: sealed, fetched by range, hashed again by the side that received them."),
    ("us", "/logs/", "Both logs, receipts, the witness's marks. Every entry gives its proof as a file."),
    (
        "us",
        "/officials/approvals/",
        "As clara: an answer waits for your signature. Sign it, and watch the same request as boris.",
    ),
    (
        "ru",
        "/requests/{channel}/{vologda}/",
        "As boris: accept the conditions, with daria's signature; or stop one node and go on.",
    ),
)


def lines(stage: Stage) -> Sequence[str]:
    """Addresses, log-ins, and the tour."""
    told = ["", "The nodes are running. Ctrl-C stops them.", ""]
    for party, node in stage.nodes.items():
        told.append(f"{stage.script.nodes[party].name}: {node.address}   home {node.home}")
        for person in stage.script.nodes[party].officials:
            password = stage.passwords[party, person.login]
            told.append(f"    {person.login:8} {password:18} {', '.join(person.roles)}, {person.office}")
        told.append(f"    {'admin':8} {stage.passwords[party, 'admin']:18} administrator")
    told += ["", "Five minutes:"]
    for number, (party, path, words) in enumerate(_STEPS, 1):
        address = stage.nodes[party].address + path.format(channel=stage.channel, **stage.refs)
        told += [f"{number:3}. {address}", f"     {words}"]
    told += ["", "What was published of the figures, verified as anybody may:"]
    told.append(f"    comity verify {counting.published(stage, 'us')}")
    told += ["", stage.script.notice]
    return told
