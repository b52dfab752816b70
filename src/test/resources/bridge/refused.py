"""A newcomer that the bridge refuses: says the failure of its login and of its first request, a small and a large one."""

import sys

from polywire import Polywire, PolywireError

for token in (None, "a token of nobody"):
    for size in (10, 5_000_000):
        try:
            with Polywire(port=int(sys.argv[1]), token=token) as polywire:
                polywire.call("quick", "any", text="x" * size)
        except PolywireError as refused:
            print(refused)
