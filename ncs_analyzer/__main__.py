"""`python -m ncs_analyzer`: the command line."""

from ncs_analyzer.cli import main

main()
