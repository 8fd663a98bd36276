"""An export: the record of one channel as a directory a stranger can verify, with Comity or without.

Layout, below the directory::

    README                            what is here, what each file proves, how to check it
    policy                            C2SP tlog-policy: the logs and whose cosignatures make a receipt
    <party>/checkpoint                the newest signed checkpoint, with every cosignature of that size
    <party>/vkey, <party>/vkeys       the Ed25519 key the checkpoint is signed with; both its keys
    <party>/keychanges                indexes of the entries that changed the log's keys, where any did
    <party>/mirrors                   Ed25519 keys of the mirrors that cosigned exactly that checkpoint
    <party>/tile/...                  C2SP tlog-tiles: tree and entries
    <party>/receipts/<size>.<giver>   every receipt for this log: a checkpoint the giver's mirror cosigned
    <party>/witnessed/<n>             every checkpoint a neutral witness cosigned
    passports/<party>/<version>       every passport version the exporting node holds
    instruments/<id>/*.toml           the texts whose digests the entries state
    misconduct/<sha256>.json          fork proofs
    payloads/<sha256>.age             sealed payloads, where they were asked for

    renewals/<n>/files, .../token.tsr SHA-512 of all that was here, and an authority's time stamp over it

A party whose log is empty has no directory. Follows: docs/spec/export.md.
"""

from __future__ import annotations

from typing import Final, Protocol

from comity.errors import ComityError, ExportDoesNotHold
from comity.names import party_code
from comity.tlog.encoding import decimal

POLICY: Final = "policy"
README: Final = "README"
PASSPORTS: Final = "passports"
INSTRUMENTS: Final = "instruments"
MISCONDUCT: Final = "misconduct"
PAYLOADS: Final = "payloads"
RECEIPTS: Final = "receipts"
WITNESSED: Final = "witnessed"
KEY_CHANGES: Final = "keychanges"
RENEWALS: Final = "renewals"
SHARED: Final = frozenset({POLICY, README, PASSPORTS, INSTRUMENTS, MISCONDUCT, PAYLOADS, RENEWALS})


class Files(Protocol):
    """Where the files of an export come from. Paths have ``/`` and lead nowhere outside."""

    def read(self, path: str, most: int) -> bytes:
        """Return a file of at most so many bytes.

        Raises:
            ExportDoesNotHold: It is missing, larger, or not a plain file.
        """
        ...

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder, sorted; none where there is no such folder."""
        ...


def receipt_name(size: int, giver: str) -> str:
    """The file name of a receipt."""
    return f"{size}.{giver}"


def read_receipt_name(name: str) -> tuple[int, str]:
    """Read the file name of a receipt: the size it covers, and whose it is.

    Raises:
        ExportDoesNotHold: It is not such a name.
    """
    text, _, giver = name.partition(".")
    size = decimal(text)
    try:
        if size is not None:
            return size, party_code(giver)
    except ComityError:
        pass
    raise ExportDoesNotHold(f"{name[:80]!r} is not the name of a receipt")


def readme(channel: str, parties: list[str], taken_at: str, by: str) -> str:
    """What an expert finds first: what is here, what it proves, and how to check it without us."""
    first = parties[0]
    return f"""THE RECORD OF CHANNEL {channel}

Parties {", ".join(parties)}. Written by the node of {by} at {taken_at}.

Each party has one log to which only it appends. Whatever it did in the channel is an entry of its log. The
other party holds a copy and signs a receipt for it. Nothing here asks you to trust whoever handed it to you;
what you must know from elsewhere is whose keys the keys in "policy" are. Ask each party's authority for its
passport, or for the policy, and compare.

WHAT EACH FILE PROVES

  policy                 which keys sign each log, and whose cosignatures are receipts
  PARTY/checkpoint       PARTY signed: "my log has exactly these entries" (size and root hash)
  PARTY/tile/entries/    the entries; PARTY/tile/0/ and up, the hashes that lead from each entry to the root
  PARTY/keychanges       where PARTY changed its keys: entries under the old, naming a passport with the new
  PARTY/receipts/        the other party signed: "I hold the first SIZE entries, since this time"
  PARTY/witnessed/       a neutral witness signed: "I saw the log at this size at this time"
  passports/             each party's signed description of itself and its keys
  instruments/           the rules the parties chose; the entries name them by digest
  misconduct/            proofs that a party signed two histories of its log (none is the rule)
  payloads/              sealed contents, under the SHA-256 the entry gives

  renewals/N/            where `comity renew` was used: a time-stamping authority signed that all of this was
                         here at a time:
                         sha512sum -c renewals/N/files
                         openssl ts -verify -data renewals/N/files -in renewals/N/token.tsr -CAfile CA.pem

HOW TO CHECK IT WITH COMITY (no network, no node)

  comity verify --policy THEIR-POLICY .       with a policy you got elsewhere (preferred)
  comity verify .                             with the policy that lies here

HOW TO CHECK IT WITHOUT COMITY

  Tree and signatures: any C2SP tlog client; with Go's own log code, conformance/go of the Comity source:
      ./verify .
  One entry: an entry bundle holds up to 256 entries, each after its length in two bytes, big-endian. An
  entry is JSON:
      dd if={first}/tile/entries/000 bs=1 skip=2 count=LENGTH      (000.p/WIDTH while it is not full)
  A payload: its name is its digest; its content opens with the age tool and the key of a party:
      sha256sum payloads/*.age
      age --decrypt -i KEY payloads/SHA256.age
  The rules: in each folder of instruments/, the digest the entries state is that of the listing:
      LC_ALL=C sha256sum *.toml | sha256sum

WHAT NOTHING HERE PROVES

  That what a request or an answer says is true. Which person acted: entries name offices. That a clock was
  right: every time is by the clock of whoever signed. What came after {taken_at}.
"""
