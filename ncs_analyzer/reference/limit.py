"""One limit of a reference table: what it is of, for whom, and the number."""

from dataclasses import dataclass
from typing import Final

TEXT: Final = (
    "nerve", "study", "measure", "recording", "segment", "against", "sex", "unit", "statistic", "convention",
)  # fmt: skip
BOUNDS: Final = (("age_min", "age_max"), ("height_min_cm", "height_max_cm"), ("bmi_min", "bmi_max"))
FORMULA: Final = ("intercept", "per_year", "per_cm", "sd", "sd_multiplier")
NUMBERS: Final = (
    *(name for pair in BOUNDS for name in pair), "lower", "upper", "distance_mm", "low_cut_hz", "n", *FORMULA, "mean",
    "power", "ci_low", "ci_high",
)  # fmt: skip
REQUIRED: Final = ("nerve", "study", "measure")

Key = tuple[str, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Limit:
    """One row of a table. Bounds are `min <= x < max`, None where there is none; `row` is its line in the file.

    `mean`, `sd`: of the healthy, on the scale of `power` (Box-Cox; None: as measured). `ci_low`, `ci_high`: confidence
    interval of the limit. `against`: the other response ("ulnar digit_5") of a difference between two.
    """

    row: int
    nerve: str
    study: str
    measure: str
    recording: str = ""
    segment: str = ""
    against: str = ""
    sex: str = ""
    unit: str = ""
    statistic: str = ""
    convention: str = ""
    age_min: float | None = None
    age_max: float | None = None
    height_min_cm: float | None = None
    height_max_cm: float | None = None
    bmi_min: float | None = None
    bmi_max: float | None = None
    lower: float | None = None
    upper: float | None = None
    distance_mm: float | None = None
    low_cut_hz: float | None = None
    n: float | None = None
    intercept: float | None = None
    per_year: float | None = None
    per_cm: float | None = None
    sd: float | None = None
    sd_multiplier: float | None = None
    mean: float | None = None
    power: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None

    @property
    def key(self) -> Key:
        """What the row is a limit of."""
        return self.study, self.nerve, self.measure, self.recording, self.segment, self.convention, self.against

    @property
    def asks_for(self) -> tuple[str, ...]:
        """Which of age, height, BMI, sex and filter the row asks for."""
        asked = [low.partition("_")[0] for low, high in BOUNDS if self._bound(low, high)]
        return (*asked, *(("sex",) if self.sex else ()), *(("filter",) if self.low_cut_hz is not None else ()))

    @property
    def strata(self) -> int:
        """How many of them."""
        return len(self.asks_for)

    def _bound(self, low: str, high: str) -> bool:
        return getattr(self, low) is not None or getattr(self, high) is not None

    def meets(self, other: "Limit") -> bool:
        """Whether some person falls under both rows."""
        if self.sex and other.sex and self.sex != other.sex:
            return False
        if None not in (self.low_cut_hz, other.low_cut_hz) and self.low_cut_hz != other.low_cut_hz:
            return False
        for low, high in BOUNDS:
            start = max(bound(getattr(self, low), -1e9), bound(getattr(other, low), -1e9))
            if start >= min(bound(getattr(self, high), 1e9), bound(getattr(other, high), 1e9)):
                return False
        return True

    def side(self, side: str) -> float | None:
        """The bound on one side."""
        return self.upper if side == "upper" else self.lower

    @property
    def strata_words(self) -> str:
        """The row's strata in words; empty where it holds for everybody."""
        parts = []
        for name, unit, (low, high) in zip(("age", "height", "BMI"), ("", " cm", ""), BOUNDS, strict=True):
            start, end = getattr(self, low), getattr(self, high)
            if start is not None and end is not None:
                parts.append(f"{name} {start:g} to under {end:g}{unit}")
            elif start is not None:
                parts.append(f"{name} {start:g}{unit} and more")
            elif end is not None:
                parts.append(f"{name} under {end:g}{unit}")
        if self.sex:
            parts.append({"F": "women", "M": "men"}.get(self.sex, self.sex))
        if self.low_cut_hz is not None:
            parts.append(f"low cut {self.low_cut_hz:g} Hz")
        return ", ".join(parts)


def bound(value: float | None, default: float) -> float:
    """A bound, or what stands for none."""
    return default if value is None else value
