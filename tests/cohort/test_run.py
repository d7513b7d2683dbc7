"""A cohort in its folder: files that other programs open, the same bytes again, nothing private, nothing half."""

import zipfile

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from ncs_analyzer.batch.outputs import OutputError
from ncs_analyzer.cohort import run as run_module
from ncs_analyzer.cohort.export import r_script
from ncs_analyzer.cohort.run import Wishes, write_cohort
from ncs_analyzer.cohort.wide import REDCAP_COLUMNS, dictionary, redcap_dictionary, wide_table


@pytest.fixture(scope="module")
def folder(batch_folder, tmp_path_factory):
    from ncs_analyzer.cohort.results import load

    out = tmp_path_factory.mktemp("made") / "cohort"
    write_cohort(load(batch_folder), out, Wishes(by="group", label="diagnosis"), force=False)
    return out


@pytest.fixture
def no_figures(monkeypatch):
    """Drawing takes longer than all the rest."""
    monkeypatch.setattr(run_module, "figures", lambda _: [])


def contents(folder):
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def test_the_same_bytes_again(results, folder, tmp_path):
    write_cohort(results, tmp_path / "again", Wishes(by="group", label="diagnosis"), force=False)
    assert contents(tmp_path / "again") == contents(folder)


def test_stata_and_spss_hold_the_wide_table(folder):
    csv = pd.read_csv(folder / "studies_wide.csv", dtype={"study_id": str})
    stata = pd.read_stata(folder / "studies_wide.dta")
    spss, meta = pyreadstat.read_sav(folder / "studies_wide.sav", apply_value_formats=True)
    assert list(stata) == list(csv) == list(spss)
    assert stata["study_id"].tolist() == csv["study_id"].tolist() == spss["study_id"].tolist()
    for name in ("sex", "cidp_ean_pns_2021"):
        assert stata[name].astype(str).tolist() == csv[name].tolist() == spss[name].astype(str).tolist()
    for name in ("age_years", next(c for c in csv if c.startswith("m_medi_l"))):
        pd.testing.assert_series_equal(stata[name], csv[name].astype(float), check_dtype=False)
    assert meta.column_names_to_labels["age_years"] == "Age at the study, years"


def test_dictionary_describes_every_column(results):
    data = wide_table(results)
    assert dictionary(data)["variable"].tolist() == list(data.frame)
    assert (dictionary(data)[["known", "missing"]].sum(axis=1) == len(data.frame)).all()
    redcap = redcap_dictionary(data)
    assert list(redcap) == list(REDCAP_COLUMNS)
    assert len(REDCAP_COLUMNS) == 18
    assert redcap.iloc[0, 0] == "study_id"
    names = redcap["Variable / Field Name"]
    assert names.str.fullmatch(r"[a-z][a-z0-9_]*").all()
    assert names.is_unique


def test_r_script_names_every_column_and_level(results):
    data = wide_table(results)
    script = r_script(data)
    for v in data.variables:
        assert f"  {v.name} = " in script
    assert 'factor(studies$sex, levels = c("F", "M"))' in script


def test_workbook_and_page_hold_every_table(folder):
    book = openpyxl.load_workbook(folder / "cohort.xlsx")
    page = (folder / "cohort.html").read_text()
    for name in ("flow", "characteristics", "abnormality", "verdict_frequency", "agreement", "accuracy", "changes"):
        assert name in book.sheetnames
        assert f'id="{name}"' in page
        assert book[name].max_row == len(pd.read_csv(folder / f"{name}.csv")) + 1
    assert page.count("<svg") == 4
    assert "<script" not in page
    assert "http-equiv" not in page
    assert zipfile.is_zipfile(folder / "cohort.xlsx")


def test_formulas_are_text(results, no_figures, tmp_path):
    studies = results.studies.assign(group='=HYPERLINK("http://x")')
    write_cohort(run_module.Results(**{**vars(results), "studies": studies}), tmp_path / "c", Wishes(by="group"), False)
    assert "\n=HYPER" not in (tmp_path / "c" / "characteristics.csv").read_text()
    sheet = openpyxl.load_workbook(tmp_path / "c" / "cohort.xlsx")["characteristics"]
    assert {cell.data_type for (cell,) in sheet.iter_rows(max_col=1) if cell.value} == {"s"}


def test_deidentified(results, no_figures, tmp_path):
    key = tmp_path / "key.csv"
    write_cohort(results, tmp_path / "c", Wishes(by="group", key=key), force=False)
    codes = pd.read_csv(key)
    assert set(codes["patient_id"]) == set(results.studies["patient_id"])
    assert key.stat().st_mode & 0o077 == 0
    dates = set(results.studies["study_date"])
    ids = set(results.studies["study_id"])
    for path in (tmp_path / "c").iterdir():
        if path.suffix in (".csv", ".html", ".md", ".json", ".R"):
            text = path.read_text()
            assert not [d for d in dates if d in text], path.name
            assert not [i for i in ids if i in text], path.name
    wide = pd.read_csv(tmp_path / "c" / "studies_wide.csv")
    assert wide["age_years"].max() == 90
    assert wide["study_day"].min() == 0
    assert "study_date" not in wide
    assert "diagnosis" not in wide
    write_cohort(results, tmp_path / "again", Wishes(by="group", key=key), force=False)
    assert contents(tmp_path / "again") == contents(tmp_path / "c")


def test_nothing_half_when_writing_fails(results, no_figures, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run_module, "workbook", full)
    with pytest.raises(OSError, match="No space"):
        write_cohort(results, tmp_path / "c", Wishes(), force=False)
    assert list((tmp_path / "c").iterdir()) == []


def test_an_existing_cohort_is_kept(results, folder, tmp_path):
    with pytest.raises(OutputError, match="--force"):
        write_cohort(results, folder, Wishes(), force=False)
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        write_cohort(results, tmp_path / "file" / "c", Wishes(), force=False)


def test_names_that_no_program_takes(results, no_figures, tmp_path):
    """Covariates under reserved words, under our own names, in other alphabets, alike but for a letter."""
    n = len(results.studies)
    studies = results.studies.assign(
        **{"function": "x", "long": "2", "by": "a|b", "cidp_ean_pns_2021": "theirs", "m_medi_l_apb_wr_dlat_ms": "3",
           "Größe (cm)": "170", "年齢": [f"{i % 2}" for i in range(n)], "code": [f"{i:03}" for i in range(n)],
           "ends": ["é" if i % 2 else "è" for i in range(n)]}
    )  # fmt: skip
    write_cohort(run_module.Results(**{**vars(results), "studies": studies}), tmp_path / "c", Wishes(), False)
    data = pd.read_csv(tmp_path / "c" / "studies_wide.csv", dtype={"code": str})
    assert data["code"].tolist()[:2] == ["000", "001"]
    assert {"v_function", "v_long", "v_by", "cidp_ean_pns_2021_2"} <= set(data)
    assert data.columns.is_unique
    for name in data:
        assert len(name) <= 32
    stata = pd.read_stata(tmp_path / "c" / "studies_wide.dta")
    spss, _ = pyreadstat.read_sav(tmp_path / "c" / "studies_wide.sav")
    assert list(stata) == list(data) == list(spss)
    dictionary = pd.read_csv(tmp_path / "c" / "redcap_dictionary.csv").set_index("Variable / Field Name")
    choices = dictionary.loc["ends", "Choices, Calculations, OR Slider Labels"]
    codes = [choice.split(",")[0] for choice in choices.split(" | ")]
    assert len(set(codes)) == 2
