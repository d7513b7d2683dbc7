"""Family I, second part: the same languages in other words and shapes."""

from __future__ import annotations

from typing import Any

from .family_i import FS, MOTORS, SENS, Tongue, render
from .kit import Export
from .people import person

ALL = [("left", "median"), ("right", "ulnar"), ("right", "fibular"), ("left", "tibial")]
SKIN = [("left", "median_d3"), ("right", "ulnar_d5"), ("left", "sural"), ("right", "sfibular")]


def columns(*pairs: str) -> dict[str, str]:
    """Headings by key from "key heading" texts."""
    return dict(pair.split(" ", 1) for pair in pairs)


def words(text: str) -> dict[str, str]:
    """Words by key from "key: word" lines."""
    return dict(line.strip().split(": ", 1) for line in text.strip().splitlines())


def form(
    name: str, note: str, t: Tongue, who: tuple[str, str, str, int, int], date: str | None, *, seed: int,
    save: tuple[Any, ...] = (), comma: bool = False, motors: Any = ALL, skin: Any = SKIN, late: Any = FS,
    accept: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """One form: `who` is id, pattern, sex, age, height; `save`: delimiter and encoding."""
    book = name.endswith(".xlsx")
    e = Export("I", name, note, workbook=book)
    pid, kind, sex, age, height = who
    g = e.grid("Report" if book else None)
    g.comma = comma
    skin = [item for item in skin if item[1] != "median_d2"] + [
        (side, "median_d3") for side, key in skin if key == "median_d2"
    ]
    st = e.study(pid, date, age, sex, height)
    st.accept = accept or {}
    render(g, st, person(pid, kind, sex, age, height, seed), t, motors, skin, late)
    if book:
        e.save_book()
    else:
        e.save_text(*save)


def i09_german() -> None:
    t = Tongue(
        [["Pat.-ID:", "N-2291"], ["Name, Vorname:", "Muster, Erika"], ["Geburtsdatum:", "03.05.1961"],
         ["Geschlecht:", "w", "Gr\u00f6\u00dfe:", "168 cm"], ["Alter:", "63 J."],
         ["Datum:", "12.11.2024"]],
        "Motorische NLG",
        columns("nerve Nerv", "side Seite", "rec Muskel", "site Reizort", "lat DML/Latenz [ms]",
                "amp Amplitude [mV]", "dist Abstand [mm]", "vel NLG [m/s]"),
        "Sensible NLG",
        columns("nerve Nerv", "side Seite", "rec Ableitort", "site Reizort", "onset Latenz [ms]",
                "amp SNAP [\u00b5V]", "dist Abstand [mm]", "vel NLG [m/s]"),
        "F-Wellen",
        columns("nerve Nerv", "side Seite", "min min. F-Latenz [ms]", "pers Persistenz [%]"),
        words("median: Medianus\nulnar: Ulnaris\nfibular: Peronaeus\ntibial: Tibialis\nsural: Suralis\n"
              "superficial_fibular: Peronaeus superficialis"),
        words("right: re.\nleft: li."),
        words("wrist: Handgelenk\nelbow: Ellenbogen\nbelow_elbow: unterhalb Sulcus\n"
              "above_elbow: oberhalb Sulcus\nankle: Sprunggelenk\nbelow_fibular_head: Fibulakopf\n"
              "popliteal_fossa: Fossa poplitea\ncalf: Wade\nleg: Unterschenkel"),
        words("APB: M. abd. poll. brevis\nADM: ADM\nEDB: EDB\nAH: M. abd. hallucis\ndigit_3: Finger III\n"
              "digit_5: Finger V\nankle: Kn\u00f6chel"),
        "kein Potential",
        nerve_row="",
        style={"dist_cm": False},
    )  # fmt: skip
    form(
        "i09_nervenleitung_tabelle.csv",
        "German: a column each for nerve, side (re./li.), muscle and "
        "Reizort; units in square brackets; 63 J.; 'kein Potential'; semicolon, decimal comma, UTF-8",
        t,
        ("N-2291", "axonal", "F", 63, 168),
        "2024-11-12",
        seed=821,
        save=(";",),
        comma=True,
    )


def i10_french() -> None:
    t = Tongue(
        [["IPP :", "77 1204"], ["Nom :", "EXEMPLE", "Pr\u00e9nom :", "Jean"], ["Sexe :", "M"],
         ["\u00c2ge :", "58 ans"], ["Taille :", "1m74"], ["Date d'examen :", "21/06/2022"]],
        "Conduction nerveuse motrice",
        columns("site Nerf / Site de stimulation", "lat Latence distale (ms)", "amp Amplitude (mV)",
                "dur Dur\u00e9e (ms)", "dist Distance (mm)", "vel Vitesse (m/s)"),
        "Conduction nerveuse sensitive",
        columns("site Nerf / Site de stimulation", "onset Latence d\u00e9but (ms)",
                "peak Latence pic (ms)", "amp Amplitude (\u00b5V)", "dist Distance (mm)",
                "vel Vitesse (m/s)"),
        "Ondes F",
        columns("site Nerf", "min Latence min (ms)", "pers Persistance (%)"),
        words("median: M\u00e9dian\nulnar: Ulnaire\nfibular: Fibulaire commun\ntibial: Tibial post\u00e9rieur\n"
              "sural: Sural\nsuperficial_fibular: Fibulaire superficiel"),
        words("right: Droit\nleft: Gauche"),
        words("wrist: Poignet\nelbow: Pli du coude\nbelow_elbow: Sous le coude\n"
              "above_elbow: Sus le coude\nankle: Cou-de-pied\nbelow_fibular_head: Col du p\u00e9ron\u00e9\n"
              "popliteal_fossa: Creux poplit\u00e9\ncalf: Mollet\nleg: Jambe"),
        words("APB: Court abducteur du pouce\nADM: Abducteur du petit doigt\nEDB: P\u00e9dieux\n"
              "AH: Abducteur de l'hallux\ndigit_3: Doigt III\ndigit_5: 5e doigt\nankle: Mall\u00e9ole externe"),
        "abs.",
        nerve_row="{nerve} {side} - {rec}",
        style={"dist_cm": False},
    )  # fmt: skip
    form(
        "i10_emg_francais.csv",
        "French: 'M\u00e9dian Gauche - Court abducteur du pouce', 'abs.', "
        "Cou-de-pied, taille 1m74, name and first name not to be kept; tab, UTF-8",
        t,
        ("77 1204", "gbs", "M", 58, 174),
        "2022-06-21",
        seed=822,
        save=("\t",),
        accept={"height_cm": [174, None]},
    )


def i11_spanish() -> None:
    t = Tongue(
        [["N\u00ba Historia", "118820"], ["Nombre", "Caso Inventado"], ["Edad", "39 a\u00f1os"],
         ["Sexo", "Hombre"], ["Talla", "1,81 m"], ["Fecha de estudio", "30/08/2023"]],
        "Neurograf\u00eda motora",
        columns("site Nervio / Punto de est\u00edmulo", "lat Latencia (ms)", "amp Amplitud B-P (mV)",
                "segment Segmento", "dist Dist. (mm)", "vel VC (m/s)"),
        "Neurograf\u00eda sensitiva",
        columns("site Nervio / Punto de est\u00edmulo", "onset Lat. inicio (ms)", "peak Lat. pico (ms)",
                "amp Amplitud (\u00b5V)", "dist Dist. (mm)", "vel VC (m/s)"),
        "Onda F",
        columns("site Nervio", "min Lat. m\u00ednima (ms)", "pers Persistencia (%)"),
        words("median: Mediano\nulnar: Cubital\nfibular: Peroneo com\u00fan\ntibial: Tibial posterior\n"
              "sural: Sural\nsuperficial_fibular: Peroneo superficial"),
        words("right: derecho\nleft: izquierdo"),
        words("wrist: Mu\u00f1eca\nelbow: Flexura codo\nbelow_elbow: Bajo codo\nabove_elbow: Sobre codo\n"
              "ankle: Tobillo\nbelow_fibular_head: Cuello peron\u00e9\npopliteal_fossa: Fosa popl\u00edtea\n"
              "calf: Pantorrilla\nleg: Pierna"),
        words("APB: Abductor corto del pulgar\nADM: Abductor del me\u00f1ique\nEDB: Pedio\n"
              "AH: Abductor del hallux\ndigit_3: III dedo\ndigit_5: V dedo\nankle: Maleolo externo"),
        "Ausente",
        nerve_row="N. {nerve} {side} ({rec})",
        style={"dist_cm": False},
    )  # fmt: skip
    form(
        "i11_neurografia_espanol.csv",
        "Spanish: 'N. Cubital derecho (...)', segments in a column "
        "('Bajo codo-Mu\u00f1eca'), VC, Onda F; semicolon, decimal comma, cp1252",
        t,
        ("118820", "une", "M", 39, 181),
        "2023-08-30",
        seed=823,
        save=(";", "cp1252"),
        comma=True,
    )


def i12_portuguese() -> None:
    t = Tongue(
        [["Prontu\u00e1rio:", "BR-0451"], ["Idade:", "66 anos", "Sexo:", "Feminino"],
         ["Altura:", "155 cm"], ["Data do exame:", "17/03/2021"]],
        "Neurocondu\u00e7\u00e3o motora",
        columns("nerve Nervo", "side Lado", "rec M\u00fasculo", "site Ponto de est\u00edmulo",
                "lat Lat. (ms)", "amp Ampl. (mV)", "dur Dur. (ms)", "dist Dist. (cm)",
                "vel Veloc. (m/s)"),
        "Neurocondu\u00e7\u00e3o sensitiva",
        columns("nerve Nervo", "side Lado", "rec Capta\u00e7\u00e3o", "site Ponto de est\u00edmulo",
                "onset Lat. in\u00edcio (ms)", "peak Lat. pico (ms)", "amp Ampl. (\u00b5V)",
                "dist Dist. (cm)", "vel Veloc. (m/s)"),
        "Onda-F",
        columns("nerve Nervo", "side Lado", "min F m\u00ednima (ms)", "pers Persist\u00eancia (%)"),
        words("median: Mediano\nulnar: Ulnar\nfibular: Fibular profundo\ntibial: Tibial\nsural: Sural\n"
              "superficial_fibular: Fibular superficial"),
        words("right: D\nleft: E"),
        words("wrist: Punho\nelbow: Fossa cubital\nbelow_elbow: Abaixo cotovelo\n"
              "above_elbow: Acima cotovelo\nankle: Tornozelo\nbelow_fibular_head: Colo da f\u00edbula\n"
              "popliteal_fossa: Fossa popl\u00edtea\ncalf: Panturrilha\nleg: Perna"),
        words("APB: Abdutor curto do polegar\nADM: Abdutor do dedo m\u00ednimo\nEDB: Extensor curto dos dedos\n"
              "AH: Abdutor do h\u00e1lux\ndigit_3: Dedo III\ndigit_5: Dedo V\nankle: Mal\u00e9olo lateral"),
        "sem resposta",
        nerve_row="",
    )  # fmt: skip
    form(
        "i12_neuroconducao.xlsx",
        "Portuguese workbook: sides D and E in a column Lado, captação, "
        "'sem resposta'; numbers as numbers",
        t,
        ("BR-0451", "axonal_severe", "F", 66, 155),
        "2021-03-17",
        seed=824,
    )


def i13_italian() -> None:
    t = Tongue(
        [["Codice paziente:", "PZ-88"], ["Cognome e nome:", "Prova Anna"], ["Et\u00e0:", "47"],
         ["Sesso:", "Femmina"], ["Altezza:", "170 cm"], ["Data dell'esame:", "09.10.2019"]],
        "Velocit\u00e0 di conduzione motoria",
        columns("site Nervo/Sede", "lat Latenza ms", "amp Ampiezza mV", "dist Distanza mm",
                "vel Velocit\u00e0 m/s"),
        "Velocit\u00e0 di conduzione sensitiva",
        columns("site Nervo/Sede", "onset Lat. inizio ms", "amp Ampiezza \u00b5V", "dist Distanza mm",
                "vel Velocit\u00e0 m/s"),
        "Onde F",
        columns("site Nervo", "min F min ms", "mean F media ms", "pers Persistenza %"),
        words("median: Mediano\nulnar: Ulnare\nfibular: Peroneale comune\ntibial: Tibiale posteriore\n"
              "sural: Surale\nsuperficial_fibular: Peroneo superficiale"),
        words("right: destro\nleft: sinistro"),
        words("wrist: Polso\nelbow: Piega del gomito\nbelow_elbow: Sotto il gomito\n"
              "above_elbow: Sopra il gomito\nankle: Collo del piede\nbelow_fibular_head: Testa del perone\n"
              "popliteal_fossa: Fossa poplitea\ncalf: Polpaccio\nleg: Gamba"),
        words("APB: Abduttore breve del pollice\nADM: Abduttore del mignolo\nEDB: Pedidio\n"
              "AH: Abduttore dell'alluce\ndigit_3: III dito\ndigit_5: V dito\nankle: Malleolo esterno"),
        "non evocabile",
        nerve_row="{nerve} {side} ({rec})",
        style={"dist_cm": False},
    )  # fmt: skip
    form(
        "i13_eng_italiano.csv",
        "Italian: units as the last word of the heading, 'Collo del piede', "
        "'Testa del perone', 'non evocabile'; semicolon with decimal comma; date with points",
        t,
        ("PZ-88", "cts", "F", 47, 170),
        "2019-10-09",
        seed=825,
        save=(";",),
        comma=True,
        motors=MOTORS,
        skin=SENS,
    )


def i14_chinese() -> None:
    t = Tongue(
        [["\u59d3\u540d\uff1a\u6d4b\u8bd5", "\u6027\u522b\uff1a\u7537", "\u5e74\u9f84\uff1a61\u5c81"],
         ["\u4f4f\u9662\u53f7\uff1aZY3307", "\u8eab\u9ad8\uff1a172cm"],
         ["\u68c0\u67e5\u65e5\u671f\uff1a2022-09-06"]],
        "\u8fd0\u52a8\u795e\u7ecf\u4f20\u5bfc\u901f\u5ea6(MCV)",
        columns("site \u795e\u7ecf/\u523a\u6fc0\u70b9", "lat \u6f5c\u4f0f\u671f ms", "amp \u6ce2\u5e45 mV",
                "dur \u65f6\u9650 ms", "dist \u8ddd\u79bb mm", "vel \u901f\u5ea6 m/s"),
        "\u611f\u89c9\u795e\u7ecf\u4f20\u5bfc\u901f\u5ea6(SCV)",
        columns("site \u795e\u7ecf/\u523a\u6fc0\u70b9", "onset \u8d77\u59cb\u6f5c\u4f0f\u671f ms",
                "peak \u5cf0\u6f5c\u4f0f\u671f ms", "amp \u6ce2\u5e45 \u03bcV", "dist \u8ddd\u79bb mm",
                "vel \u901f\u5ea6 m/s"),
        "F\u6ce2",
        columns("site \u795e\u7ecf", "min \u6700\u77ed\u6f5c\u4f0f\u671f ms", "pers \u51fa\u73b0\u7387 %"),
        words("median: \u6b63\u4e2d\u795e\u7ecf\nulnar: \u5c3a\u795e\u7ecf\nfibular: \u8153\u603b\u795e\u7ecf\n"
              "tibial: \u80eb\u795e\u7ecf\nsural: \u8153\u80a0\u795e\u7ecf\n"
              "superficial_fibular: \u8153\u6d45\u795e\u7ecf"),
        words("right: \u53f3\nleft: \u5de6"),
        words("wrist: \u8155\u90e8\nelbow: \u8098\u90e8\nbelow_elbow: \u8098\u4e0b\nabove_elbow: \u8098\u4e0a\n"
              "ankle: \u8e1d\u90e8\nbelow_fibular_head: \u8153\u9aa8\u5c0f\u5934\u4e0b\n"
              "popliteal_fossa: \u8158\u7a9d\ncalf: \u5c0f\u817f\nleg: \u5c0f\u817f\u5916\u4fa7"),
        words("APB: \u62c7\u77ed\u5c55\u808c\nADM: \u5c0f\u6307\u5c55\u808c\nEDB: \u8dbe\u77ed\u4f38\u808c\n"
              "AH: \u62c7\u5c55\u808c\ndigit_3: \u4e2d\u6307\ndigit_5: \u5c0f\u6307\nankle: \u5916\u8e1d"),
        "\u672a\u5f15\u51fa",
        nerve_row="{side}{nerve}-{rec}",
        style={"dist_cm": False},
    )  # fmt: skip
    form(
        "i14_shenjing_chuandao.csv",
        "Chinese: side and nerve in one word without a space, full-width "
        "colons in the patient line, several entries a row, units after a space; UTF-8 with commas",
        t,
        ("ZY3307", "cidp", "M", 61, 172),
        "2022-09-06",
        seed=826,
        save=(",",),
        motors=MOTORS,
        skin=SENS,
    )


def i15_korean() -> None:
    t = Tongue(
        [["\ub4f1\ub85d\ubc88\ud638:", "20198871", "\uc131\uba85:", "\uac00\uba85"],
         ["\uc131\ubcc4/\ub098\uc774:", "\uc5ec/52\uc138"], ["\uc2e0\uc7a5:", "159cm"],
         ["\uac80\uc0ac\uc77c\uc790:", "2023-02-28"]],
        "\uc6b4\ub3d9\uc2e0\uacbd \uc804\ub3c4\uac80\uc0ac",
        columns("site \uc2e0\uacbd/\uc790\uadf9\ubd80\uc704", "lat \uc7a0\ubcf5\uae30 (ms)",
                "amp \uc9c4\ud3ed (mV)", "dist \uac70\ub9ac (cm)", "vel \uc804\ub3c4\uc18d\ub3c4 (m/s)"),
        "\uac10\uac01\uc2e0\uacbd \uc804\ub3c4\uac80\uc0ac",
        columns("site \uc2e0\uacbd/\uc790\uadf9\ubd80\uc704", "onset \uae30\uc2dc\uc7a0\ubcf5\uae30 (ms)",
                "peak \uc815\uc810\uc7a0\ubcf5\uae30 (ms)", "amp \uc9c4\ud3ed (\u00b5V)",
                "dist \uac70\ub9ac (cm)", "vel \uc804\ub3c4\uc18d\ub3c4 (m/s)"),
        "F\ud30c \uac80\uc0ac",
        columns("site \uc2e0\uacbd", "min \ucd5c\uc18c\uc7a0\ubcf5\uae30 (ms)", "pers \ucd9c\ud604\uc728 (%)"),
        words("median: \uc815\uc911\uc2e0\uacbd\nulnar: \ucc99\uace8\uc2e0\uacbd\n"
              "fibular: \ucd1d\ube44\uace8\uc2e0\uacbd\ntibial: \ud6c4\uacbd\uace8\uc2e0\uacbd\n"
              "sural: \ube44\ubcf5\uc2e0\uacbd\nsuperficial_fibular: \ucc9c\ube44\uace8\uc2e0\uacbd"),
        words("right: \uc6b0\uce21\nleft: \uc88c\uce21"),
        words("wrist: \uc190\ubaa9\nelbow: \uc8fc\uad00\uc808\nbelow_elbow: \uc8fc\uad00\uc808 \ud558\n"
              "above_elbow: \uc8fc\uad00\uc808 \uc0c1\nankle: \uc871\uad00\uc808\n"
              "below_fibular_head: \ube44\uace8\ub450 \uc544\ub798\npopliteal_fossa: \uc2ac\uc640\n"
              "calf: \ud558\ud1f4\nleg: \ud558\ud1f4 \uc678\uce21"),
        words("APB: APB\nADM: ADM\nEDB: EDB\nAH: AH\ndigit_3: \uc81c3\uc218\uc9c0\ndigit_5: \uc81c5\uc218\uc9c0\n"
              "ankle: \uc678\uacfc"),
        "\ubc18\uc751 \uc5c6\uc74c",
        nerve_row="{side} {nerve} ({rec})",
    )  # fmt: skip
    form(
        "i15_singyeong.xlsx",
        "Korean workbook: Sino-Korean site names (\uc8fc\uad00\uc808 \ud558, \uc871\uad00\uc808), "
        "sex and age in one cell, '\ubc18\uc751 \uc5c6\uc74c'",
        t,
        ("20198871", "gbs", "F", 52, 159),
        "2023-02-28",
        seed=827,
        motors=MOTORS,
        skin=[("right", "median_d3"), ("left", "ulnar_d5")],
    )


def i16_japanese() -> None:
    t = Tongue(
        [["ID", "J-5512", "\u6c0f\u540d", "\u8a66\u9a13 \u592a\u90ce"],
         ["\u5e74\u9f62\u30fb\u6027\u5225", "33\u6b73 \u7537\u6027"], ["\u8eab\u9577", "171 cm"],
         ["\u691c\u67fb\u65e5", "2021/07/15"]],
        "\u904b\u52d5\u795e\u7d4c\u4f1d\u5c0e\u901f\u5ea6 (MCS)",
        columns("site \u523a\u6fc0\u90e8\u4f4d", "lat \u6f5c\u6642 [ms]", "amp \u632f\u5e45 [mV]",
                "dur \u6301\u7d9a\u6642\u9593 [ms]", "dist \u8ddd\u96e2 [mm]", "vel \u901f\u5ea6 [m/s]"),
        "\u611f\u899a\u795e\u7d4c\u4f1d\u5c0e\u901f\u5ea6 (SCS)",
        columns("site \u523a\u6fc0\u90e8\u4f4d", "onset \u7acb\u3061\u4e0a\u304c\u308a\u6f5c\u6642 [ms]",
                "peak \u9802\u70b9\u6f5c\u6642 [ms]", "amp \u632f\u5e45 [\u03bcV]", "dist \u8ddd\u96e2 [mm]",
                "vel \u901f\u5ea6 [m/s]"),
        "F\u6ce2",
        columns("site \u795e\u7d4c", "min \u6700\u77ed\u6f5c\u6642 [ms]", "pers \u51fa\u73fe\u983b\u5ea6 [%]"),
        words("median: \u6b63\u4e2d\u795e\u7d4c\nulnar: \u5c3a\u9aa8\u795e\u7d4c\nfibular: \u7dcf\u8153\u9aa8\u795e\u7d4c\n"
              "tibial: \u8109\u9aa8\u795e\u7d4c\nsural: \u8153\u8179\u795e\u7d4c\n"
              "superficial_fibular: \u6d45\u8153\u9aa8\u795e\u7d4c".replace("\u8109", "\u811b")),
        words("right: \u53f3\nleft: \u5de6"),
        words("wrist: \u624b\u9996\nelbow: \u8098\u7aa9\nbelow_elbow: \u8098\u4e0b\nabove_elbow: \u8098\u4e0a\n"
              "ankle: \u8db3\u9996\nbelow_fibular_head: \u8153\u9aa8\u982d\u4e0b\npopliteal_fossa: \u819d\u7aa9\n"
              "calf: \u4e0b\u817f\u5f8c\u9762\nleg: \u4e0b\u817f\u5916\u5074"),
        words("APB: \u77ed\u6bcd\u6307\u5916\u8ee2\u7b4b\nADM: \u5c0f\u6307\u5916\u8ee2\u7b4b\nEDB: \u77ed\u8dbe\u4f38\u7b4b\n"
              "AH: \u6bcd\u8dbe\u5916\u8ee2\u7b4b\ndigit_3: \u4e2d\u6307\ndigit_5: \u5c0f\u6307\nankle: \u5916\u679c"),
        "\u8a98\u767a\u4e0d\u80fd",
        nerve_row="{side} {nerve}\uff08{rec}\uff09",
        style={"dist_cm": False},
    )  # fmt: skip
    form(
        "i16_shinkei_dendo.csv",
        "Japanese: full-width brackets, age and sex in one cell, year first "
        "with slashes, '\u8a98\u767a\u4e0d\u80fd'; UTF-8 with BOM left out; tab",
        t,
        ("J-5512", "mmn", "M", 33, 171),
        "2021-07-15",
        seed=828,
        save=("\t",),
        motors=ALL,
        skin=[("left", "median_d3"), ("right", "ulnar_d5"), ("right", "sural")],
    )


def more_i() -> None:
    i09_german()
    i10_french()
    i11_spanish()
    i12_portuguese()
    i13_italian()
    i14_chinese()
    i15_korean()
    i16_japanese()
