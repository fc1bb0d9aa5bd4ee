"""Build the character tables that text folding reads.

Needs OpenCC and pypinyin, which are build-time tools only: what they know is
written to ``wenzhu/text/tables`` and the running bot needs neither. Run it again
when either library brings better data, and commit the result.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from pathlib import Path

TABLES = Path(__file__).resolve().parent.parent / "wenzhu" / "text" / "tables"

HAN_RANGES = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2A6DF),
)
COMPATIBILITY_RANGES = (
    (0x00A0, 0x00FF),
    (0x2000, 0x2BFF),
    (0x2E80, 0x2FDF),
    (0x3000, 0x303F),
    (0x3200, 0x33FF),
    (0xFE10, 0xFE6F),
    (0xFF00, 0xFFEF),
    (0x1D400, 0x1D7FF),
    (0x1F100, 0x1F2FF),
    (0xF900, 0xFAFF),
)

# Letters of other scripts that are drawn like a Latin letter or a digit.
HOMOGLYPHS = {
    "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "ғ": "f",
    "ɡ": "g", "һ": "h", "н": "h", "і": "i", "ı": "i", "ї": "i", "ј": "j",
    "к": "k", "ӏ": "l", "м": "m", "п": "n", "о": "o", "р": "p", "ԛ": "q",
    "г": "r", "ѕ": "s", "т": "t", "ц": "u", "ѵ": "v", "ԝ": "w", "ш": "w",
    "х": "x", "у": "y", "ʏ": "y", "ᴢ": "z", "з": "3", "ь": "b", "α": "a",
    "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "ν": "v", "ο": "o",
    "ρ": "p", "σ": "o", "τ": "t", "υ": "u", "χ": "x", "γ": "y", "ω": "w",
    "μ": "u", "ɑ": "a", "ϲ": "c", "ϳ": "j", "օ": "o", "ս": "u", "ց": "g",
    "հ": "h", "ո": "n", "զ": "q", "ѐ": "e", "ᴀ": "a", "ʙ": "b", "ᴄ": "c",
    "ᴅ": "d", "ᴇ": "e", "ɢ": "g", "ʜ": "h", "ɪ": "i", "ᴊ": "j", "ᴋ": "k",
    "ʟ": "l", "ᴍ": "m", "ɴ": "n", "ᴏ": "o", "ᴘ": "p", "ʀ": "r", "ᴛ": "t",
    "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ⅼ": "l", "ℓ": "l",
    "А": "a", "В": "b", "С": "c", "Е": "e", "Ё": "e", "Н": "h", "І": "i",
    "Ј": "j", "К": "k", "М": "m", "О": "o", "Р": "p", "Ѕ": "s", "Т": "t",
    "У": "y", "Х": "x", "Α": "a", "Β": "b", "Ε": "e", "Ζ": "z", "Η": "h",
    "Ι": "i", "Κ": "k", "Μ": "m", "Ν": "n", "Ο": "o", "Ρ": "p", "Τ": "t",
    "Υ": "y", "Χ": "x", "З": "3",
}  # fmt: skip

# Signs that stand for a Han character or an ASCII sign in everyday evasion.
STAND_INS = {
    "の": "的", "ニ": "二", "ロ": "口", "カ": "力", "エ": "工", "ト": "卜",
    "タ": "夕", "ハ": "八", "ミ": "三", "厶": "公", "夲": "本", "帐": "账",
    "帳": "账", "○": "〇", "◯": "〇", "➕": "加", "✚": "加", "＋": "+",
    "囬": "回", "仩": "上", "丅": "下", "亾": "人", "囗": "口", "銭": "钱",
    "佲": "名", "沵": "你", "祢": "你", "妳": "你", "涐": "我", "徵": "征",
    "著": "着", "倂": "并", "還": "还", "済": "济", "債": "债", "栁": "柳",
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‐": "-", "‑": "-",
    "‒": "-", "–": "-", "﹣": "-", "−": "-", "∶": ":", "︰": ":", "꞉": ":",
    "⁄": "/", "∕": "/", "‧": "·", "・": "·", "･": "·", "•": "·", "∙": "·",
    "⋅": "·", "●": "●", "￥": "¥", "〔": "[", "〕": "]", "［": "[", "］": "]",
    "「": '"', "」": '"', "﹒": ".", "․": ".", "｡": "。", "〖": "【", "〗": "】",
    "『": '"', "』": '"', "❨": "(", "❩": ")",
}  # fmt: skip


# Emoji that are read aloud: they stand for a word and are no decoration.
SPOKEN_EMOJI = {"🐧": "qq", "🔗": "链接", "☎": "电话", "📞": "电话", "☏": "电话"}

# Characters written as their parts. Pairs that are words themselves, such as
# 女子 or 月月, must stay out.
SPLIT = {
    "亻尔": "你", "亻言": "信", "亻昔": "借", "亻崔": "催", "亻乍": "作",
    "亻本": "体", "亻吏": "使", "亻呆": "保", "亻门": "们", "亻牛": "件",
    "亻介": "价", "亻也": "他", "亻寸": "付", "亻弋": "代", "亻衣": "依",
    "亻子": "仔", "亻中": "仲", "亻责": "债", "亻尝": "偿", "亻亭": "停",
    "人尔": "你", "代贝": "贷", "化贝": "货", "氵去": "法", "氵主": "注",
    "氵肖": "消", "氵青": "清", "氵每": "海", "氵户": "沪",
    "讠斥": "诉", "讠正": "证", "讠午": "许", "讠兑": "说", "讠青": "请",
    "讠人": "认", "讠周": "调", "讠己": "记", "讠平": "评", "讠殳": "设",
    "讠舌": "话", "讠乍": "诈", "讠斤": "诉", "讠仑": "论", "讠司": "词",
    "钅艮": "银", "钅戋": "钱", "钅昔": "错", "金艮": "银", "金戋": "钱",
    "钅册": "销", "钅肖": "销", "彳正": "征", "彳艮": "很", "彳聿": "律",
    "扌丁": "打", "扌召": "招", "扌妾": "接", "扌受": "授", "扌旨": "指",
    "扌爪": "抓", "扌甫": "捕", "扌由": "抽", "扌旦": "担", "扌是": "提",
    "扌矣": "挨", "扌安": "按", "扌奂": "换", "阝完": "院", "阝付": "附",
    "阝艮": "限", "阝金": "险", "纟及": "级", "纟合": "给", "纟吉": "结",
    "纟充": "统", "纟责": "绩", "忄青": "情", "忄夬": "快", "忄白": "怕",
    "辶俞": "逾", "辶斤": "近", "辶寸": "过", "辶告": "造",
    "辶艮": "退", "辶不": "还", "辶首": "道", "贝长": "账", "贝兼": "赚",
    "贝者": "赌", "车专": "转", "禾兑": "税", "禾责": "积", "禾中": "种",
    "石角": "确", "石马": "码", "京尤": "就", "矢豆": "短", "走召": "超",
    "走己": "起", "足艮": "跟", "耳关": "联", "耳又": "取", "土止": "址",
    "日寸": "时", "月艮": "服", "女口": "如", "口马": "吗", "王见": "现",
    "火丁": "灯", "户方": "房", "宀各": "客",
    "广氐": "底",
}  # fmt: skip


def simplified() -> dict[str, str]:
    """Map each traditional character to its simplified one, one to one."""
    from opencc import OpenCC

    converter = OpenCC("t2s")
    table: dict[str, str] = {}
    for first, last in HAN_RANGES:
        for code in range(first, last + 1):
            char = unicodedata.normalize("NFKC", chr(code))
            target = converter.convert(char)
            if len(target) == 1 and target != chr(code):
                table[chr(code)] = target
    return table


def compatibility() -> dict[str, str]:
    """Map full width, circled, styled and enclosed forms to plain ones."""
    table: dict[str, str] = {}
    for first, last in COMPATIBILITY_RANGES:
        for code in range(first, last + 1):
            char = chr(code)
            plain = unicodedata.normalize("NFKC", char).lower()
            if len(plain) == 3 and plain[0] in "(〔" and plain[2] in ")〕":
                plain = plain[1]
            elif len(plain) == 2 and plain[0].isdigit() and plain[1] in ".,":
                plain = plain[0]
            if len(plain) == 1 and plain != char and not unicodedata.combining(plain):
                table[char] = plain
    # Dingbat and negative circled digits have no decomposition of their own.
    for start, low in ((0x2776, 1), (0x2780, 1), (0x278A, 1), (0x24F5, 1)):
        for step in range(9):
            table[chr(start + step)] = str(low + step)
    table["⓿"] = table["🄋"] = table["🄌"] = "0"
    for start in (0x1F150, 0x1F170, 0x1F130, 0x1F110):
        for step in range(26):
            table[chr(start + step)] = chr(ord("a") + step)
    return table


def lower_case() -> dict[str, str]:
    """Map capital letters, accents kept off, to plain small ones."""
    table: dict[str, str] = {}
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        char = chr(code)
        plain = unicodedata.normalize("NFKD", char.lower())[0]
        if plain != char and plain.isascii():
            table[char] = plain
    return table


def fold_table() -> dict[str, str]:
    """Join the tables; later ones win."""
    table = simplified() | compatibility() | lower_case()
    table |= HOMOGLYPHS | STAND_INS
    # One pass must be enough: follow chains to their end.
    for char, target in list(table.items()):
        seen = {char}
        while target in table and target not in seen:
            seen.add(target)
            target = table[target]
        table[char] = target
    return {char: target for char, target in table.items() if char != target}


def pinyin_table() -> dict[str, str]:
    """Group Han characters by their commonest syllable, tone left out."""
    from pypinyin import Style, pinyin

    groups: dict[str, list[str]] = {}
    for code in (*range(0x4E00, 0x9FA6), 0x3007):
        reading = pinyin(chr(code), style=Style.NORMAL, errors="ignore", strict=False)
        if not reading or not reading[0]:
            continue
        syllable = reading[0][0].replace("ü", "v")
        if syllable.isascii() and syllable.isalpha():
            groups.setdefault(syllable, []).append(chr(code))
    return {key: "".join(groups[key]) for key in sorted(groups)}


def noise() -> str:
    """Return a regex class body of what is invisible or mere decoration."""
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if is_noise(code):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(
        f"\\U{first:08x}" if first == last else f"\\U{first:08x}-\\U{last:08x}"
        for first, last in ranges
    )


def is_noise(code: int) -> bool:
    """Say whether a character carries no words: controls, marks, emoji."""
    if code in (0x09, 0x0A, 0x0D) or 0xD800 <= code <= 0xDFFF:
        return False
    char = chr(code)
    category = unicodedata.category(char)
    if category in ("Cc", "Cf", "Mn", "Me", "Co"):
        return True
    if 0x115F <= code <= 0x1160 or code in (0x3164, 0xFFA0, 0x2800):
        return True  # fillers that print as nothing
    emoji = 0x1F000 <= code <= 0x1FAFF or 0x2600 <= code <= 0x27BF
    return emoji or 0x2B00 <= code <= 0x2BFF or 0x2300 <= code <= 0x23FF


def expansions() -> dict[str, str]:
    """Map signs that stand for several characters, such as a circled ten."""
    table: dict[str, str] = {}
    for first, last in COMPATIBILITY_RANGES:
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code)).lower().strip("(〔)〕.")
            if len(plain) > 1 and plain.isascii() and plain.isalnum():
                table[chr(code)] = plain
    table["❿"] = table["➉"] = table["➓"] = table["⓾"] = "10"
    table |= SPOKEN_EMOJI
    return table


def write(path: Path, data: dict[str, str]) -> None:
    """Write one table as JSON with a stable order."""
    path.write_text(
        json.dumps(data, ensure_ascii=False, indent=0) + "\n", encoding="utf-8"
    )
    sys.stdout.write(f"{path.name}: {path.stat().st_size // 1024} kB\n")


def main() -> None:
    """Write both tables."""
    TABLES.mkdir(parents=True, exist_ok=True)
    folding = fold_table()
    keys = sorted(folding)
    write(
        TABLES / "folding.json",
        {"from": "".join(keys), "to": "".join(folding[key] for key in keys)},
    )
    write(TABLES / "pinyin.json", pinyin_table())
    spoken = expansions()
    (TABLES / "noise.json").write_text(
        json.dumps(
            {"noise": noise(), "expand": spoken, "split": SPLIT},
            ensure_ascii=False,
            indent=0,
        )
        + "\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
