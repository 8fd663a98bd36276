"""The sample context of every page, by page name."""

from __future__ import annotations

from types import SimpleNamespace as Row

from preview_samples import (
    ACTS, ANSWER_TARGET, CHANNEL, CONFIRM_WRITING, DIGEST, EMPTY, FROZEN, NAMES, NOW, PAGES, REF, THEIR_TARGET, TREATY,
    CeremonyForm, DraftForm, Filters, LoginForm, ProofForm, act, at, columns, record, ref, side,
)

SIGNED_TEXT = """assistance.request.refused
channel wgict2021mosgen5
reference ru-2026-0001
answers ru.comity/wgict2021mosgen5#3
states ground: security_essential_interests
states reasons: consultation-of-2026-11-03

{
 "consulted": "us.comity/wgict2021mosgen5#4",
 "reasons": "Execution in the form asked would disclose the identity of a protected witness. Assistance under conditions was offered on 3 November 2026."
}"""
LEAF = '{"v":1,"kind":"assistance.request.lodged","at":"2026-11-01T14:05:31Z","by":{"office":"OIA","capacity":"case-officer"},"ref":"us-2026-0001","re":[],"seen":{"ru.comity/wgict2021mosgen5":1},"stated":{"instrument":"mlat-us-ru-1999"},"payload":{"sha256":"9f2c61f0c2a34d5be0a77d4bd0d9b1a4fb7c6f1a5f3e8b7f1d2c3b4a59687706","size":48211}}'
CHECKPOINT = f"us.comity/{CHANNEL}\n6\nn2xh8MKjTVvgp31L0NmxpPt8bxpfPot/HSw7SllodwY=\n\n— us.comity/{CHANNEL} 0a1b2c3dQ1v…\n"
TITLE = "Records and seized devices in the matter of the group known as REvil"


