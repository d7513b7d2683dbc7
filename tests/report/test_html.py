"""The page: its structure as a reader without eyes meets it, its contrast, its safety, its numbers, its memory."""

import io
import re
import tracemalloc
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest

from ncs_analyzer import Analysis
from ncs_analyzer.report.html import body_map, page
from ncs_analyzer.report.labels import LANGUAGES, labels
from tests.report import hostile
from tests.report.samples import analysis, records

VOID = {"meta", "br", "col", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """The elements of a page with their attributes, ancestors and text; fails on a tag that is not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str]]] = []
        self.elements: list[tuple[str, dict[str, str], tuple[str, ...]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.elements.append((tag, values, tuple(name for name, _ in self.open)))
        if tag not in VOID:
            self.open.append((tag, values))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {n: v or "" for n, v in attrs}, tuple(name for name, _ in self.open)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}>"
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1][0] if self.open else "", data))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs, _ in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(text for tag, text in self.texts if tag != "style")


def written(a: Analysis, laboratory: str = "", language: str = "en") -> str:
    out = io.StringIO()
    page.write_html(a, out, laboratory, labels(language))
    return out.getvalue()


@cache
def samples() -> Page:
    return Page(written(analysis()))


# ---------------------------------------------------------------- structure


def test_landmarks_and_language() -> None:
    found = samples()
    assert found.all("html") == [{"lang": "en"}]
    assert [len(found.all(tag)) for tag in ("header", "main", "footer", "nav", "h1", "title")][:5] == [1, 1, 1, 1, 1]
    assert len(found.all("article")) == len({r["patient_id"] for r in records()})


def test_headings_descend_one_level_at_a_time() -> None:
    levels = [int(tag[1]) for tag, _, _ in samples().elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_every_table_has_headings_with_scope_and_a_name() -> None:
    found = samples()
    assert all(attrs.get("scope") for attrs in found.all("th"))
    regions = [attrs for attrs in found.all("div") if attrs.get("role") == "region"]
    assert len(regions) == len(found.all("table"))
    assert all(attrs["aria-label"] and attrs["tabindex"] == "0" for attrs in regions)


def test_every_drawing_says_what_it_shows_or_is_decoration() -> None:
    for attrs in samples().all("svg"):
        assert attrs.get("aria-hidden") == "true" or (attrs["role"] == "img" and len(attrs["aria-label"]) > 10)


def test_ids_are_unique_and_every_link_leads_to_one() -> None:
    ids = [attrs["id"] for _, attrs, _ in samples().elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = [attrs["href"] for attrs in samples().all("a") + samples().all("use")]
    assert len(targets) > 500
    assert all(target[0] == "#" and target[1:] in ids for target in targets)


def test_nothing_is_loaded_or_run() -> None:
    found = samples()
    assert not {tag for tag, _, _ in found.elements} & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "base",
        "form",
    }
    assert not [
        name for _, attrs, _ in found.elements for name in attrs if name.startswith("on") or name in ("src", "style")
    ]
    assert "url(" not in written(analysis("tidy.csv"))
    assert "@import" not in written(analysis("tidy.csv"))


# ---------------------------------------------------------------- contrast


def style() -> str:
    return files("ncs_analyzer.report.html").joinpath("templates/style.css").read_text(encoding="utf-8")


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    a, b = sorted((luminance(one), luminance(other)))
    return (b + 0.05) / (a + 0.05)


def test_contrast_of_the_formula() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_words_contrast_with_every_ground() -> None:
    colours = dict(re.findall(r"--(\w+): (#\w{6});", style()))
    for name in ("ink", "soft", "accent", "normal", "demyelinating", "axonal", "slowed", "unknown", "out", "unsure"):
        for ground in ("ground", "tint"):
            assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
    assert contrast("#ffffff", colours["accent"]) >= 4.5


def test_nerves_contrast_with_the_figure_and_marks_with_the_scale() -> None:
    colours = dict(re.findall(r"--(\w+): (#\w{6});", style()))
    for name in ("normal", "demyelinating", "axonal", "slowed", "unknown"):
        assert contrast(colours[name], colours["skin"]) >= 3, name
    for name in ("normal", "out"):
        assert contrast(colours[name], colours["zone"]) >= 3, name


# ---------------------------------------------------------------- safety


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    a = hostile.analysis(tmp_path)
    text = written(a, laboratory="<b>Lab</b>")
    found = Page(text)
    assert not {"script", "b", "img"} & {tag for tag, _, _ in found.elements} - {"b"}
    assert "<script" not in text
    assert "<b>Lab" not in text
    assert "onload" not in {name for _, attrs, _ in found.elements for name in attrs}
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", text)
    for shown in ("<script>alert(1)</script>", "../x", "=cmd|' /C calc'!A0", '"><svg onload=alert(1)>', "{{ 7*7 }}"):
        assert f"Patient {shown}" in found.text


# ---------------------------------------------------------------- what it says


def test_every_reading_stands_on_the_page() -> None:
    ids = {attrs["id"] for attrs in samples().all("td") if "id" in attrs}
    shown = sum(r["measure"] != "distance" for record in records() for r in record["readings"])
    assert len(ids) == shown


def test_conclusions_are_those_of_the_text() -> None:
    for record in records():
        assert page._entry(record, "s1").conclusion in samples().text


def test_patients_and_their_studies_stand_together_in_order() -> None:
    order = [(name, [r["study_date"] for r in own]) for name, own in page.patients(analysis())]
    assert len({name for name, _ in order}) == len(order)
    assert all(dates == sorted(dates) for _, dates in order)
    assert ("P07", ["2025-01-14", "2025-02-09"]) in order


def test_right_is_on_the_left_of_the_viewer() -> None:
    assert body_map._at("right", (50, 0))[0] < body_map.WIDTH / 2 < body_map._at("left", (50, 0))[0]


def test_the_map_names_every_nerve_it_draws_and_every_block() -> None:
    p02 = next(r for r in records() if r["patient_id"] == "P02")
    picture = str(body_map.body_map(p02, "motor", labels("en")))
    assert "left median demyelinating with conduction block" in picture
    assert picture.count('class="nerve demyelinating"') == 6
    blocked = {
        (b["nerve"], b["side"]) for b in p02["conduction_block"] if set(b["grades"].values()) & set(body_map.BLOCKED)
    }
    assert len({(m.nerve, m.side) for m in body_map.marks(p02, "motor") if m.blocks}) == len(blocked) > 0


def test_entrapment_is_not_drawn_as_normal() -> None:
    p12 = next(r for r in records() if r["patient_id"] == "P12")
    words = {(m.nerve, m.side): m.word for m in body_map.marks(p12, "motor")}
    assert words["median", "left"] == words["median", "right"] == "entrapment"
    assert words["ulnar", "left"] == "normal"


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_follow_the_language(language: str) -> None:
    text = Page(written(analysis("tidy.csv"), language=language)).text
    assert labels(language)("Sensory nerves") in text


def test_same_input_same_bytes() -> None:
    assert written(analysis("tidy.csv")) == written(analysis("tidy.csv"))


def test_memory_does_not_grow_with_the_patients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times the patients, written to nowhere, need hardly more memory than a few."""
    a = analysis("tidy.csv")
    own = list(page.patients(a))[:1]

    class Nowhere(io.StringIO):
        def write(self, text: str) -> int:
            return len(text)

    def peak(times: int) -> int:
        monkeypatch.setattr(page, "patients", lambda _: (one for _ in range(times) for one in own))
        tracemalloc.start()
        page.write_html(a, Nowhere())
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(1)
    few, many = peak(2), peak(12)
    assert many < few + 300_000
