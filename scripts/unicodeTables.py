# Writes language/regex/unicodeTables.ts: what CPython 3.11 knows of letters, digits and case. Run with python3.11.
import _sre
from re._casefix import _EXTRA_CASES

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
SIZE = 0x110000


def base36(number):
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text or "0"


def gaps(accepts):
    """Alternating lengths of what is outside and inside, from code point 0."""
    out, start, inside = [], 0, False
    for code in range(SIZE):
        if accepts(chr(code)) != inside:
            out.append(base36(code - start))
            start, inside = code, not inside
    return out + ([base36(SIZE - start)] if inside else [])


def case_runs():
    """Runs of lower-cased code points: gap since the last run, count, step, difference to the lower case."""
    pairs = [(code, _sre.unicode_tolower(code)) for code in range(SIZE)]
    pairs = [(code, lower) for code, lower in pairs if code != lower]
    out, at, previous = [], 0, 0
    while at < len(pairs):
        first, lower = pairs[at]
        best = (1, 1)
        for step in (1, 2):
            count = 1
            while at + count < len(pairs) and pairs[at + count] == (first + count * step, lower + count * step):
                count += 1
            best = max(best, (count, step), key=lambda run: run[0])
        difference = lower - first
        sign = "-" if difference < 0 else ""
        out += [base36(first - previous), base36(best[0]), base36(best[1]), sign + base36(abs(difference))]
        previous = first
        at += best[0]
    return out


def literal(items):
    lines, line = [], ""
    for item in items:
        if len(line) + len(item) > 100:
            lines.append(line)
            line = ""
        line += item + " "
    lines.append(line.rstrip())
    return " +\n".join("  '" + line + "'" for line in lines)


print("// Unicode 14 as CPython 3.11's regular expressions see it; written by scripts/unicodeTables.py.")
print()
print("/** Lengths of what is outside and inside `\\w` in turn, from code point 0, in base 36. */")
print("export const wordGaps =\n" + literal(gaps(lambda c: c.isalnum() or c == "_")) + ";\n")
print("/** The same for `\\d`. */")
print("export const digitGaps =\n" + literal(gaps(str.isdecimal)) + ";\n")
print("/** The same for what repr() shows as itself: the characters of Unicode 14 but for controls and separators. */")
print("export const printableGaps =\n" + literal(gaps(str.isprintable)) + ";\n")
print("/** Runs of four numbers: gap since the last run's first code point, count, step, difference to the lower case. */")
print("export const lowerRuns =\n" + literal(case_runs()) + ";\n")
print("/** Lower-case code points that also match others, because their upper case is the same. */")
print("export const sameUpperCase: readonly (readonly number[])[] = [")
for code, others in sorted(_EXTRA_CASES.items()):
    print("  [" + ", ".join(hex(one) for one in (code, *others)) + "],")
print("];")
