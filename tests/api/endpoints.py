"""The table of endpoints, filled: importing the application declares them all."""

import tavola.edge.http.server  # noqa: F401 - it imports the modules that declare endpoints
from tavola.edge.http.endpoints import ENDPOINTS, Endpoint

__all__ = ["ENDPOINTS", "Endpoint", "name_of"]


def name_of(endpoint: Endpoint) -> str:
    """What an endpoint is called in tests: method and path."""
    return f"{endpoint.method} {endpoint.path}"
