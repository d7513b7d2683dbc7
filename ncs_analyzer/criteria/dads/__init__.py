"""Distal demyelinating neuropathy by terminal latency index."""
