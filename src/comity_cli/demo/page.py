"""A page as a browser sees it: what it says, where its links lead, and what its forms would send."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_VOID: Final = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_NOTICES: Final = frozenset({"messages", "error-summary", "lead"})


@dataclass(slots=True)
class Element:
    """One element of a page."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list[Element | str] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator[Element]:
        """Every element of these tags below this one, in reading order; all, where none is named."""
        for part in self.parts:
            if isinstance(part, Element):
                if not tags or part.tag in tags:
                    yield part
                yield from part.all(*tags)

    @property
    def raw_text(self) -> str:
        """All its text, as written."""
        return "".join(part if isinstance(part, str) else part.raw_text for part in self.parts)

    @property
    def text(self) -> str:
        """Its text on one line."""
        return " ".join(self.raw_text.split())

    @property
    def styles(self) -> frozenset[str]:
        """Its style classes."""
        return frozenset(self.attributes.get("class", "").split())


@dataclass(frozen=True, slots=True)
class Button:
    """What can be pressed in a form."""

    label: str
    name: str
    value: str
    is_first: bool


class Form:
    """A form: where it goes, what it would send untouched, and its buttons."""

    def __init__(self, element: Element) -> None:
        self.action = element.attributes.get("action", "")
        self.is_multipart = element.attributes.get("enctype") == "multipart/form-data"
        self.buttons = [_button(one) for one in element.all("button")]
        self._controls = [one for one in element.all("input", "textarea", "select") if _is_live(one)]

    def button(self, label: str = "") -> Button | None:
        """The button with this label; without one, the button the page puts first."""
        wanted = (one for one in self.buttons if (label in one.label if label else one.is_first))
        return next(wanted, None)

    @property
    def names(self) -> set[str]:
        """The fields it has."""
        return {one.attributes["name"] for one in self._controls}

    def sends(self, said: Mapping[str, str | list[str]], label: str = "") -> list[tuple[str, str]]:
        """What it sends when these fields are filled in and a button is pressed.

        Raises:
            KeyError: It has no such field.
        """
        if unknown := set(said) - self.names:
            raise KeyError(f"{', '.join(sorted(unknown))}; it has {', '.join(sorted(self.names))}")
        untouched = [pair for one in self._controls for pair in _sent(one) if pair[0] not in said]
        typed = [
            (name, one)
            for name, value in said.items()
            for one in ([value] if isinstance(value, str) else value)
        ]
        button = self.button(label)
        pressed = [(button.name, button.value)] if button and button.name else []
        return untouched + typed + pressed


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of a node that is a page."""

    url: str
    status: int
    root: Element

    @classmethod
    def read(cls, url: str, status: int, markup: str) -> Page:
        """Read the markup of an answer."""
        reader = _Reader()
        reader.feed(markup)
        reader.close()
        return cls(url, status, reader.root)

    @property
    def path(self) -> str:
        """Its address below the node's."""
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def title(self) -> str:
        """Its heading."""
        return next((one.text for one in self.root.all("h1")), "")

    @property
    def targets(self) -> list[str]:
        """Where its links lead, below the node's address."""
        return [urljoin(self.path, one.attributes.get("href", "")) for one in self.root.all("a")]

    @property
    def forms(self) -> list[Form]:
        """Its forms."""
        return [Form(one) for one in self.root.all("form")]

    @property
    def said(self) -> str:
        """What it tells its reader about the last step: messages, and what is wrong with a form."""
        return "; ".join(dict.fromkeys(one.text for one in self.root.all() if one.styles & _NOTICES))

    def lists(self, style: str) -> list[list[str]]:
        """The items of every list of a style class."""
        found = [one for one in self.root.all("ol", "ul") if style in one.styles]
        return [[item.text for item in one.all("li")] for one in found]


def _is_live(control: Element) -> bool:
    return bool(control.attributes.get("name")) and "disabled" not in control.attributes


def _sent(control: Element) -> list[tuple[str, str]]:
    """What a control nobody touched sends."""
    name, kind = control.attributes["name"], control.attributes.get("type", "text")
    if control.tag == "textarea":
        return [(name, control.raw_text.removeprefix("\n"))]
    if control.tag == "select":
        options = list(control.all("option"))
        chosen = [one for one in options if "selected" in one.attributes] or options[:1]
        return [(name, one.attributes.get("value", one.text)) for one in chosen]
    if kind == "file" or (kind in {"checkbox", "radio"} and "checked" not in control.attributes):
        return []
    return [(name, control.attributes.get("value", ""))]


def _button(element: Element) -> Button:
    said = element.attributes
    return Button(
        element.text, said.get("name", ""), said.get("value", ""), said.get("data-weight") == "primary"
    )


class _Reader(HTMLParser):
    """Builds the tree, and forgives a missing end tag as a browser does."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].parts.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """End the innermost element of this tag, and what was left open in it."""
        if any(one.tag == tag for one in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Add text."""
        self._open[-1].parts.append(data)
