"""Judges a stack on AWS: what was seen of it is a value, and what follows from that is pure."""
