"""Tests of ncs_analyzer.interpretation."""
