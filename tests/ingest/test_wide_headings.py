"""Headings of wide sheets: what each one names, in company of the others of its sheet."""

import pytest

from ncs_analyzer.ingest.layouts.wide_headings import read_wide_heading
from ncs_analyzer.ingest.layouts.wide_places import Company, Given, NotMeantError, settle
from ncs_analyzer.ingest.layouts.wide_top import customs_of


def named(heading: str, *others: str, given: Given | None = None) -> str:
    """The response and column a heading names, in words; raises NotMeantError."""
    sheet = [heading, *others]
    customs = customs_of(sheet)
    meanings = [read_wide_heading(h, customs) for h in sheet]
    target = settle(meanings[0], given or Given(), Company.of(meanings))
    place = target.place
    return " ".join(p for p in (place.side, place.nerve, place.kind, place.site, place.recording, target.column) if p)


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("R.MM.DML", "right median motor wrist latency_ms"),
        ("L.UM.CMAP3", "left ulnar motor above_elbow amplitude_mv"),
        ("L.PM.NCV1", "left fibular motor below_fibular_head velocity_m_per_s"),
        ("R.TM.Dur2", "right tibial motor popliteal_fossa duration_ms"),
        ("R.UM.FL", "right ulnar f_wave latency_ms"),
        ("L.MS.NCV1", "left median sensory velocity_m_per_s"),
        ("R.SS.SNAP1", "right sural sensory amplitude_uv"),
        ("r_median_motor_wrist_lat", "right median motor wrist latency_ms"),
        ("r_ulnar_motor_wrist_be_ncv", "right ulnar motor below_elbow velocity_m_per_s"),
        ("r_peroneal_motor_fibhead_amp", "right fibular motor below_fibular_head amplitude_mv"),
        ("Median motor R - DML (ms)", "right median motor wrist latency_ms"),
        ("Median motor R - F persistence (%)", "right median f_wave persistence_pct"),
        ("MedianMotorLeft_CV_WristElbow", "left median motor elbow velocity_m_per_s"),
        ("Lt ulnar NCV BE-W (m/s)", "left ulnar motor below_elbow velocity_m_per_s"),
        ("Rt peroneal TA CMAP FH (mV)", "right fibular motor below_fibular_head TA amplitude_mv"),
        ("RULCMPBE", "right ulnar motor below_elbow amplitude_mv"),
        ("RMEDCMPE", "right median motor elbow amplitude_mv"),
        ("Right.Median.Motor.Wrist.Latency..ms.", "right median motor wrist latency_ms"),
        ("Median motor amplitude wrist (mV) Rt", "right median motor wrist amplitude_mv"),
        ("Amp médian droit poignet (mV)", "right median motor wrist amplitude_mv"),
        ("N. ulnaris li. mNLG Unterarm [m/s]", "left ulnar motor below_elbow velocity_m_per_s"),
        ("Peroneo derecho PAMC cabeza de peroné (mV)", "right fibular motor below_fibular_head amplitude_mv"),
        ("右侧尺神经CMAP波幅(肘上)", "right ulnar motor above_elbow amplitude_mv"),
        ("Ulnar R SNAP D5 (uV)", "right ulnar sensory digit_5 amplitude_uv"),
        ("R D2 SNAP (uV)", "right median sensory digit_2 amplitude_uv"),
        ("R EDB CMAP ankle (mV)", "right fibular motor ankle EDB amplitude_mv"),
        ("R_Median_NCV_elbow_wrist_ms", "right median motor elbow velocity_m_per_s"),
        ("soleus H-reflex latency left", "left tibial h_reflex soleus latency_ms"),
        ("median R DML ULN", "right median motor wrist latency_upper_limit"),
        ("Ulnar MCV across elbow L", "left ulnar motor above_elbow velocity_m_per_s"),
        ("sural calf-ankle SNAP L", "left sural sensory calf ankle amplitude_uv"),
    ],
)
def test_a_heading_alone(heading: str, meaning: str) -> None:
    assert named(heading) == meaning


@pytest.mark.parametrize(
    ("heading", "others", "meaning"),
    [
        ("LMD mediano D", ("LMD mediano I", "LMD cubital D", "LMD cubital I"), "right median motor wrist latency_ms"),
        ("Ulnaire G VCM coude", ("Ulnaire D VCM coude", "Sural D PAS", "Sural G PAS"), "left ulnar motor elbow velocity_m_per_s"),
        ("CMAP median R d", ("CMAP median R p", "CMAP ulnar R d", "CMAP ulnar R p"), "right median motor wrist amplitude_mv"),
        ("R fibular MCV", ("R fibular CMAP knee",), "right fibular motor knee velocity_m_per_s"),
        ("R median NCV", ("R median DML", "R median CMAP elbow"), "right median motor elbow velocity_m_per_s"),
        ("R ulnar MCV elbow", ("R ulnar MCV forearm",), "right ulnar motor above_elbow velocity_m_per_s"),
        ("R median DML", ("R median CMAP APB",), "right median motor wrist APB latency_ms"),
        ("Fibular D latência distal", ("Sural D amplitude",), "right fibular motor ankle latency_ms"),
        ("Médian G VCM", ("Sural G latence",), "left median motor elbow velocity_m_per_s"),
        ("R ulnar SCV", ("R ulnar SNAP D5",), "right ulnar sensory digit_5 velocity_m_per_s"),
    ],
)  # fmt: skip
def test_a_heading_in_company(heading: str, others: tuple[str, ...], meaning: str) -> None:
    assert named(heading, *others) == meaning


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Amplitude of the right median compound muscle action potential after stimulation at the wrist (mV)",
         "right median motor wrist amplitude_mv"),
        ("Motor conduction velocity of the right median nerve between elbow and wrist (m/s)",
         "right median motor elbow velocity_m_per_s"),
        ("Peak latency of the right median sensory nerve action potential, digit II, antidromic (ms)",
         "right median sensory wrist digit_2 peak_latency_ms"),
        ("Amplitude des Muskelsummenaktionspotentials des rechten N. tibialis, Knöchel (mV)",
         "right tibial motor ankle amplitude_mv"),
        ("Latence minimale de l'onde F, nerf tibial gauche (ms)", "left tibial f_wave latency_ms"),
        ("Amplitude do PAMC do nervo mediano direito no punho (mV)", "right median motor wrist amplitude_mv"),
        ("Amplitud del potencial sensitivo del nervio sural izquierdo (µV)", "left sural sensory amplitude_uv"),
        ("Ampiezza del potenziale sensitivo del nervo surale sinistro (µV)", "left sural sensory amplitude_uv"),
        ("우측 경골신경 F파 최소잠복기(ms)", "right tibial f_wave latency_ms"),
        ("左脛骨神経 F波最短潜時 (ms)", "left tibial f_wave latency_ms"),
        ("左腓总神经运动传导速度(m/s)", "left fibular motor below_fibular_head velocity_m_per_s"),
    ],
)  # fmt: skip
def test_sentences(heading: str, meaning: str) -> None:
    assert named(heading) == meaning


