"""The methods paragraph: versions, limits, criteria, options and citations, ready to paste."""

from ncs_analyzer.cohort.results import Results
from ncs_analyzer.criteria.registry import choose_sets


def methods(
    results: Results, by: str | None, label: str | None, deidentified: bool, min_cell: int, first_only: bool
) -> str:
    """Text in Markdown: a paragraph and its references."""
    stamp, rows = results.stamp, results.stamp["rows_of_input"]
    settings = stamp["settings"]
    sets = choose_sets(tuple(settings["criteria"]))
    applied = "; ".join(f"{s.disease} {s.title} [{i}]" for i, s in enumerate(sets, 1))
    sentences = [
        f"Nerve conduction studies were analysed with {stamp['program']}, a research and review aid that applies published "
        "electrodiagnostic criteria to tabulated measurements; it is no medical device, and its verdicts are no diagnoses.",
        f"{rows['read']} rows were read; {rows['used']} were used and {rows['reported']} reported with an issue, giving "
        f"{len(results.studies)} studies of {results.studies['patient_id'].nunique()} patients.",
        "Each value was compared with the limit printed beside it or else with the first of these sources that has one: "
        + "; ".join(f"{r['title']} ({r['id']}, {r['hash']})" for r in stamp["reference"]) + ".",
        "A measure that was not recorded, or has no limit, made the items that rest on it not evaluable; it was never taken "
        "as normal or abnormal.",
        f"Compression sites: {settings['compression_sites']}. Counting of nerves in EAN/PNS 2021: {settings['nerve_counting']}.",
        f"{len(sets)} criteria sets were applied: {applied}.",
        "Proportions have Wilson intervals, agreement is Cohen's kappa with a large-sample interval (95 %). Changes within "
        "20 % (amplitudes) or 10 % (other measures) of the earlier value were taken as repeat error.",
    ]  # fmt: skip
    again = len(results.studies) - results.studies["patient_id"].nunique()
    if first_only:
        sentences.append("Each patient's first study was counted, but for what compares the studies of a patient.")
    elif again:
        sentences.append(
            f"The unit of counting is the study; {again} are further studies of a patient, so that counts, agreement and "
            "accuracy are not those of independent patients."
        )
    sentences += [f"Groups: {by}."] if by else []
    sentences += (
        [f"Accuracy was computed against {label}; unsettled and insufficient studies are given apart."] if label else []
    )
    if deidentified:
        sentences.append("Ids were replaced by codes, dates by days since the first study, and ages from 90 on by 90.")
    sentences += (
        [f"Counts below {min_cell} are not shown, nor others from which they could be worked out."]
        if min_cell > 1
        else []
    )
    if stamp.get("profile"):
        sentences.append(
            f"Files were read with a laboratory profile ({', '.join(map(str, stamp['profile'].values()))})."
        )
    cited = [f"{i}. {s.citation}." + (f" doi:{s.doi}" if s.doi else "") for i, s in enumerate(sets, 1)]
    return "## Methods\n\n" + " ".join(sentences) + "\n\n## References\n\n" + "\n".join(cited) + "\n"
