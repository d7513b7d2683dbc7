"""Speed and memory, each figure a ratio against a bare library call of the same run on the same data."""
