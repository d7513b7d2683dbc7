"""Family I: forms in other languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .kit import Export, Grid, Study
from .people import Person, person
from .tables import SITES, Style, f_cells, motor_cells, sensory_cells, write

ARM = ("wrist", "elbow")
ULNAR = ("wrist", "below_elbow", "above_elbow")
FIB = ("ankle", "below_fibular_head")
TIB = ("ankle", "popliteal_fossa")
CHOICE = {"median": ARM, "ulnar": ULNAR, "fibular": FIB, "tibial": TIB}


@dataclass
class Tongue:
    """The words of one laboratory."""

    block: list[list[Any]]
    motor_title: str
    motor_heads: dict[str, str]
    sensory_title: str
    sensory_heads: dict[str, str]
    f_title: str
    f_heads: dict[str, str]
    nerves: dict[str, str]
    sides: dict[str, str]
    sites: dict[str, str]
    recordings: dict[str, str]
    nr: str
    nerve_row: str = "{nerve} {side} ({rec})"  # empty: nerve and side in columns
    style: dict[str, Any] = field(default_factory=dict)


def label(t: Tongue, nerve: str, side: str, rec: str) -> str:
    text = t.nerve_row.format(nerve=t.nerves[nerve], side=t.sides[side], rec=t.recordings[rec])
    return text[0].upper() + text[1:]


def render(
    g: Grid,
    st: Study,
    p: Person,
    t: Tongue,
    motors: list[tuple[str, str]],
    sensories: list[tuple[str, str]],
    fs: list[tuple[str, str]],
) -> None:
    s = Style(limits=False, nr_in="amp", nr=t.nr, sensory_vel="onset", sensory_amp="bp", **t.style)
    s.words = {**SITES, **t.sites}
    for line in t.block:
        g.row(*line)
    g.blank()
    g.row(t.motor_title)
    g.row(*t.motor_heads.values())
    for side, nerve in motors:
        m = p.motor[side, nerve]
        if t.nerve_row:
            g.row(label(t, nerve, side, m.recording))
        for i, (ctx, c) in enumerate(motor_cells(g, m, CHOICE[nerve], s)):
            if i == 0 and not t.nerve_row:
                c |= {"nerve": t.nerves[nerve], "side": t.sides[side],
                      "rec": t.recordings[m.recording]}  # fmt: skip
            if not t.nerve_row and "rec" not in t.motor_heads:
                ctx["recording"] = None
            write(g, st, ctx, c, t.motor_heads)
    g.blank()
    g.row(t.sensory_title)
    g.row(*t.sensory_heads.values())
    for side, key in sensories:
        x = p.sensory[side, key]
        if t.nerve_row:
            g.row(label(t, x.nerve, side, x.recording))
        ctx, c = sensory_cells(g, x, s)
        if not t.nerve_row:
            c |= {"nerve": t.nerves[x.nerve], "side": t.sides[side],
                  "rec": t.recordings[x.recording]}  # fmt: skip
            if "rec" not in t.sensory_heads:
                ctx["recording"] = None
                ctx.pop("accept", None)
        write(g, st, ctx, c, t.sensory_heads)
    g.blank()
    g.row(t.f_title)
    g.row(*t.f_heads.values())
    for side, nerve in fs:
        ctx, c = f_cells(g, p.f[side, nerve], s)
        ctx |= {"stimulation": None, "recording": None}
        c |= {"nerve": t.nerves[nerve], "side": t.sides[side]}
        c["site"] = f"{t.nerves[nerve]} {t.sides[side]}"
        write(g, st, ctx, c, t.f_heads)


MOTORS = [("right", "median"), ("left", "ulnar"), ("left", "fibular"), ("right", "tibial")]
SENS = [("right", "median_d2"), ("left", "sural"), ("right", "sural")]
FS = [("right", "median"), ("right", "tibial")]


def i01_german() -> None:
    e = Export(
        "I",
        "i01_neurographie_deutsch.csv",
        "German: N. medianus rechts, NLG, 'nicht ausl\u00f6sbar', 'distal Sulcus'/'proximal Sulcus', "
        "Kniekehle; cp1252, semicolon, decimal comma; Geschlecht weiblich; Gr\u00f6\u00dfe in m",
    )
    p = person("8812/23", "axonal_severe", "F", 72, 164, 801)
    g = e.grid()
    g.comma = True
    st = e.study("8812/23", "2023-04-17", 72, "F", 164)
    t = Tongue(
        [["Patienten-Nr.", "8812/23"], ["Alter", "72 Jahre"], ["Geschlecht", "weiblich"],
         ["Gr\u00f6\u00dfe", "1,64 m"], ["Untersuchungsdatum", "17.04.2023"]],
        "Motorische Neurographie",
        {"site": "Stimulationsort", "lat": "Latenz (ms)", "amp": "Amplitude (mV)",
         "dur": "Dauer (ms)", "dist": "Distanz (mm)", "vel": "NLG (m/s)"},
        "Sensible Neurographie (antidrom)",
        {"site": "Stimulationsort", "onset": "Latenz (ms)", "amp": "Amplitude (\u00b5V)",
         "dist": "Distanz (mm)", "vel": "NLG (m/s)"},
        "F-Welle",
        {"site": "Nerv", "min": "F-Latenz min. (ms)", "mean": "F-Latenz Mittel (ms)",
         "pers": "Persistenz (%)"},
        {"median": "N. medianus", "ulnar": "N. ulnaris", "fibular": "N. peroneus",
         "tibial": "N. tibialis", "sural": "N. suralis"},
        {"right": "rechts", "left": "links"},
        {"wrist": "Handgelenk", "elbow": "Ellenbeuge", "below_elbow": "distal Sulcus",
         "above_elbow": "proximal Sulcus", "ankle": "Kn\u00f6chel",
         "below_fibular_head": "Fibulak\u00f6pfchen", "popliteal_fossa": "Kniekehle",
         "calf": "Wade"},
        {"APB": "M. abductor pollicis brevis", "ADM": "M. abductor digiti minimi",
         "EDB": "M. extensor digitorum brevis", "AH": "M. abductor hallucis",
         "digit_2": "Finger II", "ankle": "Au\u00dfenkn\u00f6chel"},
        "nicht ausl\u00f6sbar",
        style={"dist_cm": False, "lat_dec": 2, "vel_dec": 1},
    )  # fmt: skip
    render(g, st, p, t, MOTORS, SENS, FS)
    e.save_text(";", "cp1252")


def i02_french() -> None:
    e = Export(
        "I",
        "i02_conduction_francais.csv",
        "French: 'm\u00e9dian droit', Poignet/Coude/Au-dessus du coude, 'Zone n\u00e9gative, ms*mV', AR = "
        "absence de r\u00e9ponse; UTF-8, semicolon, decimal comma; Sexe Homme",
    )
    p = person("IPP 55021", "cidp", "M", 61, 176, 802)
    g = e.grid()
    g.comma = True
    st = e.study("IPP 55021", "2022-10-13", 61, "M", 176)
    st.accept = {"patient_id": ["IPP 55021", "55021"]}
    t = Tongue(
        [["Num\u00e9ro de dossier", "IPP 55021"], ["\u00c2ge", "61 ans", "Sexe", "Homme"],
         ["Taille", "176 cm"], ["Date de l'examen", "13/10/2022"]],
        "Vitesse de conduction motrice",
        {"site": "Site", "lat": "Latence, ms", "amp": "Amplitude, mV", "area":
         "Zone n\u00e9gative, ms*mV", "dur": "Dur\u00e9e, ms", "dist": "Distance, cm", "vel": "VC, m/s"},
        "Vitesse de conduction sensitive",
        {"site": "Site", "onset": "Latence d\u00e9but, ms", "peak": "Latence pic, ms",
         "amp": "Amplitude, \u00b5V", "dist": "Distance, cm", "vel": "VC, m/s"},
        "Onde F",
        {"site": "Nerf", "min": "Latence minimum de l'onde F, ms", "max": "Latence maximum, ms",
         "pers": "Persistance, %"},
        {"median": "m\u00e9dian", "ulnar": "ulnaire", "fibular": "fibulaire", "tibial": "tibial",
         "sural": "sural"},
        {"right": "droit", "left": "gauche"},
        {"wrist": "Poignet", "elbow": "Coude", "below_elbow": "En dessous du coude",
         "above_elbow": "Au-dessus du coude", "ankle": "Cheville",
         "below_fibular_head": "T\u00eate de la fibula", "popliteal_fossa": "Fosse poplit\u00e9e",
         "calf": "Mollet"},
        {"APB": "court abducteur du pouce", "ADM": "abducteur du V", "EDB": "p\u00e9dieux",
         "AH": "abducteur de l'hallux", "digit_2": "index", "ankle": "cheville"},
        "AR",
        nerve_row="Nerf {nerve} {side} - {rec}",
        style={"lat_dec": 2, "vel_dec": 1, "amp_dec": 2},
    )  # fmt: skip
    render(g, st, p, t, MOTORS, SENS, FS)
    e.save_text(";")


def i03_spanish() -> None:
    e = Export(
        "I",
        "i03_neuroconduccion_espanol.xlsx",
        "Spanish: Nervio/Lado in columns (D/I: I is left), Mu\u00f1eca, Hueco popl\u00edteo, 'no evocable', "
        "Sexo: Mujer; two title rows; latin-1-like words in a workbook",
        workbook=True,
    )
    p = person("H-20-331", "cts", "F", 46, 158, 803)
    g = e.grid("Informe")
    st = e.study("H-20-331", "2021-05-26", 46, "F", 158)
    t = Tongue(
        [["Hospital Inventado - Neurofisiolog\u00eda"], ["Estudio de neuroconducci\u00f3n"],
         ["N\u00famero de historia:", "H-20-331"], ["Edad:", "46 a\u00f1os", "Sexo:", "Mujer"],
         ["Talla:", "158 cm"], ["Fecha:", "26/05/2021"]],
        "Conducci\u00f3n motora",
        {"nerve": "Nervio", "side": "Lado", "site": "Sitio de est\u00edmulo", "lat": "Latencia (ms)",
         "amp": "Amplitud (mV)", "dur": "Duraci\u00f3n (ms)", "dist": "Distancia (mm)",
         "vel": "VCM (m/s)"},
        "Conducci\u00f3n sensitiva",
        {"nerve": "Nervio", "side": "Lado", "site": "Sitio de est\u00edmulo",
         "onset": "Latencia de inicio (ms)", "peak": "Latencia pico (ms)",
         "amp": "Amplitud (\u00b5V)", "dist": "Distancia (mm)", "vel": "VCS (m/s)"},
        "Onda F",
        {"nerve": "Nervio", "side": "Lado", "min": "Latencia m\u00ednima (ms)",
         "pers": "Persistencia (%)"},
        {"median": "Mediano", "ulnar": "Cubital", "fibular": "Peroneo", "tibial": "Tibial",
         "sural": "Sural"},
        {"right": "D", "left": "I"},
        {"wrist": "Mu\u00f1eca", "elbow": "Codo", "below_elbow": "Debajo del codo",
         "above_elbow": "Encima del codo", "ankle": "Tobillo",
         "below_fibular_head": "Cabeza del peron\u00e9", "popliteal_fossa": "Hueco popl\u00edteo",
         "calf": "Pantorrilla"},
        {"APB": "", "ADM": "", "EDB": "", "AH": "", "digit_2": "", "ankle": ""},
        "no evocable",
        nerve_row="",
        style={"dist_cm": False},
    )  # fmt: skip
    render(g, st, p, t, MOTORS, SENS, FS)
    e.save_book()


def i04_portuguese() -> None:
    e = Export(
        "I",
        "i04_eletroneuromiografia_portugues.csv",
        "Portuguese: 'Nervo mediano direito', Punho/Cotovelo, 'lat\u00eancia', 'ausente'; latin-1; "
        "semicolon, decimal comma; Sexo: Masculino; date 09/08/2022 ambiguous, the only one (null)",
    )
    p = person("PT-3", "gbs", "M", 27, 180, 804)
    g = e.grid()
    g.comma = True
    st = e.study("PT-3", None, 27, "M", 180)
    st.accept = {"study_date": [None, "2022-08-09"]}
    t = Tongue(
        [["Registro", "PT-3"], ["Paciente ID", "PT-3"], ["Idade", "27 anos"],
         ["Sexo", "Masculino"], ["Altura", "1,80 m"], ["Data do exame", "09/08/2022"]],
        "Condu\u00e7\u00e3o motora",
        {"site": "Local de est\u00edmulo", "lat": "Lat\u00eancia (ms)", "amp": "Amplitude (mV)",
         "dur": "Dura\u00e7\u00e3o (ms)", "dist": "Dist\u00e2ncia (cm)", "vel": "Velocidade (m/s)"},
        "Condu\u00e7\u00e3o sensitiva",
        {"site": "Local de est\u00edmulo", "onset": "Lat\u00eancia in\u00edcio (ms)",
         "amp": "Amplitude (\u00b5V)", "dist": "Dist\u00e2ncia (cm)", "vel": "Velocidade (m/s)"},
        "Onda F",
        {"site": "Nervo", "min": "Lat\u00eancia m\u00ednima (ms)", "pers": "Persist\u00eancia (%)"},
        {"median": "mediano", "ulnar": "ulnar", "fibular": "fibular", "tibial": "tibial",
         "sural": "sural"},
        {"right": "direito", "left": "esquerdo"},
        {"wrist": "Punho", "elbow": "Cotovelo", "below_elbow": "Abaixo do cotovelo",
         "above_elbow": "Acima do cotovelo", "ankle": "Tornozelo",
         "below_fibular_head": "Cabe\u00e7a da f\u00edbula", "popliteal_fossa": "Fossa popl\u00edtea",
         "calf": "Panturrilha"},
        {"APB": "APB", "ADM": "ADM", "EDB": "EDB", "AH": "AH", "digit_2": "dedo II",
         "ankle": "tornozelo"},
        "ausente",
        nerve_row="Nervo {nerve} {side} ({rec})",
    )  # fmt: skip
    render(g, st, p, t, MOTORS, SENS, FS)
    e.issue("warning", "order of day and month not known", 6, unsure=True)
    e.save_text(";", "latin-1")


def i05_italian() -> None:
    e = Export(
        "I",
        "i05_elettroneurografia_italiano.csv",
        "Italian: 'N. mediano dx' / 'sn', polso, gomito, capitello peroneale, cavo popliteo, VdC, "
        "'assente'; comma separated with decimal point; Sesso F",
    )
    p = person("IT 77", "foot_drop", "F", 50, 162, 805)
    g = e.grid()
    st = e.study("IT 77", "2020-01-28", 50, "F", 162)
    t = Tongue(
        [["ID paziente", "IT 77"], ["Et\u00e0", "50 anni"], ["Sesso", "F"], ["Altezza", "162 cm"],
         ["Data esame", "28/01/2020"]],
        "Conduzione motoria",
        {"site": "Sede di stimolo", "lat": "Latenza (ms)", "amp": "Ampiezza (mV)",
         "dur": "Durata (ms)", "dist": "Distanza (mm)", "vel": "VdC (m/s)"},
        "Conduzione sensitiva",
        {"site": "Sede di stimolo", "onset": "Latenza inizio (ms)", "peak": "Latenza picco (ms)",
         "amp": "Ampiezza (\u00b5V)", "dist": "Distanza (mm)", "vel": "VdC (m/s)"},
        "Onda F",
        {"site": "Nervo", "min": "Latenza minima (ms)", "pers": "Persistenza (%)"},
        {"median": "N. mediano", "ulnar": "N. ulnare", "fibular": "N. peroneo",
         "tibial": "N. tibiale", "sural": "N. surale"},
        {"right": "dx", "left": "sn"},
        {"wrist": "Polso", "elbow": "Gomito", "below_elbow": "Sotto gomito",
         "above_elbow": "Sopra gomito", "ankle": "Caviglia",
         "below_fibular_head": "Capitello peroneale", "popliteal_fossa": "Cavo popliteo",
         "calf": "Polpaccio"},
        {"APB": "APB", "ADM": "ADM", "EDB": "EDB", "AH": "AH", "digit_2": "II dito",
         "ankle": "caviglia"},
        "assente",
        style={"dist_cm": False},
    )  # fmt: skip
    render(g, st, p, t, MOTORS, SENS, FS)
    e.save_text()


def i06_chinese() -> None:
    e = Export(
        "I",
        "i06_chinese_gb18030.csv",
        "Chinese, gb18030: \u8fd0\u52a8\u795e\u7ecf\u4f20\u5bfc with nerve, side and site columns, "
        "\u672a\u5f15\u51fa, \u5e74\u9f84 56\u5c81, \u6027\u522b \u5973, date 2023\u5e745\u670812\u65e5; F\u6ce2 table",
    )
    p = person("ZH0091", "axonal_severe", "F", 56, 160, 806)
    g = e.grid()
    st = e.study("ZH0091", "2023-05-12", 56, "F", 160)
    t = Tongue(
        [["\u75c5\u5386\u53f7", "ZH0091"], ["\u5e74\u9f84", "56\u5c81", "\u6027\u522b", "\u5973"],
         ["\u8eab\u9ad8", "160cm"], ["\u68c0\u67e5\u65e5\u671f", "2023\u5e745\u670812\u65e5"]],
        "\u8fd0\u52a8\u795e\u7ecf\u4f20\u5bfc",
        {"side": "\u4fa7\u522b", "nerve": "\u795e\u7ecf", "site": "\u523a\u6fc0\u90e8\u4f4d",
         "lat": "\u6f5c\u4f0f\u671f(ms)", "amp": "\u6ce2\u5e45(mV)", "dist": "\u8ddd\u79bb(cm)",
         "vel": "\u4f20\u5bfc\u901f\u5ea6(m/s)"},
        "\u611f\u89c9\u795e\u7ecf\u4f20\u5bfc",
        {"side": "\u4fa7\u522b", "nerve": "\u795e\u7ecf", "site": "\u523a\u6fc0\u90e8\u4f4d",
         "onset": "\u6f5c\u4f0f\u671f(ms)", "amp": "\u6ce2\u5e45(\u03bcV)",
         "dist": "\u8ddd\u79bb(cm)", "vel": "\u4f20\u5bfc\u901f\u5ea6(m/s)"},
        "F\u6ce2",
        {"side": "\u4fa7\u522b", "nerve": "\u795e\u7ecf",
         "min": "F\u6ce2\u6700\u77ed\u6f5c\u4f0f\u671f(ms)", "pers": "F\u6ce2\u51fa\u73b0\u7387(%)"},
        {"median": "\u6b63\u4e2d\u795e\u7ecf", "ulnar": "\u5c3a\u795e\u7ecf",
         "fibular": "\u8153\u603b\u795e\u7ecf", "tibial": "\u80eb\u795e\u7ecf",
         "sural": "\u8153\u80a0\u795e\u7ecf"},
        {"right": "\u53f3", "left": "\u5de6"},
        {"wrist": "\u8155", "elbow": "\u8098", "below_elbow": "\u8098\u4e0b",
         "above_elbow": "\u8098\u4e0a", "ankle": "\u8e1d",
         "below_fibular_head": "\u8153\u9aa8\u5c0f\u5934", "popliteal_fossa": "\u8158\u7a9d",
         "calf": "\u5c0f\u817f"},
        {"APB": "", "ADM": "", "EDB": "", "AH": "", "digit_2": "", "ankle": ""},
        "\u672a\u5f15\u51fa",
        nerve_row="",
        style={"lat_dec": 2},
    )  # fmt: skip
    render(g, st, p, t, MOTORS, SENS, FS)
    e.save_text(",", "gb18030")


def i07_korean() -> None:
    e = Export(
        "I",
        "i07_korean_cp949.csv",
        "Korean, cp949: \uc7a0\ubcf5\uae30, \uc9c4\ud3ed, \uc804\ub3c4\uc18d\ub3c4; sides \uc6b0/\uc88c; \uc131\ubcc4 \ub0a8; "
        "'\ubb34\ubc18\uc751' (no response); mm; muscle abbreviations in a column",
    )
    p = person("KR-1040", "une", "M", 34, 177, 807)
    g = e.grid()
    st = e.study("KR-1040", "2019-11-22", 34, "M", 177)
    t = Tongue(
        [["\ud658\uc790\ubc88\ud638", "KR-1040"], ["\ub098\uc774", "34\uc138"],
         ["\uc131\ubcc4", "\ub0a8"], ["\ud0a4", "177 cm"],
         ["\uac80\uc0ac\uc77c", "2019.11.22"]],
        "\uc6b4\ub3d9\uc2e0\uacbd\uc804\ub3c4\uac80\uc0ac",
        {"side": "\uc88c\uc6b0", "nerve": "\uc2e0\uacbd", "rec": "\uae30\ub85d\uadfc\uc721",
         "site": "\uc790\uadf9\ubd80\uc704", "lat": "\uc7a0\ubcf5\uae30(ms)",
         "amp": "\uc9c4\ud3ed(mV)", "dist": "\uac70\ub9ac(mm)",
         "vel": "\uc804\ub3c4\uc18d\ub3c4(m/s)"},
        "\uac10\uac01\uc2e0\uacbd\uc804\ub3c4\uac80\uc0ac",
        {"side": "\uc88c\uc6b0", "nerve": "\uc2e0\uacbd", "site": "\uc790\uadf9\ubd80\uc704",
         "onset": "\uc7a0\ubcf5\uae30(ms)", "amp": "\uc9c4\ud3ed(uV)",
         "dist": "\uac70\ub9ac(mm)", "vel": "\uc804\ub3c4\uc18d\ub3c4(m/s)"},
        "F\ud30c",
        {"side": "\uc88c\uc6b0", "nerve": "\uc2e0\uacbd", "min": "F\ud30c \ucd5c\uc18c\uc7a0\ubcf5\uae30(ms)"},
        {"median": "\uc815\uc911\uc2e0\uacbd", "ulnar": "\ucc99\uace8\uc2e0\uacbd",
         "fibular": "\ube44\uace8\uc2e0\uacbd", "tibial": "\uacbd\uace8\uc2e0\uacbd",
         "sural": "\ube44\ubcf5\uc2e0\uacbd"},
        {"right": "\uc6b0", "left": "\uc88c"},
        {"wrist": "\uc190\ubaa9", "elbow": "\ud314\uafc8\uce58", "below_elbow":
         "\ud314\uafc8\uce58 \uc544\ub798", "above_elbow": "\ud314\uafc8\uce58 \uc704",
         "ankle": "\ubc1c\ubaa9", "below_fibular_head": "\ube44\uace8\ub450",
         "popliteal_fossa": "\uc624\uae08", "calf": "\uc885\uc544\ub9ac"},
        {"APB": "APB", "ADM": "ADM", "EDB": "EDB", "AH": "AH", "digit_2": "", "ankle": ""},
        "\ubb34\ubc18\uc751",
        nerve_row="",
        style={"dist_cm": False},
    )  # fmt: skip
    render(g, st, p, t, MOTORS, SENS, FS)
    e.save_text(",", "cp949")


def i08_japanese() -> None:
    e = Export(
        "I",
        "i08_japanese.xlsx",
        "Japanese: \u5de6\u53f3 column, \u6f5c\u6642 / \u632f\u5e45 / \u901f\u5ea6, \u624b\u95a2\u7bc0, \u819d\u7aa9, "
        "\u5c0e\u51fa\u4e0d\u80fd (no response), age 45\u6b73, date 2024\u5e744\u67083\u65e5 (unambiguous), sex "
        "\u5973\u6027; full-width digits in one latency",
        workbook=True,
    )
    p = person("JP-77", "cmt1", "F", 45, 156, 808)
    g = e.grid("\u795e\u7d4c\u4f1d\u5c0e\u691c\u67fb")
    st = e.study("JP-77", "2024-04-03", 45, "F", 156)
    t = Tongue(
        [["\u60a3\u8005ID", "JP-77"], ["\u5e74\u9f62", "45\u6b73"], ["\u6027\u5225", "\u5973\u6027"],
         ["\u8eab\u9577", "156cm"], ["\u691c\u67fb\u65e5", "2024\u5e744\u67083\u65e5"]],
        "\u904b\u52d5\u795e\u7d4c\u4f1d\u5c0e\u691c\u67fb",
        {"side": "\u5de6\u53f3", "nerve": "\u795e\u7d4c", "site": "\u523a\u6fc0\u90e8\u4f4d",
         "lat": "\u6f5c\u6642(ms)", "amp": "\u632f\u5e45(mV)", "dur": "\u6301\u7d9a\u6642\u9593(ms)",
         "dist": "\u8ddd\u96e2(mm)", "vel": "\u4f1d\u5c0e\u901f\u5ea6(m/s)"},
        "\u611f\u899a\u795e\u7d4c\u4f1d\u5c0e\u691c\u67fb",
        {"side": "\u5de6\u53f3", "nerve": "\u795e\u7d4c", "site": "\u523a\u6fc0\u90e8\u4f4d",
         "onset": "\u6f5c\u6642(ms)", "amp": "\u632f\u5e45(\u03bcV)", "dist": "\u8ddd\u96e2(mm)",
         "vel": "\u4f1d\u5c0e\u901f\u5ea6(m/s)"},
        "F\u6ce2",
        {"side": "\u5de6\u53f3", "nerve": "\u795e\u7d4c",
         "min": "F\u6ce2\u6700\u77ed\u6f5c\u6642(ms)", "pers": "F\u6ce2\u51fa\u73fe\u7387(%)"},
        {"median": "\u6b63\u4e2d\u795e\u7d4c", "ulnar": "\u5c3a\u9aa8\u795e\u7d4c",
         "fibular": "\u8153\u9aa8\u795e\u7d4c", "tibial": "\u811b\u9aa8\u795e\u7d4c",
         "sural": "\u8153\u8179\u795e\u7d4c"},
        {"right": "\u53f3", "left": "\u5de6"},
        {"wrist": "\u624b\u95a2\u7bc0", "elbow": "\u8098", "below_elbow": "\u8098\u4e0b",
         "above_elbow": "\u8098\u4e0a", "ankle": "\u8db3\u95a2\u7bc0",
         "below_fibular_head": "\u8153\u9aa8\u982d", "popliteal_fossa": "\u819d\u7aa9",
         "calf": "\u4e0b\u817f"},
        {"APB": "", "ADM": "", "EDB": "", "AH": "", "digit_2": "", "ankle": ""},
        "\u5c0e\u51fa\u4e0d\u80fd",
        nerve_row="",
        style={"dist_cm": False},
    )  # fmt: skip
    render(g, st, p, t, MOTORS, SENS, FS)
    first = st.readings[0]  # the median distal latency, in full-width digits
    r, _ = first["cell"].split(",")
    wide = "".join(chr(ord(ch) + 0xFEE0) for ch in f"{first['value']:.1f}")
    g.rows[int(r) - 1][3] = wide
    first["accept"] = {"value": [first["value"], None]}
    e.ambiguous.append({"sheet": g.name, "cell": first["cell"], "value": wide,
                        "why": "full-width digits: the number, or an unreadable cell said so"})  # fmt: skip
    st.readings.pop(0)
    e.exit_accept = [0, 1]
    e.save_book()


def family_i() -> None:
    i01_german()
    i02_french()
    i03_spanish()
    i04_portuguese()
    i05_italian()
    i06_chinese()
    i07_korean()
    i08_japanese()
    from .family_i2 import more_i  # the second part uses this module

    more_i()
