"""Adam appoints and relieves; nobody becomes an officer unseen, and nobody makes themselves one."""

from __future__ import annotations

import pytest
from django.urls import reverse

from comity_node.officials import people, services
from comity_node.officials.access import require
from comity_node.officials.errors import NotEmpowered, OwnAppointment, RolesApart, UnfitLogin, WeakPassword
from comity_node.officials.models import Appointment, Journal, Official, PreparedAct

pytestmark = pytest.mark.django_db
OWN = "a phrase of their own"


@pytest.fixture
def adam(hire):
    """Administrator of aa."""
    return hire("adam", "administrator")


def page(name, *args):
    """The address of a page of the house."""
    return reverse(f"officials:{name}", args=args)


def appointed(browser, adam, **said):
    """Have Adam appoint somebody at the page; the password that was shown once."""
    form = {"login": "nora", "display_name": "Nora", "office": "ministry", "roles": ["case officer"]}
    answer = browser(adam).post(page("new"), {**form, "language": "en", **said})
    return answer.context["password"]


def test_whoever_is_appointed_may_do_nothing_until_they_chose_a_password(adam, browser, act, register):
    """An administrator who knows a password could otherwise sign in another's name."""
    given = appointed(browser, adam)
    nora = people.find("nora")

    assert nora.check_password(given)
    with pytest.raises(NotEmpowered, match="somebody else knows their password"):
        services.prepare(act, by=nora)
    people.set_own_password(nora, OWN)
    assert isinstance(services.prepare(act, by=people.find("nora")), PreparedAct)


def test_the_password_given_cannot_be_kept(adam, browser):
    """Choosing the same again would leave two people knowing it."""
    given = appointed(browser, adam)

    with pytest.raises(WeakPassword):
        people.set_own_password(people.find("nora"), given)

    assert people.find("nora").password_is_given


def test_signing_in_with_a_given_password_leads_to_choosing_another(adam, browser, client):
    """The page says why nothing else is offered, and then opens the rest."""
    given = appointed(browser, adam)

    answer = client.post(page("login"), {"username": "nora", "password": given}, follow=True)
    client.post(
        page("password"), {"old_password": given, "new_password1": OWN, "new_password2": OWN}, follow=True
    )

    assert "Somebody else gave you this password" in answer.text
    assert people.find("nora").has_perm("assistance.sign")


def test_a_password_given_to_an_officer_takes_their_powers_until_they_chose_their_own(adam, anna, browser):
    """Resetting a password must not be a way to a second signature that nobody notices."""
    answer = browser(adam).post(page("give-password", anna.pk))

    anna = people.find("anna")
    assert anna.check_password(answer.context["password"])
    assert "no-store" in answer.headers["Cache-Control"]
    with pytest.raises(NotEmpowered):
        require(anna, "assistance.sign")


def test_the_second_officer_sees_what_was_changed_about_whoever_prepared(adam, browser, boris, act, register):
    """A case officer invented yesterday must not look like a colleague of years."""
    appointed(browser, adam)
    people.set_own_password(people.find("nora"), OWN)
    prepared = services.prepare(act, by=people.find("nora"))

    shown = browser(boris).get(page("approval", prepared.pk)).text

    assert "Lately changed about whoever prepared this" in shown
    assert "added an official" in shown
    assert "nora: case officer; ministry" in shown


def test_every_official_sees_what_was_changed(adam, clara, browser):
    """Powers gained unseen are the ones to fear."""
    appointed(browser, adam)

    shown = browser(clara).get(page("list")).text

    assert "Adam" in shown
    assert "nora: case officer; ministry" in shown


def test_nobody_changes_themselves(adam, browser):
    """Whoever holds the power to appoint must not be able to use it on themselves."""
    for change in (
        lambda: people.appoint("adam", roles=["case officer"], by=adam),
        lambda: people.suspend("adam", by=adam),
        lambda: people.end("adam", by=adam),
        lambda: people.set_password("adam", password=OWN, by=adam),
    ):
        with pytest.raises(OwnAppointment):
            change()

    assert ("administrator",) == people.find("adam").roles
    assert "Nobody changes their own office" in browser(adam).get(page("official", adam.pk)).text


