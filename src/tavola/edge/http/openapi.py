"""The OpenAPI 3.1 document, generated from the table of endpoints and their types."""

import re
from importlib.metadata import version
from typing import Any

import msgspec

from tavola.core.errors import (
    Busy,
    CallerUnknown,
    Internal,
    Invalid,
    IssuerUnavailable,
    Malformed,
    OriginRefused,
    StoreFailed,
    StoreFull,
    StoreReadOnly,
    StoreStopping,
    TavolaError,
    TokenExpired,
    TokenInvalid,
    TooLarge,
    Unauthenticated,
)
from tavola.edge.http.endpoints import ENDPOINTS, Endpoint
from tavola.edge.http.problems import Problem

_REF = "#/components/schemas/{name}"
_BEARER = (
    "A JWT that the host app signs, with the shared secret (HS256) or a key of its own (RS256, "
    "ES256, EdDSA), or an access token of the OpenID Connect issuer in the server's settings."
)
_PATH_DOCS = {
    "conversation": "`dm:{a}:{b}` with the two user ids in byte order, or `group:{group_id}`.",
    "seq": "The number of a message.",
    "user": "A user's id, or `@handle`.",
    "group": "A group's id.",
}


def document() -> dict[str, Any]:
    """The whole document."""
    shapes = {shape for e in ENDPOINTS for shape in (e.body, e.reply) if shape} | {Problem}
    ordered = sorted(shapes, key=lambda shape: shape.__name__)
    schemas, components = msgspec.json.schema_components(ordered, ref_template=_REF)
    refs = dict(zip(ordered, schemas, strict=True))
    paths: dict[str, Any] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.route, {})[endpoint.method.lower()] = _operation(endpoint, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tavola",
            "version": version("tavola"),
            "description": "Direct messages, groups and a user directory in one table.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": _BEARER,
                },
                "session": {"type": "apiKey", "in": "cookie", "name": "tavola_session"},
            },
        },
    }


def _operation(endpoint: Endpoint, refs: dict[type, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": [*_path_parameters(endpoint), *_query_parameters(endpoint)],
        "responses": _responses(endpoint, refs),
        "security": [{}] if endpoint.auth == "none" else [{"bearer": []}, {"session": []}],
    }
    if endpoint.description:
        operation["description"] = endpoint.description
    if endpoint.body:
        content = {"application/json": {"schema": refs[endpoint.body]}}
        operation["requestBody"] = {"required": endpoint.body_required, "content": content}
    return operation


def _path_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": _PATH_DOCS[name],
            "schema": {"type": "integer", "minimum": 0} if name == "seq" else {"type": "string"},
        }
        for name in re.findall(r"\{(\w+)\}", endpoint.path)
    ]


def _query_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    schema = msgspec.json.schema(endpoint.query)
    shape = next(iter(schema["$defs"].values()))
    required = shape.get("required", ())
    parameters = []
    for name, field in shape.get("properties", {}).items():
        typed = _without_null(field)
        description = typed.pop("description", None)
        parameter = {"name": name, "in": "query", "required": name in required, "schema": typed}
        if description:
            parameter["description"] = description
        parameters.append(parameter)
    return parameters


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is absent, never null."""
    kinds = [kind for kind in field.get("anyOf", ()) if kind != {"type": "null"}]
    merged = {k: v for k, v in field.items() if k not in ("anyOf", "default")}
    if field.get("default") is not None:
        merged["default"] = field["default"]
    return {**merged, **kinds[0]} if kinds else merged


def _responses(endpoint: Endpoint, refs: dict[type, Any]) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status in endpoint.statuses:
        reply: dict[str, Any] = {"description": "Done"}
        if endpoint.reply:
            reply["content"] = {"application/json": {"schema": refs[endpoint.reply]}}
        responses[str(status)] = reply
    by_status: dict[int, list[str]] = {}
    for error in _errors(endpoint):
        codes = by_status.setdefault(error.status, [])
        if error.code not in codes:
            codes.append(error.code)
    for status, codes in sorted(by_status.items()):
        named = ", ".join(f"`{code}`" for code in codes)
        content = {"application/problem+json": {"schema": refs[Problem]}}
        responses[str(status)] = {"description": f"Codes: {named}", "content": content}
    return responses


def _errors(endpoint: Endpoint) -> list[type[TavolaError]]:
    errors = list(endpoint.errors)
    # Tokens may be wrong even where none is needed; the query string is checked everywhere. A read
    # with the first token of an issuer's subject makes the user.
    errors += [TokenInvalid, TokenExpired, CallerUnknown, IssuerUnavailable, Internal, StoreFailed]
    errors += [Invalid, Busy, StoreReadOnly, StoreStopping, StoreFull]
    if endpoint.auth != "none":
        errors.append(Unauthenticated)
    if endpoint.method != "GET":
        errors += [OriginRefused, TooLarge]
    if endpoint.body:
        errors.append(Malformed)
    return errors
