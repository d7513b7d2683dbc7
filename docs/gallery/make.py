"""Take the pictures of the gallery anew: `python docs/gallery/make.py` (needs chromium; the samples are invented patients).

Each picture is a part of the page that `ncs-analyzer report --format html` writes, seen at a given width.
"""

import io
import re
import shutil
import subprocess
import tempfile
from contextlib import chdir
from pathlib import Path

from ncs_analyzer import Readings, analyze, read
from ncs_analyzer.report.html.page import write_html
from ncs_analyzer.resources import shipped

HERE = Path(__file__).parent
LABORATORY = "Laboratory of Clinical Neurophysiology"

PICTURES = (
    # file, patient, the part by its heading (empty: the beginning of the page), width, height
    ("top", "P02", "", 1160, 900),
    ("entrapment", "P12", "Map of nerves", 1160, 620),
    ("criteria", "P02", "Criteria", 1160, 900),
    ("values", "P02", "Values", 940, 620),
    ("profiles", "P02", "Amplitude by stimulation site", 1160, 560),
    ("course", "P07", "", 1160, 800),
    ("phone", "P13", "", 500, 1000),
)


def main() -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    assert browser, "chromium is needed to take pictures"
    with chdir(shipped("sample_data")):
        readings = read(sorted(path.name for path in Path().iterdir() if path.suffix in (".csv", ".xlsx")))
    with tempfile.TemporaryDirectory() as folder:
        for name, patient, heading, width, height in PICTURES:
            source = Path(folder) / f"{name}.html"
            source.write_text(part(page(readings, patient), heading), encoding="utf-8")
            subprocess.run(
                [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                 f"--window-size={width},{height}", f"--screenshot={HERE / name}.png", source.as_uri()],
                check=True, capture_output=True, timeout=300,
            )  # fmt: skip


def page(readings: Readings, patient: str) -> str:
    """The page of one patient."""
    out = io.StringIO()
    own = (readings.studies["patient_id"] == patient).to_numpy()
    write_html(analyze(readings.only(own)), out, LABORATORY)
    return out.getvalue()


def part(text: str, heading: str) -> str:
    """The head of the page and one part of it."""
    if not heading:
        return text
    head, body = text.split("<body>")
    found = re.search(rf"<h4>{heading}</h4>.*?(?=<h4>)", body, re.DOTALL)
    scales = re.search(r'<svg class="defs".*?</svg>', body, re.DOTALL)
    assert found, heading
    assert scales
    return f"{head}<body>{scales[0]}{found[0]}</body>"


if __name__ == "__main__":
    main()
