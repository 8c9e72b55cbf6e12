"""What a flow is: a generator that yields requests and returns its reply.

A flow reads first and writes at most once, last. The exceptions are the append loop, walks over
many items and repairs; each says so.
"""

from collections.abc import Generator
from typing import Any, TypeVar

from tavola.core.operations import Request

T = TypeVar("T")

Flow = Generator[Request, Any, T]
