"""`python -m ncs_analyzer`: the command line."""

from ncs_analyzer.cli import main

if __name__ == "__main__":  # worker processes import this module too
    main()
