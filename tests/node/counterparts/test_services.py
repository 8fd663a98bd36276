"""A file trusts nobody; officers do, and keys they compared pass trust on."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from comity.errors import ComityError
from comity_node.counterparts import queries, services
from comity_node.counterparts.errors import NoSuchCounterpart, NotCompared, OlderPassport, OwnPassport
from comity_node.counterparts.models import Ceremony, Counterpart, Passport
from comity_node.officials.errors import NotEmpowered
from comity_node.officials.models import Journal

pytestmark = pytest.mark.django_db


def test_passport_read_in_is_not_trusted(stored):
    """Nothing crosses before two officers compared."""
    assert queries.trusted("bb") is None
    assert queries.offered() == [stored]
    assert queries.wire_keys() == {}


def test_ceremony_makes_the_counterpart_trusted(borland, stored, confirm, anna):
    """From then on the wire has an address and keys to believe."""
    confirm(stored)

    trusted = queries.trusted("bb")
    assert (trusted.address, trusted.version) == ("https://comity.bb.example", 1)
    assert trusted.recipients == (str(borland.ring.recipient),)
    assert [key.name for key in trusted.mirror_keys] == ["bb.comity/mirror"] * 2
    assert queries.wire_keys() == {"bb": borland.ring.wire.public}
    assert queries.offered() == []
    assert list(Journal.objects.filter(official=anna).values_list("did", flat=True)) == [
        "counterpart.confirmed"
    ]


def test_words_and_digits_confirm_alike(stored, anna):
    """Officers compare in their own language; the words bind as the digits do."""
    words = queries.read(stored).fingerprint.words("ru")

    services.hold_ceremony(stored, by=anna, fingerprint=words, path="in person", with_whom="Boris of bb")

    assert queries.trusted("bb") is not None


def test_another_fingerprint_confirms_nothing(stored, anna):
    """What was read aloud must be this passport's and no other's."""
    with pytest.raises(NotCompared):
        services.hold_ceremony(stored, by=anna, fingerprint="00000 " * 12, path="video", with_whom="x")

    assert queries.trusted("bb") is None
    assert not Ceremony.objects.exists()


def test_without_the_power_nobody_is_trusted(stored, boris):
    """A case officer may ask a counterpart for assistance, and not decide who the counterpart is."""
    digits = queries.read(stored).fingerprint.digits

    with pytest.raises(NotEmpowered):
        services.hold_ceremony(stored, by=boris, fingerprint=digits, path="video", with_whom="x")
    with pytest.raises(NotEmpowered):
        services.import_passport(b"", by=boris)

    assert queries.trusted("bb") is None


def test_words_that_differ_are_recorded_and_trust_nobody(stored, confirm):
    """An impostor's passport must leave the list and stay in the record."""
    confirm(stored, agreed=False)

    assert queries.trusted("bb") is None
    assert queries.offered() == []
    assert list(Ceremony.objects.values_list("agreed", flat=True)) == [False]


def test_reading_the_same_file_in_again_changes_nothing(borland, stored):
    """A passport sent twice is one passport."""
    again = services.import_passport(bytes(stored.note))

    assert again == stored
    assert Journal.objects.filter(did="passport.imported").count() == 1


def test_successor_by_the_same_keys_is_in_force_at_once(borland, stored, confirm):
    """A new address must not ask officers to meet again."""
    confirm(stored)

    services.import_passport(borland.passport(2, address="https://new.bb.example"))

    assert queries.trusted("bb").address == "https://new.bb.example"
    assert queries.offered() == []


def test_renewed_identity_follows_when_the_old_vouches(borland, stored, confirm):
    """Keys are renewed by the keys that were compared."""
    confirm(stored)
    borland.ring = borland.ring.rotate("identity").rotate("wire")

    services.import_passport(borland.passport(2))

    assert queries.trusted("bb").version == 2
    assert queries.wire_keys() == {"bb": borland.ring.wire.public}


def test_versions_that_come_in_the_wrong_order_are_followed(borland, stored, confirm):
    """A file that was late must not cost a ceremony."""
    confirm(stored)

    services.import_passport(borland.passport(3))
    assert queries.trusted("bb").version == 1

    services.import_passport(borland.passport(2))
    assert queries.trusted("bb").version == 3


def test_successors_read_in_before_the_ceremony_follow_after_it(borland, stored, confirm):
    """What the compared keys signed meanwhile counts from the comparison on."""
    services.import_passport(borland.passport(2))

    confirm(stored)

    assert queries.trusted("bb").version == 2


def test_passport_of_new_keys_waits_and_moves_nobody(borland, stored, confirm):
    """Whoever sends a file in a counterpart's name must not interrupt what stands."""
    confirm(stored)
    keys = queries.wire_keys()
    borland.lose_everything()

    offered = services.import_passport(borland.passport(2))

    assert queries.wire_keys() == keys
    assert queries.offered() == [offered]


def test_lost_keys_take_a_new_ceremony(borland, stored, confirm):
    """After a comparison the new keys count, and only they."""
    confirm(stored)
    borland.lose_everything()

    confirm(services.import_passport(borland.passport(2)))

    assert queries.wire_keys() == {"bb": borland.ring.wire.public}
    assert Counterpart.objects.count() == 1


def test_trust_never_goes_back_to_an_older_passport(borland, stored, confirm):
    """Keys that were replaced, perhaps because they were stolen, must not return."""
    second = services.import_passport(borland.passport(2))
    confirm(second)

    with pytest.raises(OlderPassport):
        confirm(stored)

    assert queries.trusted("bb").version == 2


def test_stopped_counterpart_is_not_dealt_with(stored, confirm, anna):
    """An officer must be able to cut a counterpart off at once, and to take that back."""
    confirm(stored)

    services.stop("bb", by=anna)
    assert queries.trusted("bb") is None
    assert queries.wire_keys() == {}

    services.restore("bb", by=anna)
    assert queries.trusted("bb") is not None


def test_stopped_counterpart_stays_stopped_when_it_sends_a_new_passport(borland, stored, confirm, anna):
    """Their file must not undo our decision."""
    confirm(stored)
    services.stop("bb", by=anna)

    services.import_passport(borland.passport(2))

    assert queries.trusted("bb") is None


def test_only_officers_stop_and_only_whom_they_know(stored, boris, anna):
    """Stopping is as grave as trusting."""
    with pytest.raises(NotEmpowered):
        services.stop("bb", by=boris)
    with pytest.raises(NoSuchCounterpart):
        services.stop("bb", by=anna)


def test_passport_in_our_own_name_is_refused(borland, db):
    """Somebody else who signs in our name must be noticed, not stored."""
    borland.ring = type(borland.ring).generate("aa")

    with pytest.raises(OwnPassport):
        services.import_passport(borland.passport())

    assert not Passport.objects.exists()


@pytest.mark.parametrize("data", [b"", b"\x00", b"comity/passport/v1\n", b"x" * 200_000])
def test_what_is_no_passport_is_refused(db, data):
    """A hostile file is refused with a sentence."""
    with pytest.raises(ComityError):
        services.import_passport(data)

    assert not Passport.objects.exists()


@pytest.mark.parametrize(("model", "column"), [(Passport, "party"), (Ceremony, "office")])
def test_record_of_trust_only_grows(stored, confirm, model, column):
    """Who was trusted, and why, must stay as it was."""
    confirm(stored)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        model.objects.update(**{column: "other"})
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        model.objects.all()._raw_delete(model.objects.db)
