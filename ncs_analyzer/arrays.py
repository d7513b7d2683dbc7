"""Names for the kinds of numpy array that the program passes around."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Codes = NDArray[np.integer[Any]]
"""Indices into a list of names, or counts; -1 where there is no name."""
Rows = NDArray[np.intp]
"""Row numbers of another array."""
Keys = NDArray[np.int64]
"""One number per row that is equal where the rows belong together."""
