"""Whole folders of exports: read, cut into partitions of whole patients, analysed in parallel, written as tables."""
