# What CPython's re says of each case: a JSON array of [pattern, flags, text] on standard input, answers out.
import json
import re
import signal
import sys
import warnings

warnings.simplefilter("ignore")
FLAGS = {"M": re.M, "I": re.I, "S": re.S, "X": re.X, "A": re.A, "U": re.U}


class TooSlow(Exception):
    pass


def give_up(*_):
    raise TooSlow


signal.signal(signal.SIGALRM, give_up)


def answer(pattern, flags, text):
    try:
        number = 0
        for letter in flags:
            number |= FLAGS[letter]
        compiled = re.compile(pattern, number)
    except re.error as error:
        return {"message": error.msg, "position": error.pos}
    except (ValueError, OverflowError) as error:
        return {"message": str(error), "position": None}
    except RecursionError:
        return {"broken": True}
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        matches = [
            [match.span(), [match.span(group) for group in range(1, compiled.groups + 1)]]
            for match in compiled.finditer(text)
        ]
    except (SystemError, TooSlow):
        return {"broken": True}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return {"names": dict(compiled.groupindex), "groups": compiled.groups, "matches": matches}


json.dump([answer(*case) for case in json.load(sys.stdin)], sys.stdout)
