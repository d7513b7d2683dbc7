"""Sural sparing in each published variant, by name; a study has, lacks or cannot be judged for each.

EAN/PNS GBS 2023 (doi 10.1111/ene.16073): median or ulnar SNAP abnormal, sural normal. CIDP 2010 and 2021 (doi
10.1111/ene.14959): median or radial. Rajabally YA et al., Clin Neurophysiol 2016, PMID 26459671: five patterns. Umapathi T et
al. 2015, PMID 25743269: median or ulnar SNAP reduced more than the sural. Abnormal: SNAP below LLN or absent. The median nerve
of a hand with carpal tunnel syndrome never counts.
"""

from typing import Final

import numpy as np

from ncs_analyzer.criteria.sensory import SensoryFindings
from ncs_analyzer.criteria.truth import Truth
from ncs_analyzer.grouping import least

VARIANTS: Final = {
    "ean_pns_gbs_2023": "median or ulnar SNAP abnormal, sural normal",
    "cidp_2010_2021": "median or radial SNAP abnormal, sural normal",
    "rajabally_2016_absent_median_present_sural": "median SNAP absent, sural present",
    "rajabally_2016_absent_median_normal_sural": "median SNAP absent, sural normal",
    "rajabally_2016_abnormal_radial_present_sural": "radial SNAP abnormal, sural present",
    "rajabally_2016_abnormal_radial_normal_sural": "radial SNAP abnormal, sural normal",
    "rajabally_2016_two_abnormal_arm_present_sural": "two arm SNAPs abnormal, sural present",
    "umapathi_2015": "median or ulnar SNAP reduced, and by more of its limit than the sural",
}


def sural_sparing(sensory: SensoryFindings) -> dict[str, Truth]:
    """Every variant, per study."""
    arms = {name: _arm(sensory, name) for name in ("median", "ulnar", "radial")}
    absent_median = sensory.counting(_all_absent(sensory)).only(sensory.nerves.is_nerve("median"))
    lost_median = _tested(sensory, absent_median, "median")
    present, normal = _sural(sensory, ~_all_absent(sensory)), _sural(sensory, sensory.normal)
    arm = sensory.nerves.is_nerve("median", "ulnar", "radial")
    two = sensory.count(sensory.counting(sensory.snap_reduced).only(arm)) >= 2
    two = two.or_open(sensory.count.total(arm) < 2)
    return {
        "ean_pns_gbs_2023": _open_untested(sensory, sensory.sural_spared("median", "ulnar"), "median", "ulnar"),
        "cidp_2010_2021": _open_untested(sensory, sensory.sural_spared("median", "radial"), "median", "radial"),
        "rajabally_2016_absent_median_present_sural": lost_median & present,
        "rajabally_2016_absent_median_normal_sural": lost_median & normal,
        "rajabally_2016_abnormal_radial_present_sural": arms["radial"] & present,
        "rajabally_2016_abnormal_radial_normal_sural": arms["radial"] & normal,
        "rajabally_2016_two_abnormal_arm_present_sural": two & present,
        "umapathi_2015": _umapathi(sensory),
    }


def _arm(sensory: SensoryFindings, name: str) -> Truth:
    """The SNAP of that nerve abnormal on either side."""
    return _tested(sensory, sensory.counting(sensory.snap_reduced).only(sensory.nerves.is_nerve(name)), name)


def _tested(sensory: SensoryFindings, truth: Truth, *names: str) -> Truth:
    """In at least one nerve; not evaluable in studies where none of the names was tested."""
    return (sensory.count(truth) >= 1).or_open(sensory.count.total(sensory.nerves.is_nerve(*names)) == 0)


def _open_untested(sensory: SensoryFindings, of_study: Truth, *names: str) -> Truth:
    """Not evaluable in studies where none of the names, or no sural nerve, was tested."""
    tested = sensory.count.total(sensory.nerves.is_nerve(*names)) > 0
    sural = sensory.count.total(sensory.nerves.is_nerve("sural")) > 0
    return of_study.or_open(~tested | ~sural)


def _sural(sensory: SensoryFindings, truth: Truth) -> Truth:
    """Every tested sural nerve; not evaluable where none was tested."""
    sural = sensory.nerves.is_nerve("sural")
    tested = sensory.count.total(sural)
    every = sensory.count(truth.only(sural)) >= np.maximum(tested, 1)
    return every.or_open(tested == 0)


def _all_absent(sensory: SensoryFindings) -> Truth:
    """Nerves none of whose responses could be recorded."""
    return ~sensory.any_response(Truth.known(~sensory.physiology.snaps.absent))


def _umapathi(sensory: SensoryFindings) -> Truth:
    """Some median or ulnar SNAP below its limit and, in percent of it, below every sural SNAP."""
    nerves, n = sensory.nerves, sensory.physiology.studies
    percent = sensory.lowest_pct
    sural = nerves.is_nerve("sural")
    lowest_sural = least(nerves.study[sural], percent[sural], n)
    counts = sensory.counting(sensory.snap_reduced).only(nerves.is_nerve("median", "ulnar"))
    lower = Truth.compare(percent, "<", lowest_sural[nerves.study])
    return _open_untested(sensory, sensory.count(counts & lower) >= 1, "median", "ulnar")
