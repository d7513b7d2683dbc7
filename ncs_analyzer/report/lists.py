"""The lists of lines that close the report of one study, on a terminal as on a page."""

from collections.abc import Iterable, Iterator

from ncs_analyzer.report import further, sections
from ncs_analyzer.report.sections import Record


def closing_lists(record: Record, titles: dict[str, str]) -> Iterator[tuple[str, Iterable[str]]]:
    """Title and lines of each, in order; a list may be empty. `titles`: of the reference tables by id."""
    yield "Remarks", record["remarks"]
    yield "Entrapment", further.entrapment(record)
    yield "Signs and indices", further.signs(record)
    yield "Course", further.course(record)
    yield "Measured, not counted", sections.left_out(record)
    yield "Not tested or not known", sections.not_tested(record)
    yield "What alone could change an unsettled verdict", sections.open_questions(record)
    yield "Protocol of EAN/PNS 2021", further.protocol(record)
    yield "Limitations", record["limitations"]
    yield "Sources", sections.sources(record, titles)
