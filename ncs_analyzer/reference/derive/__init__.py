"""A laboratory's own limits from its own studies: of labelled healthy subjects, or of mixed routine data."""
