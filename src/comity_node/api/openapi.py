"""The description of the API, made from its table of operations and its forms: it cannot say anything else.

Follows: OpenAPI 3.1.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import msgspec

from comity_node.api import asked, shapes
from comity_node.api.call import BASE
from comity_node.api.operations import OPERATIONS, PLACES, Operation, pattern

_WHERE: Final = "#/components/schemas/{name}"
_ALWAYS: Final = (401, 403, 429, 503)
_HEAD: Final[dict[str, Any]] = {
    "title": "Comity, for case systems",
    "version": "1",
    "description": (
        "What a case system of our own authority may read and prepare. It acts for one official, within the "
        "scopes of its token; nothing it does signs anything. docs/manual/case-systems.md tells how to begin."
    ),
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}
_WHY: Final = {
    400: "the call is not in the form described here",
    401: "no token that counts: none, a wrong one, or one that ended",
    403: "the token lacks the scope, or its official the power",
    404: "nothing there that the token may see",
    409: "it is not in a state that allows this",
    413: "the call is too large or nested too deep",
    415: "the body is not application/json",
    416: "the range lies beyond the end",
    422: "understood, and not allowed: the detail says by which rule",
    429: "the token calls too often; Retry-After says how long to wait",
    503: "the node cannot store or read it now",
}


@cache
def document() -> bytes:
    """The OpenAPI document, as served and as committed under docs/spec."""
    return msgspec.json.format(msgspec.json.encode(_document(), order="deterministic"), indent=1) + b"\n"


def _document() -> dict[str, Any]:
    forms = [one.says for one in OPERATIONS if one.says is not None]
    answers = [one.answers for one in OPERATIONS if _is_form(one.answers)]
    _schemas, components = msgspec.json.schema_components(
        [*forms, *answers, shapes.Problem], ref_template=_WHERE
    )
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": _HEAD,
        "servers": [{"url": BASE}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {str(status): _problem(status) for status in _WHY},
        },
    }


def _operation(one: Operation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": one.id,
        "summary": one.summary,
        "responses": {str(one.status): _answer(one)},
    }
    if one.scope:
        said["description"] = f"Scope: `{one.scope}`."
    parameters = [*map(_place, one.places), *_query(one.asks)]
    if one.by_range:
        said["responses"]["206"] = {**_answer(one), "description": "the part asked for"}
        parameters.append(_RANGE)
    if parameters:
        said["parameters"] = parameters
    if one.says is not None:
        content = {"application/json": {"schema": {"$ref": _WHERE.format(name=one.says.__name__)}}}
        said["requestBody"] = {"required": True, "content": content}
    for status in _refusals(one):
        said["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}
    return said


_RANGE: Final = {
    "name": "Range",
    "in": "header",
    "required": False,
    "description": "One range of bytes, RFC 9110, 14.2; anything else is answered whole.",
    "schema": {"type": "string", "pattern": "^bytes=(\\d{1,19}-\\d{0,19}|-\\d{1,19})$"},
}


def _refusals(one: Operation) -> list[int]:
    """With what an operation may be refused."""
    found = {*_ALWAYS, 400}
    found |= {404, 422} if one.places else {404, 422} if one.scope else set()
    found |= {409, 413, 415, 422} if one.says is not None else {413}
    found |= {409} if one.method == "DELETE" or one.by_range else set()
    found |= {416} if one.by_range else set()
    return sorted(found)


def _answer(one: Operation) -> dict[str, Any]:
    if one.answers is None:
        return {"description": "done"}
    if not _is_form(one.answers):
        return {"description": "the file", "content": {one.media_type: {"schema": {"type": "string"}}}}
    schema = {"$ref": _WHERE.format(name=one.answers.__name__)}
    said: dict[str, Any] = {"description": "answered", "content": {"application/json": {"schema": schema}}}
    if one.status == 201:
        said["headers"] = {"Location": {"schema": {"type": "string"}, "required": True}}
    return said


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": _WHERE.format(name="Problem")}
    said: dict[str, Any] = {
        "description": _WHY[status],
        "content": {"application/problem+json": {"schema": schema}},
    }
    if status == 416:
        return {"description": _WHY[status]}
    if status == 429:
        said["headers"] = {"Retry-After": {"schema": {"type": "string"}, "required": True}}
    return said


def _place(name: str) -> dict[str, Any]:
    schema = msgspec.json.schema(PLACES[name])
    if schema["type"] == "string":
        schema["pattern"] = f"^({pattern(name)})$"
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query(form: type[asked.Said]) -> list[dict[str, Any]]:
    schema = msgspec.json.schema(form)
    described = schema["$defs"][form.__name__]
    needed = described.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": _once(said)}
        for name, said in described["properties"].items()
    ]


def _once(said: dict[str, Any]) -> dict[str, Any]:
    """A value of a query: what is not said is left out, never written as null."""
    choices = [one for one in said.get("anyOf", ()) if one.get("type") != "null"]
    return choices[0] if choices else said


def _is_form(answers: object) -> bool:
    return isinstance(answers, type) and issubclass(answers, shapes.Answer)
