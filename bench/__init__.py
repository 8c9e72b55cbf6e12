"""Measures a running server; `python -m bench --help` says how."""
