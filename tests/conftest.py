"""What all tests share: how hard hypothesis tries, and that a slow machine is no failure."""

from hypothesis import settings

settings.register_profile("tavola", max_examples=100, deadline=None)
settings.load_profile("tavola")