@pytest.mark.parametrize(
    "heading",
    [
        "Median DML",  # no side
        "R median latency",  # motor or sensory
        "R median CMAP ankle",  # an ankle is no site of the arm
        "R sural CMAP",  # a sensory nerve
        "R median SNAP ADM",  # recorded from a muscle
        "R median DML (mV)",  # the unit of something else
        "L.MS.SNAP3",  # a position nobody defined
        "R median MCV wrist",  # half a segment
        "R median CMAP wrist elbow",  # two sites of one amplitude
        "R ulnar SNAP D2",  # the finger of another nerve
        "R median DML asdf",  # an unknown word
        "Repeater F waves median R",  # "re", "pe", "at" are no words within another
        "Normative R median CMAP",
        "LMD mediano D",  # D alone may be anything
    ],
)
def test_refused_rather_than_guessed(heading: str) -> None:
    with pytest.raises(NotMeantError) as reason:
        named(heading)
    assert reason.value.code == "column-not-understood"


@pytest.mark.parametrize(
    "heading",
    [
        "R median DML % ULN", "R median CMAP ratio elbow/wrist", "R median F mean latency", "R tibial F chronodispersion",
        "R median CMAP amplitude z-score", "R median MCV abnormal (0/1)", "R median CMAP (% of LLN)",
    ],
)  # fmt: skip
def test_what_is_no_measurement_is_left_alone(heading: str) -> None:
    with pytest.raises(NotMeantError) as reason:
        named(heading)
    assert reason.value.code == "column-ignored"


@pytest.mark.parametrize(
    "heading",
    [
        "median_income_keur",
        "tibial_pulse_bpm",
        "sural_biopsy_n",
        "r_ulnar_deviation_deg",
        "Age at onset",
        "csa_mm2",
        "Sexe (H/F)",
    ],
)
def test_covariates_that_look_like_nerves(heading: str) -> None:
    meaning = read_wide_heading(heading)
    assert not meaning.about_nerve or not meaning.nerve


def test_the_row_says_what_the_heading_leaves_open() -> None:
    assert named("DML", given=Given(nerve="ulnar", side="left")) == "left ulnar motor wrist latency_ms"


@pytest.mark.parametrize(
    ("heading", "others", "meaning"),
    [
        ("RMedCMAPp", ("RMedCMAPd", "RMedDML"), "right median motor elbow amplitude_mv"),
        ("MED_R_MOT_AMP1", ("MED_R_MOT_AMP2",), "right median motor wrist amplitude_mv"),
        ("mmr_amp_p", ("mmr_amp_d",), "right median motor elbow amplitude_mv"),
        ("MN-R-CMAP-E", ("UN-R-DL",), "right median motor elbow amplitude_mv"),
        ("MedR_DistAmp", ("MedR_ProxAmp", "MedR_CV"), "right median motor wrist amplitude_mv"),
        ("MedR_CV", ("MedR_DistAmp", "MedR_ProxAmp"), "right median motor elbow velocity_m_per_s"),
    ],
)
def test_ends_and_nerves_in_few_letters(heading: str, others: tuple[str, ...], meaning: str) -> None:
    assert named(heading, *others) == meaning


def test_a_motor_measure_is_none_of_a_row_that_is_sensory() -> None:
    with pytest.raises(NotMeantError):
        named("R median DML", given=Given(kind="sensory"))


@pytest.mark.parametrize(
    "heading", ["R Median Motor Dist Elbow-Wrist (APB) (mm)", "R_median_motor_dist_elbow_wrist_cm"]
)
def test_dist_in_mm_is_a_distance_and_no_distal_elbow(heading: str) -> None:
    meaning = read_wide_heading(heading)
    assert meaning.measure == "distance"
    assert "elbow" in meaning.sites
    assert "below_elbow" not in meaning.sites


def test_lat_before_forearm_is_a_latency_where_the_recording_site_is_named() -> None:
    meaning = read_wide_heading("R Superficial Radial Sensory Onset Lat Forearm (Snuffbox) (ms)")
    assert meaning.whole
    assert (meaning.measure, meaning.sites, meaning.skin) == ("latency", ("forearm",), "snuffbox")
