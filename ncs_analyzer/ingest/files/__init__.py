"""Files to grids of raw cells. The only place of the program that opens an input file.

Everything here is our own reading of the bytes, within bounds of size: a damaged or hostile file is an issue, never a
crash. What a spreadsheet shows as an error, or as a formula that was never calculated, stays visible as such.
"""

from ncs_analyzer.ingest.files.inputs import STANDARD_INPUT, input_files
from ncs_analyzer.ingest.files.opened import Opened
from ncs_analyzer.ingest.files.recognise import open_file

__all__ = ["STANDARD_INPUT", "Opened", "input_files", "open_file"]
