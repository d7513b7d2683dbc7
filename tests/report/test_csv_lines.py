"""CSV text made from distinct values equals pandas' own, cell by cell."""

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncs_analyzer.report.as_csv import write_table
from ncs_analyzer.wording import inert

TEXTS = st.sampled_from(["", "a", "a,b", 'say "x"', "two\nlines", "=1+1", "-3", "@x", "\tz", "ä·µ"])
NUMBERS = st.sampled_from([1.0, -2.5, 107.14285714285714, 1e-9, 1e22, np.nan])


def written(table):
    stream = io.StringIO()
    write_table(table, stream)
    return stream.getvalue()


@given(
    st.lists(
        st.tuples(TEXTS, NUMBERS, st.integers(-5, 5), st.booleans(), st.sampled_from([None, "u", "v"])), max_size=40
    )
)
def test_equals_pandas(rows):
    plain = pd.DataFrame(rows, columns=["text", "number", "count", "flag", "kind"])
    table = plain.assign(
        text=pd.Categorical(plain["text"], categories=["unused", *dict.fromkeys(plain["text"])]),
        kind=pd.Categorical(plain["kind"], categories=["v", "u"]),
        whole=plain["count"].astype("Int64").where(plain["count"] > 0),
    )
    expected = plain.assign(text=[inert(t) for t in plain["text"]], whole=table["whole"])
    assert written(table) == expected.to_csv(index=False, lineterminator="\n")


@pytest.mark.parametrize("rows", [1, 99_999, 100_000, 100_001])
def test_every_row_once_across_pieces(rows):
    table = pd.DataFrame({"a": np.arange(rows) % 7, "b": np.arange(rows) % 3, "c": np.arange(rows)})
    assert written(table) == table.to_csv(index=False, lineterminator="\n")
