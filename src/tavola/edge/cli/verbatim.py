r"""Docstrings as help: click keeps lines as they are below a `\b`, the control character.

In our docstrings it is written as two characters, so that they can be read.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def verbatim(function: Callable[P, T]) -> Callable[P, T]:
    r"""Make each `\b` in a docstring the one that click knows."""
    function.__doc__ = (function.__doc__ or "").replace("\\b\n", "\b\n")
    return function
