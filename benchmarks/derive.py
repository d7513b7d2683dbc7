"""The error of derived limits on simulated laboratories, as the table of docs/derive.md.

Run from the repository's root: python -m benchmarks.derive [--laboratories N]. Every entry is over the four measures and
the three kinds of disease of tests/reference/simulated.py: mean error and root mean square error, in SD of the healthy;
above zero: too lenient.
"""

import argparse
from itertools import product

import numpy as np

from ncs_analyzer.reference.derive.central import central
from ncs_analyzer.reference.derive.enorms import e_norms
from ncs_analyzer.reference.measures import unit_and_side
from tests.reference.simulated import HEALTHY, error_in_sd, laboratory, nobody

SHARES, SIZES, DISEASES = (0.1, 0.25, 0.4), (200, 1000, 10000), ("mild", "clear", "even")


def errors(n: int, share: float, laboratories: int, rng: np.random.Generator) -> dict[str, list[float]]:
    """By method, the error in every laboratory."""
    found: dict[str, list[float]] = {"central": [], "e-norms": [], "plain percentile": []}
    for measure, disease, _ in product(HEALTHY, DISEASES, range(laboratories)):
        values = laboratory(measure, n, share, rng, disease)
        side = unit_and_side("f_wave" if measure == "minimal_f_latency" else "motor", measure)[1]
        limits = {
            "central": central(values, nobody(n), measure, side, bootstraps=0).rows[0].limit,
            "e-norms": e_norms(values[values > 0], measure, side).rows[0].limit,
            "plain percentile": float(np.quantile(values, 0.97 if side == "upper" else 0.03)),
        }
        for method, limit in limits.items():
            assert limit is not None
            found[method].append(error_in_sd(measure, limit))
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laboratories", type=int, default=10, help="laboratories per measure and kind of disease")
    laboratories = parser.parse_args().laboratories
    rng = np.random.default_rng(20)
    print("| n | diseased | central: mean | rms | e-norms: mean | rms | plain percentile: mean | rms |")
    print("|---|---|---|---|---|---|---|---|")
    for n, share in product(SIZES, SHARES):
        found = errors(n, share, laboratories, rng)
        cells = [f"{np.mean(e):+.2f} | {np.sqrt(np.mean(np.square(e))):.2f}" for e in found.values()]
        print(f"| {n} | {share:.0%} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
