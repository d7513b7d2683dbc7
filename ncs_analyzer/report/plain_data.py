"""Values as JSON has them."""

import math
from typing import Any

import numpy as np
import pandas as pd


def clean(value: Any) -> Any:
    """A value as JSON has it: no NaN, no numpy types."""
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, (int, np.integer)):
        return int(value)
    return str(value)
