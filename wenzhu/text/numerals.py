"""Chinese and mixed numerals as exact decimals."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

DIGITS = {
    "零": 0, "〇": 0, "一": 1, "壹": 1, "幺": 1, "二": 2, "贰": 2, "两": 2,
    "俩": 2, "三": 3, "叁": 3, "四": 4, "肆": 4, "五": 5, "伍": 5, "六": 6,
    "陆": 6, "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9,
}  # fmt: skip
UNITS = {
    "十": 10, "拾": 10, "廿": 20, "卅": 30, "百": 100, "佰": 100, "千": 1000,
    "仟": 1000, "k": 1000,
}  # fmt: skip
LARGE = {"万": 10_000, "w": 10_000, "亿": 100_000_000}
LONGEST = 40

# Inside a character class of a regular expression; the text must be folded.
NUMERAL_CHARS = "零〇一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖十拾廿卅百佰千仟万亿"


def parse(text: str) -> Decimal | None:
    """Read a numeral such as 3,500.00, 壹仟贰佰, 两万五, 3万5千 or 1.2w.

    Args:
        text: The numeral alone, folded (see ``wenzhu.text.folding``).

    Returns:
        Its value, or None when it is not a numeral.
    """
    text = text.strip().replace(" ", "").replace(",", "")
    if not text or len(text) > LONGEST:
        return None
    if text[0].isdigit() and text[-1].isdigit() and text.isascii():
        try:
            return Decimal(text)
        except InvalidOperation:
            return None
    if len(text) > 1 and all(char in DIGITS for char in text):
        return Decimal("".join(str(DIGITS[char]) for char in text))
    return _sum_of_units(text)


def _sum_of_units(text: str) -> Decimal | None:
    total = section = Decimal(0)
    pending: Decimal | None = None
    last_unit, zero_seen, index = 0, False, 0
    while index < len(text):
        char = text[index]
        if char.isascii() and char.isdigit():
            end = index
            while (
                end < len(text) and text[end].isascii() and text[end] in "0123456789."
            ):
                end += 1
            try:
                pending = Decimal(text[index:end].rstrip("."))
            except InvalidOperation:
                return None
            index = end
            continue
        if char in DIGITS:
            if pending is not None and pending != 0:
                return None
            pending = Decimal(DIGITS[char])
            zero_seen = zero_seen or DIGITS[char] == 0
        elif char in ("点", "."):
            decimals = "".join(
                str(DIGITS.get(follower, follower))
                for follower in _until_unit(text, index + 1)
            )
            if pending is None or not decimals.isdigit():
                return None
            pending += Decimal(f"0.{decimals}")
            index += len(decimals)
        elif char in UNITS:
            unit = UNITS[char]
            section += unit if char in "廿卅" else (pending or 1) * unit
            pending, last_unit, zero_seen = None, unit, False
        elif char in LARGE:
            section += pending or 0
            if section == 0 and total:
                total *= LARGE[char]  # 三万亿: one large unit on another
            else:
                total += (section or 1) * LARGE[char]
            section, pending = Decimal(0), None
            last_unit, zero_seen = LARGE[char], False
        else:
            return None
        index += 1
    if pending is not None:
        # 两千三 is 2300 and 一万二 is 12000, but 两千零三 is 2003.
        if last_unit >= 100 and not zero_seen and 0 < pending < 10:
            pending *= last_unit // 10
        section += pending
    return total + section


def _until_unit(text: str, start: int) -> str:
    end = start
    while end < len(text) and (text[end] in DIGITS or text[end].isdigit()):
        end += 1
    return text[start:end]
