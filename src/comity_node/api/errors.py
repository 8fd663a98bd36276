"""What a case system, or the officials who answer for it, may be told when something does not happen."""

from __future__ import annotations

from comity.errors import OurFault


class NoToken(OurFault):
    """A call carries no token that counts here: none, a wrong one, or one that ended."""

    code = "no-token"
    default_hint = (
        "send Authorization: Bearer and a token that has been drawn, has not expired and is not revoked"
    )


class OutOfScope(OurFault):
    """The token does not reach so far."""

    code = "out-of-scope"
    default_hint = "an administrator issues a token with the scope; its official draws it"


class NothingHere(OurFault):
    """Nothing stands under this address that the token may see."""

    code = "nothing-here"
    default_hint = (
        "compare the address with the description at /api/v1/openapi.json, and the token's channels"
    )


class MethodNotAllowed(OurFault):
    """The address is not for this method."""

    code = "method-not-allowed"
    default_hint = "the Allow header says which methods are"


class UnreadableCall(OurFault):
    """What a call says is not in the form the description gives."""

    code = "unreadable-call"
    default_hint = "compare it with the description at /api/v1/openapi.json"


class CallTooLarge(OurFault):
    """A call is larger or nested deeper than this node reads."""

    code = "call-too-large"
    default_hint = (
        "the limits are named in docs/spec/api.md; api_bytes under [limits] in node.toml sets the size"
    )


class NotJson(OurFault):
    """A call says something in another form than JSON."""

    code = "not-json"
    default_hint = "send the body as application/json, in UTF-8"


class TooManyCalls(OurFault):
    """The token was used more often within a minute than this node allows, or too often at once."""

    code = "too-many-calls"
    default_hint = "wait as long as Retry-After says; api_calls under [limits] in node.toml sets how many"


class UnfitToken(OurFault):
    """A token cannot be issued like this."""

    code = "unfit-token"


class NoSuchToken(OurFault):
    """This node has no such token, or it is in another state than that takes."""

    code = "no-such-token"
    default_hint = "comity token list"


class HandedOverAlready(OurFault):
    """What a case system handed over waits for an official, and is not written meanwhile."""

    code = "handed-over-already"
    default_hint = "take it back first, or wait until an official has decided"


class NotHandedOver(OurFault):
    """Nothing was handed over that could be decided or taken back."""

    code = "not-handed-over"


class NotOpenedYet(OurFault):
    """No official of the token's office has opened the exhibit: its content is given to nobody before."""

    code = "not-opened-yet"
    default_hint = (
        "an official opens it on its page, for a stated purpose; that is on record before a byte is given"
    )


class UnfitHook(OurFault):
    """A hook cannot be added like this."""

    code = "unfit-hook"
    default_hint = (
        "use https and a public address, or have the operator list it under hook_addresses in node.toml"
    )


class NoSuchHook(OurFault):
    """This node has no such hook."""

    code = "no-such-hook"
    default_hint = "comity webhook list"


class HookNotAnswered(OurFault):
    """The receiver of a hook did not take what was sent."""

    code = "hook-not-answered"
    default_hint = "it is sent again, later each time; see the receiver's own log"
