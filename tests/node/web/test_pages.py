"""Every page of the node, drawn from its sample context."""

from __future__ import annotations

import re

import pytest
from django.template import engines
from django.template.backends.django import DjangoTemplates

from tools.preview.__main__ import shell
from tools.preview.every import every_page, template

PAGES = sorted(every_page("us"))


@pytest.fixture(scope="module")
def strict():
    """An engine that says which value a page asked for and did not get."""
    options = {**engines["django"].engine.__dict__}
    return DjangoTemplates(
        {
            "NAME": "strict",
            "DIRS": [],
            "APP_DIRS": True,
            "OPTIONS": {
                "string_if_invalid": "MISSING(%s)",
                "builtins": options["builtins"],
                "context_processors": ["django.template.context_processors.i18n"],
            },
        }
    )


@pytest.mark.parametrize("home", ["us", "ru"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_for_nothing_its_context_does_not_name(strict, page, home):
    """A value that is missing is drawn as nothing, and an official would not see that it is missing."""
    frame = shell(page, home=home, theme="light", direction="ltr")
    context = {**every_page(home)[page], "shell": frame}

    text = strict.get_template(template(page)).render(context)

    assert set() == set(re.findall(r"MISSING\((?!request\.)[^)]*\)", text))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_carries_no_inline_script_or_style(strict, page):
    """The content security policy would silently drop it."""
    frame = shell(page, home="us", theme="dark", direction="rtl")

    text = strict.get_template(template(page)).render({**every_page("us")[page], "shell": frame})

    assert [] == re.findall(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=|javascript:", text)
