"""Words of exports to canonical names: exact after normalisation, never fuzzy."""

import re
import unicodedata
from functools import cache, cached_property, lru_cache
from importlib import resources
from tomllib import loads
from typing import Any

_SEPARATORS = re.compile(r"(?:[^0-9a-z%\u0400-\U0010ffff]|[\u2000-\u2e7f\u3000-\u3004\u3008-\u303f\u30fb])+")
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")


_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
"""Marks that no reader sees; a word is the same with and without them."""
_CONTROL = dict.fromkeys((*(c for c in range(32) if chr(c) not in "\t\n\v\f\r"), *range(127, 160)), "\ufffd")
"""Control characters are no punctuation: a word that holds one is not the word it seems."""
_HIDDEN = _UNSEEN | _CONTROL

_ONE_WAY_OF_WRITING = str.maketrans(
    "經経側淺總総腸脛內潛傳伝導遠達動運覺覚檢検無應応縮點橈遲遅號齡齢歲歳體溫徑間膕關関節腳長頭對対區標診斷報發発電圖図錄録記單単範圍囲參邊辺雙種極軸門備註項結線條組後際環顎縫質數値離積適複續誘異說説療醫師龍臍顏顔滿満時現練測試調輕軽細緩緊鄰紡靜壓圧產変變聯連過還邁鍵鑑閾隨難頻額頸顳魚齒歷碼歴稱編證書顯顕輸轉転給誌實実驗験臨學級統類紀縣爾減濾較擬閉開處処斂掛鎖顱腦脳髖顴膽闊",
    "经经侧浅总总肠胫内潜传传导远达动运觉觉检检无应应缩点桡迟迟号龄龄岁岁体温径间腘关关节脚长头对对区标诊断报发发电图图录录记单单范围围参边边双种极轴门备注项结线条组后际环颌缝质数值离积适复续诱异说说疗医师龙脐颜颜满满时现练测试调轻轻细缓紧邻纺静压压产变变联连过还迈键鉴阈随难频额颈颞鱼齿历码历称编证书显显输转转给志实实验验临学级统类纪县尔减滤较拟闭开处处敛挂锁颅脑脑髋颧胆阔",
)
"""Characters that Taiwan or Japan writes otherwise than the mainland, as the mainland does: 正中神經, 正中神経 and 正中神经."""


@lru_cache(1 << 17)
def normalise(text: str) -> str:
    """Lower case, no accents, one space for any run of punctuation: "B-P Amp." and "b p amp" are one word."""
    if text.isascii() and text.isprintable():
        return _SEPARATORS.sub(" ", text.lower()).strip()
    text = text.translate(_HIDDEN)
    text = unicodedata.normalize("NFKD", text).casefold()
    return (
        _SEPARATORS.sub(" ", "".join(c for c in text if not unicodedata.combining(c)))
        .strip()
        .translate(_ONE_WAY_OF_WRITING)
    )


_UNSPACED = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uf900-\ufaff]")
_FINAL_LETTER = re.compile(r"[\u11a8-\u11ff]")
"""The closing consonant of a Korean syllable: a syllable is never cut."""


def unglue(words: list[str], *tables: str) -> list[str]:
    """Cut words of scripts written without spaces at the phrases of some lexicons: 右正中神经 is 右 and 正中神经."""
    return [part for word in words for part in (_cut(word, tables) if _UNSPACED.search(word) else (word,))]


@lru_cache(1 << 14)
def _cut(word: str, tables: tuple[str, ...]) -> tuple[str, ...]:
    phrases = [p for table in tables for p in lexicon(table).meaning if _UNSPACED.search(p) and " " not in p]
    phrases.sort(key=len, reverse=True)
    parts, loose = [], ""
    while word:
        found = next((p for p in phrases if word.startswith(p) and not _FINAL_LETTER.match(word[len(p) :])), "")
        if not found:
            loose, word = loose + word[0], word[1:]
            continue
        strange = bool(loose) and "nerves" in tables and found in lexicon("nerves").meaning
        parts += [loose + found] if strange else [loose, found]  # what stands before a nerve may make another of it
        loose, word = "", word[len(found) :]
    return tuple(p for p in (*parts, loose) if p)


_ORDINAL = re.compile(r"([1-5]|i{1,3}|iv|v)(?:o|a|e|er|re|eme|nd|rd|th|st|ro|do|to|ra|da|ta)")


def without_ordinals(phrase: str) -> str:
    """A phrase with plain numbers: "2o dedo" is "2 dedo", "Vème doigt" is "V doigt"."""
    return " ".join(found[1] if (found := _ORDINAL.fullmatch(w)) else w for w in phrase.split())


