"""`ncs-analyzer reference`: limits."""

import click


@click.group()
def reference() -> None:
    """Limits: which there are, one looked up, a laboratory's own checked or derived."""
