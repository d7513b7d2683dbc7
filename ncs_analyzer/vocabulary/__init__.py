"""Canonical names and the words exports use for them."""
