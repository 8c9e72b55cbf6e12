"""The HTTP API: a declared table of endpoints on Starlette and msgspec."""
