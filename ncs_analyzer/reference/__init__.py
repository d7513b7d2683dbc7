"""Limits: published tables, a laboratory's own, and the limit of every reading."""
