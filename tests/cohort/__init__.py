"""Tests of ncs_analyzer.cohort."""
