# What CPython says of each expression: a JSON array [variables, expressions] on standard input, answers out.
import builtins
import json
import signal
import sys
import warnings

warnings.simplefilter("ignore")
sys.set_int_max_str_digits(0)
NAMES = "float int str len abs min max round bool sum any all sorted".split()
SCOPE = {"__builtins__": {name: getattr(builtins, name) for name in NAMES}}


class TooSlow(Exception):
    pass


def give_up(*_):
    raise TooSlow


signal.signal(signal.SIGALRM, give_up)


def answer(expression, variables):
    # Where the alarm comes too late, it comes in here.
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        found = evaluate(expression, variables)
        signal.setitimer(signal.ITIMER_REAL, 0)
        return found
    except TooSlow:
        return {"beyond": True}


def evaluate(expression, variables):
    try:
        value = eval(expression, SCOPE, dict(variables))
        shown = repr(value)
    except (TooSlow, MemoryError, OverflowError, RecursionError):
        return {"beyond": True}
    except Exception as error:
        return {"error": type(error).__name__}
    if len(shown) > 5000 or isinstance(value, complex) or "j)" in shown:
        return {"beyond": True}
    return {"type": type(value).__name__, "repr": shown}


variables, expressions = json.load(sys.stdin)
json.dump([answer(expression, variables) for expression in expressions], sys.stdout)