def test_an_administrator_holds_no_other_role(adam, anna, browser):
    """Whoever appoints officers must not be one of them, at the console neither."""
    said = {"office": "ministry", "roles": ["administrator", "case officer"]}

    answer = browser(adam).post(page("appoint", anna.pk), said)

    assert 422 == answer.status_code
    assert "held with no other" in answer.text
    with pytest.raises(RolesApart):
        people.appoint("anna", roles=said["roles"])
    assert ("case officer",) == people.find("anna").roles


def test_office_and_roles_are_changed_at_the_page(adam, anna, browser):
    """The powers follow at once, and the journal says who did it."""
    browser(adam).post(page("appoint", anna.pk), {"office": "prosecution", "roles": ["coordinator"]})

    anna = people.find("anna")
    assert ("prosecution", ("coordinator",)) == (anna.office.code, anna.roles)
    assert ("official.appointed", "anna: coordinator; prosecution", adam.pk) == tuple(
        Journal.objects.values_list("did", "about", "official").first()
    )


def test_suspended_is_reinstated_in_the_roles_they_had(adam, anna, browser):
    """A leave of absence takes no appointment away."""
    visitor = browser(adam)

    visitor.post(page("change", anna.pk, "suspend"), {"reason": "leave"})
    between = people.find("anna")
    shown = visitor.get(page("official", anna.pk)).text
    visitor.post(page("change", anna.pk, "reinstate"), {"reason": "back"})

    assert (False, False) == (between.is_active, between.has_perm("assistance.sign"))
    assert "Suspended" in shown
    assert people.find("anna").has_perm("assistance.sign")


def test_relieved_of_office_holds_no_role_and_is_kept(adam, anna, browser):
    """What they did stays under their name; what they may do is gone."""
    visitor = browser(adam)

    visitor.post(page("change", anna.pk, "end"), {"reason": "retired"})
    shown = visitor.get(page("official", anna.pk)).text

    assert not Appointment.objects.filter(official=anna).exists()
    assert "Left office" in shown
    assert "anna: retired" in shown
    assert reverse("officials:change", args=[anna.pk, "reinstate"]) not in shown


def test_a_change_without_a_reason_is_not_made(adam, anna, browser):
    """Colleagues who read that somebody was suspended will ask why."""
    answer = browser(adam).post(page("change", anna.pk, "suspend"), {"reason": ""})

    assert (422, True) == (answer.status_code, people.find("anna").is_active)


def test_an_act_prepared_by_whoever_was_suspended_is_not_signed(adam, prepared, boris, register):
    """Powers that are gone sign nothing, not even what was prepared while they stood."""
    people.suspend("anna", by=adam)

    with pytest.raises(services.Overtaken):
        services.second(prepared, by=boris)

    assert [] == register.signed


def test_offices_are_added_and_renamed_by_an_administrator(adam, clara, browser):
    """Entries name the office; who may name it is not everybody."""
    visitor = browser(adam)

    for name in ("Customs", "Customs service"):
        visitor.post(page("offices"), {"code": "customs", "name": name})

    assert "Customs service" in browser(clara).get(page("offices")).text
    assert ["office.renamed", "office.added"] == list(
        Journal.objects.filter(about__startswith="customs").values_list("did", flat=True)
    )
    assert 404 == browser(clara).post(page("offices"), {"code": "x", "name": "X"}).status_code


@pytest.mark.parametrize("name", ["new", "appoint", "give-password", "change"])
def test_whoever_does_not_manage_finds_no_page_to_do_it_on(anna, clara, browser, name):
    """Deny by default: hiding a button is not the check."""
    address = {
        "new": page("new"),
        "appoint": page("appoint", anna.pk),
        "give-password": page("give-password", anna.pk),
        "change": page("change", anna.pk, "end"),
    }[name]

    answer = browser(clara).post(address, {"reason": "x"})

    assert 404 == answer.status_code
    assert (True, ("case officer",)) == (people.find("anna").is_active, people.find("anna").roles)


@pytest.mark.parametrize("login", ["", "Nora", "no ra", "nora:", "n" * 65, "\u202enora"])
def test_a_login_is_short_and_plain(offices, login):
    """It stands in the journal before a colon, and is spoken over the telephone."""
    with pytest.raises(UnfitLogin):
        people.add_official(
            login, display_name="Nora", office="ministry", roles=["analyst"], password="quite a long phrase"
        )

    assert not Official.objects.exists()