def split_words(text: str) -> list[str]:
    """The normalised words of a heading, with CamelCase and letter-digit boundaries taken as spaces."""
    return normalise(_HUMPS.sub(" ", text)).split()


@cache
def _table(name: str) -> dict[str, Any]:
    return loads((resources.files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))


_BEGINNING = 3
"""Letters that the first word of a shortened phrase has at least."""


_MEANT = frozenset("+✓✔√●○◯◎×✗✘■□▲△↑↓?？")
"""Signs that say something, but not by themselves what."""


class Lexicon:
    """One meaning per phrase; looks up whole phrases, or the longest phrases within a text."""

    def __init__(self, meanings: dict[str, list[str]]) -> None:
        self.meaning: dict[str, str] = {}
        for canonical, words in meanings.items():
            for word in [canonical.replace("_", " "), *words]:
                if (phrase := normalise(word)) or not word:  # a mark alone is no phrase
                    self.meaning.setdefault(phrase, canonical)
        self.longest = max((len(phrase.split()) for phrase in self.meaning), default=0)

    def __call__(self, text: str) -> str | None:
        """The meaning of the whole text, or None; a sign that may mean something ("+", "×", "?") is no blank."""
        phrase = normalise(text)
        return self.meaning.get(phrase) if phrase or not _MEANT.intersection(text) else None

    def find(self, words: list[str]) -> tuple[str, int, int] | None:
        """The longest known phrase within `words` (leftmost of equals): meaning, start, end."""
        for length in range(min(self.longest, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                meaning = self.meaning.get(" ".join(words[start : start + length]))
                if meaning is not None:
                    return meaning, start, start + length
        return None

    def abbreviated(self, words: tuple[str, ...]) -> str | None:
        """The one meaning of which a phrase of several words gives the beginnings: "abd poll brev"."""
        if len(words) < 2 or len(words[0]) < _BEGINNING:
            return None
        meanings = {
            meaning
            for phrase, meaning in self._by_beginning.get((len(words), words[0][:_BEGINNING]), ())
            if all((len(w) > 1 and full.startswith(w)) or w == full for w, full in zip(words, phrase, strict=True))
        }
        return meanings.pop() if len(meanings) == 1 else None

    @cached_property
    def _by_beginning(self) -> dict[tuple[int, str], list[tuple[list[str], str]]]:
        """The phrases by how many words they have and how the first begins."""
        found: dict[tuple[int, str], list[tuple[list[str], str]]] = {}
        for phrase, meaning in self.meaning.items():
            if phrase.isascii() and (parts := phrase.split()):
                found.setdefault((len(parts), parts[0][:_BEGINNING]), []).append((parts, meaning))
        return found

    def take(self, words: list[str]) -> tuple[str | None, list[str]]:
        """The meaning of the longest phrase found, and the words without it."""
        found = self.find(words)
        if found is None:
            return None, words
        meaning, start, end = found
        return meaning, words[:start] + words[end:]


def _words(table: str) -> dict[str, list[str]]:
    return {name: entry["words"] for name, entry in _table(table).items()}


@cache
def _unspaced_sites() -> dict[str, list[str]]:
    """Sites above and below a landmark in scripts without spaces: 肘上, 비골두 아래."""
    composed = _table("composed")
    own = composed["unspaced"]
    found: dict[str, list[str]] = {}
    for site, ways in composed["site"].items():
        for relation, landmark in (said.split() for said in ways if " " in said):
            names = [(name, where) for name in own.get(landmark, ()) for where in own[relation]]
            found.setdefault(site, []).extend(f"{name}{gap}{where}" for name, where in names for gap in ("", " "))
    return found


@cache
def lexicon(table: str) -> Lexicon:
    """The lexicon of one vocabulary table: nerves, their abbreviations, sites, muscles, places (sites and muscles), or a
    part of words.toml or people.toml."""
    if table == "nerve_short":
        return Lexicon(_table("wide")["nerve"])
    if table in ("nerves", "sites", "muscles"):
        return Lexicon(_words(table))
    if table == "places":
        words = _words("sites") | _words("muscles")
        return Lexicon({name: [*given, *_unspaced_sites().get(name, ())] for name, given in words.items()})
    return Lexicon((_table("words") | _table("people"))[table])


def entries(table: str) -> dict[str, dict[str, Any]]:
    """The entries of a vocabulary file (nerves, sites, muscles, words, wide) as written."""
    return _table(table)
