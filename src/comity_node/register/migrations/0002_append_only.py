"""The record is added to and never changed; its words are indexed."""

from __future__ import annotations

from django.db import migrations

from comity_node.register.append_only import AppendOnly
from comity_node.register.words_index import WordsIndex

# What was erased may come once more with another entry, under the same digest.
_ERASED = "(OLD.erased_at IS NULL AND NEW.sealed IS NULL AND NEW.erased_at IS NOT NULL)"
_HELD_AGAIN = "(OLD.sealed IS NULL AND NEW.sealed IS NOT NULL AND NEW.erased_at IS NULL)"
_PAYLOAD = f"({_ERASED} OR {_HELD_AGAIN}) AND NEW.sha256 = OLD.sha256 AND NEW.size = OLD.size"
# The head of a log moves forward and is never dropped.
_FORWARD = "NEW.size >= OLD.size AND NEW.origin = OLD.origin AND NEW.ours = OLD.ours"
# A receipt that turns out to be by retired keys is kept and counts nowhere; a genuine one may follow.
_VOID_ONCE = (
    "NEW.void AND NOT OLD.void AND NEW.id = OLD.id AND NEW.log_id = OLD.log_id AND NEW.party = OLD.party"
    " AND NEW.size = OLD.size AND NEW.note = OLD.note AND NEW.given_at = OLD.given_at"
    " AND NEW.stored_at = OLD.stored_at"
)
_NEVER = ("entry", "tile", "checkpoint", "witnessmark", "misconduct", "delivery")


class Migration(migrations.Migration):
    dependencies = [("register", "0001_tables")]
    operations = [
        *(AppendOnly(f"register_{table}") for table in _NEVER),
        AppendOnly("register_payload", unless=_PAYLOAD),
        AppendOnly("register_log", unless=_FORWARD),
        AppendOnly("register_receipt", unless=_VOID_ONCE),
        WordsIndex(),
    ]
