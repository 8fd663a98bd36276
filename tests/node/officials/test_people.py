"""Officials are added, appointed and relieved, and every step is in the journal."""

from __future__ import annotations

import pytest

from comity_node.officials import people
from comity_node.officials.errors import (
    NameTaken,
    NoSuchOfficial,
    NoSuchRole,
    NotEmpowered,
    RolesApart,
    WeakPassword,
)
from comity_node.officials.models import Journal, Official

pytestmark = pytest.mark.django_db
NEW = {"display_name": "Nora", "office": "ministry", "roles": ["analyst"], "password": "quite a long phrase"}


def test_added_official_holds_exactly_their_roles(offices):
    """Powers come from appointments and from nowhere else."""
    nora = people.add_official("nora", **NEW)

    assert nora.roles == ("analyst",)
    assert nora.has_perms(["record.read"])
    assert not nora.has_perm("assistance.sign")
    assert list(Journal.objects.filter(about__startswith="nora").values_list("did", "about", "official")) == [
        ("official.added", "nora: analyst; ministry", None)
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"office": "nowhere"}, NoSuchOfficial),
        ({"roles": ["emperor"]}, NoSuchRole),
        ({"password": "short"}, WeakPassword),
        ({"roles": ["administrator", "case officer"]}, RolesApart),
    ],
)
def test_doubtful_official_is_not_added(offices, change, fault):
    """Nothing of a refused addition may remain."""
    with pytest.raises(fault):
        people.add_official("nora", **{**NEW, **change})

    assert not Official.objects.exists()


def test_log_in_name_is_used_once(anna):
    """Two people under one name would share a journal."""
    with pytest.raises(NameTaken):
        people.add_official("anna", **NEW)


def test_only_who_manages_officials_manages_them(anna, hire):
    """An official must not appoint themselves."""
    with pytest.raises(NotEmpowered):
        people.appoint("anna", roles=["administrator"], by=anna)

    people.appoint("anna", roles=["coordinator"], by=hire("adam", "administrator"))
    assert people.find("anna").roles == ("coordinator",)


def test_password_set_for_another_is_checked_too(anna):
    """An administrator's haste is no reason for a weak password."""
    with pytest.raises(WeakPassword):
        people.set_password("anna", password="short")

    people.set_password("anna", password="quite a long phrase")
    assert people.find("anna").check_password("quite a long phrase")


def test_unknown_official_is_named(offices):
    """The operator must see which name was mistyped."""
    with pytest.raises(NoSuchOfficial, match="'nobody'"):
        people.suspend("nobody")