def contexts(home: str) -> dict[str, dict]:
    other = "ru" if home == "us" else "us"
    lines = record(home)
    ours, theirs = side(home, home), side(other, home)
    filters = {"filters": Filters({}), "pages": PAGES, "empty": EMPTY, "reset_href": "#", "export_href": "#", "new_href": "#", "now": NOW}
    exhibits = [
        Row(number="RU-E-0007", title="Forensic image of a laptop computer", href="exhibit.html", size=274_877_906_944, sha256=DIGEST, custodian="Investigative Department, evidence store", since=at(3, 9, 40), sealed=True, state="handed over, receipt pending"),
        Row(number="RU-E-0008", title="Extract of payment records", href="exhibit.html", size=18_240_112, sha256=DIGEST[::-1], custodian="Office of International Affairs", since=at(3, 9, 40), sealed=True, state="received and hashed again"),
    ]
    request_ = Row(ref=REF, title=TITLE, ours=home == "us", requesting="us", requested="ru", standing="Accepted for execution", tone="theirs" if home == "us" else "ours",
                   channel=CHANNEL, channel_name="Working group on ICT security", channel_href="channel.html", instrument=TREATY, verified="P")
    trail = [Row(label="Requests", href="request_list.html"), Row(label=REF, href="")]

    def request(tab: str, **more) -> dict:
        names = [("overview", "Overview"), ("basis", "Legal basis"), ("correspondence", "Correspondence"), ("evidence", "Evidence"), ("deadlines", "Deadlines"), ("log", "Log")]
        tabs = [Row(label=label, href=f"request_{key}.html", current=key == tab, count=len(exhibits) if key == "evidence" else 0) for key, label in names]
        return {"request_": request_, "tab": tab, "tabs": tabs, "trail": trail, "acts": ACTS, "now": NOW, **more}

    mine = [line for line in lines if line.procedure == REF]
    hand = lambda **more: Row(**{"basis": "Art. 7(3)", "verified": "V", "hash_agrees": None, "seal": "", "condition": "", "receipt": Row(at=at(3, 9, 41), size=6), "entry_href": "entry.html", "purpose": "", **more})  # noqa: E731
    return {
        "login": {"form": LoginForm(), "next": "/", "note": "", "sso": [Row(label="Sign in with the national identity service", href="#")]},
        "desk": {
            "now": NOW,
            "needs": [
                Row(title="Decide on a request to take testimony", href="#", ref="ru-2026-0002", ours=False, party="ru", why="Lodged and receipted; nobody has taken it up yet.", basis="Art. 7(1)", verified="V", clock=ANSWER_TARGET),
                Row(title="Confirm in writing what was asked by telephone", href="#", ref=REF, ours=True, party="us", why="The request lapses without a written confirmation.", basis="Art. 5", verified="S", clock=CONFIRM_WRITING),
                Row(title="Hash and receipt exhibit RU-E-0007", href="#", ref=REF, ours=False, party="ru", why="Delivered whole at 09:52 UTC.", basis="Art. 7(3)", verified="V", clock=None),
            ],
            "seconds": [Row(title="Refuse the request", href="confirm_second.html", ref="ru-2026-0001", prepared_by="A. Marlow", office="Office of International Affairs", at=at(3, 14, 2))],
            "our_clocks": [ANSWER_TARGET, CONFIRM_WRITING], "their_clocks": [THEIR_TARGET, FROZEN],
            "channels": [
                Row(name="Working group on ICT security", href="channel.html", party=other, standing="Open", tone="open", last_heard=at(3, 15, 19), unreceipted=2, oldest_unreceipted=at(3, 9, 18), silent=False),
                Row(name="Protection of critical infrastructure", href="#", party=other, standing="Suspended by them", tone="frozen", last_heard=at(1, 8, 0), unreceipted=0, oldest_unreceipted=None, silent=True),
                Row(name="24/7 contact point", href="#", party=other, standing="Open", tone="open", last_heard=at(3, 15, 15), unreceipted=0, oldest_unreceipted=None, silent=False),
            ],
        },
        "channel_list": {**filters, "columns": columns("Channel", "Counterpart", "Legal basis", "Standing", "Entries, ours | theirs", "No receipt", "Last heard", numbers=("Entries, ours | theirs", "No receipt")), "rows": [
            Row(name="Working group on ICT security", href="channel.html", party=other, party_name=NAMES[other], basis=TREATY, verified="P", standing="Open", tone="open", ours_size=6, theirs_size=6, unreceipted=2, last_heard=at(3, 15, 19)),
            Row(name="Protection of critical infrastructure", href="#", party=other, party_name=NAMES[other], basis="Arrangement of 16 June 2021", verified="S", standing="Suspended by them", tone="frozen", ours_size=41, theirs_size=38, unreceipted=0, last_heard=at(1, 8, 0)),
        ]},
        "channel": {
            "channel": Row(id=CHANNEL, name="Working group on ICT security", standing="Open", tone="open", basis=TREATY, basis_href="#", verified="P"), "ours": ours, "theirs": theirs,
            "halves": [Row(code=party.code, name=party.name, ours=party.ours, size=6, receipted=4 if party.ours else 6, receipted_at=at(3, 9, 41), checkpoint_href="#", last_heard=at(3, 15, 19), coordinator="National Security Council" if party.code == "us" else "Security Council") for party in (ours, theirs)],
            "entries": lines, "by_procedure": False, "now": NOW, "time_href": "#", "procedure_href": "#", "suspension": None,
            "acts": [act("Lodge a request", "Art. 5", "P", weight="primary"), act("Suspend our side", "practice: charter, section 6", "V", second="a coordinator of another office"), act("Propose resumption", "practice: charter, section 6", "V", because="the channel is open.")],
            "obligations": [Row(text="Return or destroy the material of us-2026-0001", ours=home == "us", party="us", basis="Art. 9", verified="P", href="#"), Row(text="Report the outcome of us-2026-0001", ours=home == "ru", party="ru", basis="Art. 7", verified="P", href="#")],
        },
        "channel_by_procedure": {},
        "request_list": {**filters, "columns": columns("Request", "Requesting", "Legal basis", "Standing", "Clock", "Last entry"), "rows": [
            Row(ref=REF, href="request_overview.html", title=TITLE, ours=home == "us", party="us", instrument="Treaty of 1999, Art. 2", verified="S", standing="Accepted for execution", tone="theirs", clock=None, changed_at=at(3, 12, 6)),
            Row(ref="ru-2026-0001", href="#", title="Subscriber records of two electronic mail accounts", ours=home == "ru", party="ru", instrument="Treaty of 1999, Art. 2", verified="S", standing="In consultation", tone="ours", clock=ANSWER_TARGET, changed_at=at(3, 9, 18)),
        ]},
        "request_overview": request("overview",
            missing=[Row(label="Penalties for the offences cited", href="#")],
            facts=[Row(label="Authority conducting the proceeding", value="Federal Bureau of Investigation"), Row(label="Offences", value="Unauthorised access to computers, extortion"), Row(label="Assistance sought", value="Documents, records and other items; search and seizure"), Row(label="Use", value="Only in the matter named, unless the requested Party consents (Art. 9)")],
            texts=[Row(label="English, as lodged", own_language="en", own="Between April 2019 and July 2021 persons using the name REvil entered the networks of several undertakings and demanded payment.\n\nThe central authority asks for copies of the records described in the annex.", other_language="ru", other="С апреля 2019 года по июль 2021 года лица, использовавшие название REvil, проникали в сети ряда предприятий и требовали выплат.\n\nЦентральный орган просит передать копии записей, описанных в приложении.", translation_by="US, entry US 2")]),
        "request_basis": request("basis", precedence="The bilateral treaty prevails over fallback instruments; nobody has recorded that another applies in lieu.", edition=Row(since=at(1, 14, 5), digest=DIGEST), provisions=[
            Row(article="Art. 2", verified="S", href="#", says="Documents, records and other items; search and seizure.", applies="Both kinds of assistance asked for are within the scope."),
            Row(article="Art. 5", verified="P", href="#", says="Form and contents of a request.", applies="One item of the list is missing."),
            Row(article="Art. 7(3)", verified="V", href="#", says="Executed under the law of the requested Party.", applies="No special procedure was asked for.")]),
        "request_correspondence": request("correspondence", entries=mine, ours=ours, theirs=theirs),
        "request_evidence": request("evidence", exhibits=exhibits),
        "request_deadlines": request("deadlines", clocks=[CONFIRM_WRITING, ANSWER_TARGET, THEIR_TARGET, FROZEN]),
        "request_log": request("log", rows=[Row(ref=line.ref, title=line.title, href="entry.html", at=line.at, leaf_hash=DIGEST, receipt=line.receipt, sent_at=line.at if line.receipt else None, reader=other if line.ours else home, proof_href="#" if line.receipt else "") for line in mine[-3:]]),
        "draft": {"act_label": "Lodge a request", "ref": REF, "instrument": TREATY, "verified": "P", "form": (form := DraftForm({"authority": "Office of International Affairs"})), "pairs": [(form["facts_en"], form["facts_ru"])], "missing": [Row(label="Offences", href="#id_offences"), Row(label="Assistance sought", href="#id_assistance")], "saved_at": at(3, 15, 2), "recipients": f"{NAMES[other]}, all authorities named in the channel's charter. Sealed to their keys and ours.", "back_href": "#"},
        "exhibit": {"exhibit": Row(**{**vars(exhibits[0]), "root": "RU-E-0007", "description": "Solid-state drive, 256 GB, taken from a laptop computer at the second address.", "sha512": DIGEST + DIGEST, "ref": REF, "ref_href": "#", "marking": "TLP:AMBER+STRICT · only for the matter named"}),
            "hands": [hand(title="Seized", ours=home == "ru", party="ru", by="Investigative Department", at=at(1, 6, 15, ), place="Moscow", purpose="search under the order of 31 October 2026", entry=ref("ru", 2), seal="0047731"),
                      hand(title="Imaged and hashed", ours=home == "ru", party="ru", by="Forensic laboratory", at=at(2, 10, 30), place="Moscow", purpose="write-blocked acquisition", entry=ref("ru", 4), condition="Seal 0047731 intact before, 0047732 after."),
                      hand(title="Handed over", ours=home == "ru", party="ru", by="Prosecutor General's Office", at=at(3, 9, 40, 33), place="by this node", purpose="execution of us-2026-0001", entry=ref("ru", 5)),
                      hand(title="Received", ours=home == "us", party="us", by="Office of International Affairs", at=at(3, 9, 52, 10), place="by this node", entry=ref("us", 5), hash_agrees=True, receipt=None)],
            "acts": [act("Receipt the hand-over", "Art. 7(3)", weight="primary")], "exports": [Row(label="Custody record", href="#", format="CASE/UCO JSON-LD"), Row(label="Certificate for seized items", href="#", format="PDF, form E"), Row(label="Everything, to be verified offline", href="#", format="bundle, 256 GiB")]},
        "exhibit_list": {**filters, "exhibits": exhibits},
        "log": {**filters, "log": Row(origin=f"{home}.comity/{CHANNEL}", channel=CHANNEL, ours=True, party=home, party_name=NAMES[home], size=6, root=DIGEST, checkpoint=CHECKPOINT, checkpoint_href="#", signed_at=at(3, 12, 6, 40)),
            "others": [Row(origin=f"{other}.comity/{CHANNEL}", href="#")],
            "cosignatures": [Row(name=f"{other}.comity/mirror", role="mirror of the counterpart", at=at(3, 9, 41), size=4, algorithm="Ed25519, ML-DSA-44"), Row(name="x-witness.comity/witness", role="neutral witness", at=at(3, 12, 7), size=6, algorithm="Ed25519, ML-DSA-44")],
            "columns": columns("Entry", "Act", "Authored", "Receipt", "Leaf hash", "Proof"),
            "rows": [Row(ref=line.ref, href="entry.html", title=line.title, procedure=line.procedure, at=line.at, leaf_hash=DIGEST, receipt=line.receipt, irregular="Irregular" if line.irregular else "", proof_href="#" if line.receipt else "") for line in reversed(lines) if line.ours]},
        "entry": {"entry": Row(ref=ref("us", 1), title="Request lodged", kind="assistance.request.lodged", procedure=REF, procedure_href="#", at=at(1, 14, 5, 31), by="Office of International Affairs, case officer", ours=home == "us", party="us", party_name=NAMES["us"], reader="ru", sent_at=at(1, 14, 5, 31), receipt=Row(at=at(1, 14, 5, 33), size=2), irregular="", remark="", leaf_hash=DIGEST, leaf=LEAF, article="Art. 5", verified="P", answers=[], answered_by=[Row(ref=ref("ru", 1), href="#", title="Receipt acknowledged by the central authority")], seen=[Row(origin=f"ru.comity/{CHANNEL}", size=1)]),
            "payload": Row(size=48211, sha256=DIGEST, erased_at=None, fields=[Row(label="Authority conducting the proceeding", value="Federal Bureau of Investigation"), Row(label="Summary of the facts", value="Between April 2019 and July 2021 persons using the name REvil entered the networks of several undertakings and demanded payment.")], text="{…}"),
            "proof_href": "#", "translations": [Row(language="Русский", by="entry US 2", href="#")]},
        "verify": {"form": ProofForm(), "result": Row(holds=True, verdict="The proof holds", subject=[Row(label="Entry", value=f"us.comity/{CHANNEL}#1"), Row(label="Act", value="assistance.request.lodged, us-2026-0001")],
            checks=[Row(holds=True, text="The file is well formed.", because=""), Row(holds=True, text="The entry is in the tree of size 2.", because="Inclusion path of 1 hash."), Row(holds=True, text="The author signed that tree.", because="Ed25519 and ML-DSA-44."), Row(holds=True, text="The counterpart's mirror cosigned it.", because="1 November 2026, 14:05:33 UTC.")],
            proven=["The United States of America wrote this entry, with exactly these bytes.", "The Russian Federation held it, content included, by 1 November 2026, 14:05:33 UTC."], not_proven=["What the sealed content says: its hash is shown, the content was not given.", "That anybody has read it."], report_href="#")},
        "verify_failed": {"form": ProofForm(), "result": Row(holds=False, verdict="The proof does not hold", subject=[Row(label="Entry", value=f"us.comity/{CHANNEL}#1")], checks=[Row(holds=True, text="The file is well formed.", because=""), Row(holds=False, text="The entry is not in the tree of size 2.", because="The path leads to another root.")], proven=[], not_proven=["That this entry was ever in the log."], report_href="")},
        "counterpart_list": {"columns": columns("Counterpart", "Trust", "Passport", "Compared", "Channels", "Last heard", numbers=("Passport", "Channels")), "import_href": "#", "empty": EMPTY, "rows": [
            Row(code=other, name=NAMES[other], href="passport.html", trust="Compared by voice", tone="done", passport_version=3, checked_at=at(1, 8, 0), channels=3, last_heard=at(3, 15, 19)),
            Row(code="vn", name="Socialist Republic of Viet Nam", href="#", trust="To be compared", tone="ours", passport_version=1, checked_at=None, channels=0, last_heard=None)]},
        "passport": {"party": Row(code=other, name=NAMES[other], ours=False, trust="Compared by voice", tone="done", version=3, signed_at=at(1, 7, 30), checked_at=at(1, 8, 0), checked_by="A. Marlow", address="https://comity.example"), "names": [Row(language="en", name=NAMES[other]), Row(language="ru", name="Российская Федерация"), Row(language="vi", name="Liên bang Nga"), Row(language="ar", name="الاتحاد الروسي")],
            "keys": [Row(use="Identity", name=f"{other}.comity", algorithm="Ed25519, ML-DSA-44", fingerprint=DIGEST), Row(use="Mirror", name=f"{other}.comity/mirror", algorithm="Ed25519, ML-DSA-44", fingerprint=DIGEST[::-1])],
            "authorities": [Row(name="Prosecutor General's Office", roles="central authority", instruments=TREATY), Row(name="Security Council", roles="coordinator", instruments="Arrangement of 16 June 2021")],
            "contacts": [Row(kind="24/7", name="Duty officer", how="+7 000 000 00 00", hours="always", languages="Russian, English")], "acts": [act("Compare fingerprints again", "practice: trust", "V")], "download_href": "#", "history": [Row(version=3, at=at(1, 7, 30), change="New mirror key")]},
        "ceremony": {"party": Row(code=other, name=NAMES[other]), "form": CeremonyForm(), "back_href": "#",
            "theirs": Row(words="harbour anvil linen orchard violin copper meadow signal lantern marble timber falcon".split(), digits="48213 90277 11806 55930 27714 60482 39915 08264".split()),
            "ours": Row(words="bridge saffron walnut compass river granite candle pelican thread window autumn silver".split(), digits="70155 23948 66027 81390 44172 09563 27718 51204".split())},
        "officials": {"columns": columns("Name", "Office", "Roles", "Last seen", "State"), "new_href": "#", "empty": EMPTY, "offices": [Row(name="Office of International Affairs", code="oia", powers="lodge, supplement, withdraw, refuse")], "rows": [Row(name="A. Marlow", href="#", office="Office of International Affairs", roles="case officer", active=True, last_seen=at(3, 15, 0)), Row(name="C. Whitfield", href="#", office="National Security Council", roles="coordinator", active=False, last_seen=at(1, 15, 0))]},
        "approvals": {"waiting": [Row(title="Refuse the request", href="#", ref="ru-2026-0001", prepared_by="A. Marlow", office="Office of International Affairs", at=at(3, 14, 2))], "others": [Row(title="Suspend our side", href="#", ref="channel", state="returned", tone="ours")]},
        "confirm": {**confirmation(), "seconding": None},
        "confirm_second": {**confirmation(), "seconding": Row(by="A. Marlow, Office of International Affairs", at=at(3, 14, 2), note="Agreed with the investigating office on the telephone.")},
    } 


def confirmation() -> dict:
    return {
        "act": Row(label="Refuse the request", text=SIGNED_TEXT, article="Art. 4", verified="R", article_text="", channel="Working group on ICT security", channel_href="channel.html", ref="ru-2026-0001", kind="assistance.request.refused",
                   fields=[Row(label="Ground", value="Security or other essential interests"), Row(label="Reasons", value="Execution in the form asked would disclose the identity of a protected witness. Assistance under conditions was offered on 3 November 2026.")]),
        "signs": Row(name="C. Whitfield", office="National Security Council", capacity="coordinator"), "second": "An official of another office who may refuse requests",
        "next": ["The entry is appended to our log and sealed to both Parties.", "It is sent at once; their receipt is shown when their node has stored it.", "The request ends as refused in both records, with its ground."],
        "action": "#", "hidden": [("digest", DIGEST)], "back_href": "#",
    }
