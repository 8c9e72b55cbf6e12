"""Whole stores: copied, compared, exported and imported."""
