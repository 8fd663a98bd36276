"""What to look at in five minutes, once the demonstration stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity_cli.demo.stage import Stage

_STEPS: Final = (
    ("us", "/", "The desk: what needs an officer now, whose clock runs, which channel is silent."),
    ("us", "/requests/{channel}/{ref}/", "The request as its author sees it: text in two languages, each act with its article."),
    ("ru", "/requests/{channel}/{ref}/", "The same request on the other side: the same standing, computed there from the same record."),
    ("us", "/channels/{channel}/", "The double record: ours on one side, theirs on the other, receipts between."),
    ("ru", "/evidence/", "Exhibits: each sealed, delivered by range, hashed again by the side that received it."),
    ("us", "/logs/", "Both logs, the receipts and the witness's marks; every entry gives its proof as a file."),
    ("us", "/requests/drafts/new/", "Now you: draft a request as anna, have clara sign it in a private window, answer as boris."),
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
        address = stage.nodes[party].address + path.format(channel=stage.channel, ref=stage.ref)
        told += [f"{number:3}. {address}", f"     {words}"]
    told += ["", stage.script.notice]
    return told
