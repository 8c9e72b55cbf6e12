"""The OpenAPI document, and that the server does what it says to whatever may be asked."""

import re
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tavola.core.errors import CATALOGUE
from tests.api.endpoints import ENDPOINTS, Endpoint, name_of
from tests.api.people import Api, People, bearer, token
from tests.api.serving import Serving

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 12  # for each endpoint and caller


@pytest.fixture(scope="module")
def document(nobody: Api) -> Any:
    """The document as the server answers it."""
    reply = nobody.request("GET", "/openapi.json")
    assert reply.headers["content-type"] == "application/json"
    return reply.json()


def test_it_is_openapi_3_1_with_all_endpoints(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    declared = {(endpoint.route, endpoint.method.lower()) for endpoint in ENDPOINTS}
    shown = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert shown == declared
    assert "/api/v1/messages" in document["paths"], "paths in full"


def test_every_reference_leads_somewhere(document: Any) -> None:
    for name in re.findall(r"#/components/schemas/(\w+)", str(document)):
        assert name in document["components"]["schemas"]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=name_of)
def test_every_endpoint_documents_its_errors(document: Any, endpoint: Endpoint) -> None:
    operation = document["paths"][endpoint.route][endpoint.method.lower()]
    responses = operation["responses"]
    for error in endpoint.errors:
        assert f"`{error.code}`" in responses[str(error.status)]["description"]
    for status, response in responses.items():
        if int(status) >= 400:
            assert list(response["content"]) == ["application/problem+json"]
            assert set(re.findall(r"`(\w+)`", response["description"])) <= CATALOGUE.keys()
    assert {str(status) for status in endpoint.statuses} <= responses.keys()
    assert operation["summary"]


@pytest.fixture(scope="module")
def schema(server: Serving) -> BaseSchema:
    """The document as a client reads it."""
    return schemathesis.openapi.from_url(f"{server.url}/api/v1/openapi.json")


@pytest.mark.slow
@pytest.mark.parametrize("caller", ["member", "admin"])
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=name_of)
def test_what_may_be_asked_is_answered_as_documented(
    schema: BaseSchema, people: People, caller: str, endpoint: Endpoint
) -> None:
    person, other = people.pair()
    person.send(other)
    headers = bearer(token(person.id, scope=caller))
    real = {"conversation": person.dm(other), "seq": 1, "user": other.id, "group": "none"}
    operation = schema[endpoint.route][endpoint.method]

    @hypothesis.seed(20261121)
    @hypothesis.settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy())
    def answers(case: Any) -> None:
        if caller == "member":  # else every path would lead to what is not there
            case.path_parameters = {name: real[name] for name in case.path_parameters or {}}
        case.call_and_validate(headers=headers, checks=CHECKS)

    answers()
