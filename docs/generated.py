"""What docs/build.py writes into the pages, taken from the program's own tables."""
