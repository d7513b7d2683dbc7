"""A registry of known composition through the real command line: every table exact, nothing private left."""

import zipfile

import pandas as pd
import pyreadstat
import pytest

from tests.cohort import recount
from tests.cohort.recount import check_batch, check_cohort, command, made


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    return tmp_path_factory.mktemp("registry")


@pytest.fixture(scope="module")
def registry(room):
    studies, files = made(1, room)
    done = command("batch", room / "in", "-o", room / "batch", "--reference", room / "lab.csv", "--quiet")
    assert done.returncode == 0, done.stderr
    return studies, files


@pytest.mark.filterwarnings("ignore")  # of the oracles, where they divide by nothing
def test_every_table_is_as_it_was_made(registry, room):
    studies, files = registry
    check_batch(room / "batch", studies, files)
    done = command("cohort", room / "batch", "-o", room / "cohort", "--by", "group", "--label", "diagnosis")
    assert done.returncode == 0, done.stderr
    check_cohort(room / "cohort", room / "batch", studies, files)


@pytest.mark.filterwarnings("ignore")
def test_first_studies_alone(registry, room):
    studies, _ = registry
    done = command("cohort", room / "batch", "-o", room / "first", "--label", "diagnosis", "--first-only")
    assert done.returncode == 0, done.stderr
    first = [s for s in studies if s.visit == 0]
    whole = recount.verdicts_by_study(room / "batch", studies)
    mine = whole[whole.groupby(["patient_id", "criteria"]).cumcount() == 0]
    table = pd.read_csv(room / "first" / "verdict_frequency.csv")
    counted = mine.groupby(["criteria", "verdict"]).size()
    assert (
        dict(zip(zip(table["criteria"], table["verdict"], strict=True), table["n"], strict=True)) == counted.to_dict()
    )
    assert set(table["studies"]) == {len(first)}
    own = (
        pd.read_csv(room / "first" / "accuracy.csv")
        .set_index(["criteria", "basis"])
        .loc[("mmn_aaem_2003", "as decided")]
    )
    assert own["cases"] == sum(s.label == "MMN" for s in first)
    assert own["true_positive"] == sum(s.label == "MMN" and s.template == "mmn" for s in first)
    steps = pd.read_csv(room / "first" / "trajectories.csv")
    assert set(steps.groupby("criteria")["n"].sum()) == {len(studies) - len(first)}


def everything(folder):
    """The text of every file, of those inside workbooks too, and of every string in the binary ones."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                for name in book.namelist():
                    yield f"{path.name}/{name}", book.read(name).decode()
        elif path.suffix == ".dta":
            with pd.read_stata(path, iterator=True) as reader:
                yield path.name, reader.read().to_csv() + str(reader.variable_labels())
            yield path.name, path.read_bytes().decode("latin-1")
        elif path.suffix == ".sav":
            frame, meta = pyreadstat.read_sav(str(path), apply_value_formats=True)
            yield path.name, frame.to_csv() + str(vars(meta))
            yield path.name, path.read_bytes().decode("latin-1")
        else:
            yield path.name, path.read_bytes().decode("utf-8" if path.suffix != ".pdf" else "latin-1")


def test_nothing_private_is_left(room, tmp_path):
    folder = tmp_path / "Klinik Nord"
    folder.mkdir()
    rows = []
    for patient, visit in (("MRN-4711", 1), ("MRN-4711", 2), ("MRN-0815", 1), ("=Meier", 1)):
        for site, latency in (("wrist", 3.5), ("elbow", 7.5)):
            rows.append(
                {"patient_id": patient, "study_date": f"2019-0{visit}-17", "age_years": 93, "sex": "F",
                 "group": "control", "diagnosis": "CIDP", "surname": "Zzyzx", "birthday": "1926-11-30",
                 "note": "lives in Qqtown", "study": "motor", "nerve": "median", "side": "left", "recording": "APB",
                 "stimulation": site, "response": "present", "latency_ms": latency, "amplitude_mv": 8,
                 "distance_mm": 220 if site == "elbow" else None}
            )  # fmt: skip
    pd.DataFrame(rows).to_csv(folder / "Frau Meier.csv", index=False)
    arguments = ("cohort", folder, "-o", tmp_path / "out", "--deidentify", "--by", "group", "--label", "diagnosis")
    done = command(*arguments)
    assert done.returncode == 0, done.stderr
    words = (
        "4711",
        "0815",
        "Meier",
        "Klinik",
        "Zzyzx",
        "1926",
        "2019-0",
        "Qqtown",
        "surname",
        "birthday",
        "MRN",
        str(tmp_path),
    )
    for name, text in everything(tmp_path / "out"):
        found = [word for word in words if word.casefold() in text.casefold()]
        assert not found, (name, found)
    for name in ("studies_wide.csv", "readings_long.csv"):
        assert set(pd.read_csv(tmp_path / "out" / name)["age_years"]) == {90.0}
    key = tmp_path / "out.key.csv"
    assert key.stat().st_mode & 0o077 == 0
    assert set(pd.read_csv(key)["patient_id"]) == {"MRN-4711", "MRN-0815", "'=Meier"}  # no formula there either
    first = dict(everything(tmp_path / "out"))
    again = command(*arguments, "--force")
    assert again.returncode == 0
    assert dict(everything(tmp_path / "out")) == first  # the same codes from the key
