"""What the programs of all drivers in Python share: their arguments, and a line for each check."""

import sys
import threading
import traceback

PORT, PASSWORD, KEY = sys.argv[1:4]
STRINGS = ["", "a\u00e5\u4e2d\U0001f600", "x" * 70000]

#: Seconds that a check may take.
PATIENCE = 60


def check(name, what, *arguments):
    """Fails when `what` raises, says False, or does not end."""
    said = []

    def run():
        try:
            result = what(*arguments)
            said.append(f"failed {name}: {result!r}"[:300] if result not in (None, True) else f"ok {name}")
        except Exception as why:  # pylint: disable=broad-except
            text = " ".join(str(why).split())
            where = traceback.extract_tb(why.__traceback__)[-1]
            said.append(f"failed {name}: {type(why).__name__}: {text} ({where.name})"[:300])

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    print(said[0] if said else f"failed {name}: no end after {PATIENCE} s", flush=True)


def without(name, why):
    print(f"without {name}: {why}", flush=True)


def equal(value, expected):
    if type(value) is not type(expected) or value != expected:
        raise ValueError(f"{value!r}"[:100] + f" (expected: {expected!r})"[:100])


def plain():
    """The values whose types Python itself has."""
    return {
        "null": None,
        "boolean": True,
        "integers": [0, -16, -17, 128, -40000, 9007199254740993, -(2**63)],
        "floats": [1.5, -0.1, 1e300, float("inf")],
        "strings": STRINGS,
        "bytes": b"\x00\x01\xff",
        "list": [1, None, ["deep"]],
        "map": {"key": {"key": 1}, "none": None},
    }
