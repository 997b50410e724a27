"""Vietnamese syllables: which there are, and where their tones stand.

A syllable is an onset and a rime from the tables below, with one of six tones. A rime that ends in
a stop (c, ch, p, t) takes only sắc and nặng. The rules are those of Đoàn Thiện Thuật, "Ngữ âm
tiếng Việt", with the spelling of c/k, g/gh and ng/ngh.
"""

import re
from functools import cache, lru_cache

from core.text import fold, nfc, normalise_tones, split_tone

_ONSETS = "b ch d đ h kh l m n nh p ph r s t th tr v x".split()
_ONSETS_BEFORE_BACK_VOWELS = "c g ng".split()
_ONSETS_BEFORE_FRONT_VOWELS = "k gh ngh".split()
_RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây"
    " e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên"
    " iêng iêp iêt iêu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt"
    " oc oe oem oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt"
    " u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy uya"
    " uych uyên uyêt uyn uynh uyp uyt uyu ư ưa ưc ưi ưm ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu"
).split()
_RIMES_AFTER_QU = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt ân âng ât âu ây e en eng eo et ê"
    " ên êch ênh êt êu i in it ơ ơi ơn ơt y ych yên yêt yn ynh yt yu ôc"
).split()
_RIMES_AFTER_GI = [rime for rime in _RIMES if rime[0] not in "iy"]
_RIMES_ALONE = "y yêm yên yêng yêt yêu".split()
# Half of all words keep the tone of these on either vowel: hòa and hoà, thủy and thuỷ.
_EITHER_VOWEL = re.compile(r"(?:oa|oe|uy)[\u0300\u0301\u0303\u0309\u0323]")
_STOPS = ("c", "ch", "p", "t")
_TONES_BEFORE_STOPS = ("\u0301", "\u0323")
_LONGEST = 7


def _spelt() -> frozenset[str]:
    """Every syllable without its tone."""
    front = [rime for rime in _RIMES if rime[0] in "eêi"]
    back = [rime for rime in _RIMES if rime[0] not in "eêi"]
    # y stands for i in names of old: Lý, Mỹ, kỷ, sỹ, hy, ty.
    return frozenset(
        [
            *_RIMES,
            *_RIMES_ALONE,
            *(onset + rime for onset in _ONSETS for rime in _RIMES),
            *(onset + "y" for onset in (*_ONSETS, "k")),
            *(onset + rime for onset in _ONSETS_BEFORE_BACK_VOWELS for rime in back),
            *(onset + rime for onset in _ONSETS_BEFORE_FRONT_VOWELS for rime in front),
            *("qu" + rime for rime in _RIMES_AFTER_QU),
            *("gi" + rime for rime in _RIMES_AFTER_GI),
            *"gi gin giêc giêng giêt".split(),
        ]
    )


_SPELT = _spelt()
_FOLDED = frozenset(map(fold, _SPELT))


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether `word`, in any case and normal form, is one well-spelt Vietnamese syllable."""
    toneless, tone = split_tone(nfc(word).lower())
    if toneless not in _SPELT:
        return False
    if toneless.endswith(_STOPS) and tone not in _TONES_BEFORE_STOPS:
        return False
    return not tone or is_tone_in_place(word)


def is_tone_in_place(word: str) -> bool:
    """Whether the tone of the syllable `word` stands on a vowel that may carry it."""
    lowered = nfc(word).lower()
    return normalise_tones(lowered) == lowered or _keeps_new_style(lowered)


@lru_cache(maxsize=20_000)
def looks_like_syllable(word: str) -> bool:
    """Whether `word` would be a syllable if only its marks were others."""
    return len(word) <= _LONGEST and fold(word) in _FOLDED


@cache
def all_spelt() -> tuple[str, ...]:
    """Every syllable without its tone, in alphabetical order."""
    return tuple(sorted(_SPELT))


def _keeps_new_style(lowered: str) -> bool:
    toneless, tone = split_tone(lowered)
    return bool(_EITHER_VOWEL.fullmatch(toneless[-2:] + tone)) and lowered == nfc(toneless + tone)
