"""The sample patients, analysed once for all tests of reports."""

from contextlib import chdir
from functools import cache

from ncs_analyzer import Analysis, analyze, read
from ncs_analyzer.report.record import study_records
from ncs_analyzer.resources import shipped

NAMES = ("tidy.csv", "befunde_de.csv", "emg_summary.csv", "emg_summary.xlsx", "research_wide.csv", "with_problems.xlsx")


@cache
def analysis(*names: str) -> Analysis:
    """The analysis of some sample files, all by default."""
    with chdir(shipped("sample_data")):
        return analyze(read(names or NAMES))


@cache
def records(*names: str) -> tuple[dict, ...]:
    """The records of their studies."""
    return tuple(study_records(analysis(*names)))
