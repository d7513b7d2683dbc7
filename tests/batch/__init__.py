"""Tests of ncs_analyzer.batch."""
