"""Tests of ncs_analyzer.physiology."""
