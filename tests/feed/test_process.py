"""A worker of this machine whose process has ended is known to be gone."""

import os
import subprocess
import sys

import pytest

from tavola.edge.feed.process import is_gone, name_worker

NAME = "from tavola.edge.feed.process import name_worker; print(name_worker('x'))"


def test_one_that_has_ended_is_gone() -> None:
    ended = subprocess.run([sys.executable, "-c", NAME], capture_output=True, text=True, check=True)
    assert is_gone(ended.stdout.strip())


def test_one_that_lives_is_not() -> None:
    parent = name_worker("x").replace(f"/{os.getpid()}/", f"/{os.getppid()}/")
    assert not is_gone(parent)


def test_an_earlier_one_with_our_number_is() -> None:
    assert is_gone(name_worker("an earlier one"))


@pytest.mark.parametrize("name", ["", "one", "a/b/c", "elsewhere/boot/999999999/x", "//x/y"])
def test_of_others_nothing_is_known(name: str) -> None:
    assert not is_gone(name)
