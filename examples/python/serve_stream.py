#!/usr/bin/env python3
"""A service in Python: rows as a stream, for callers in any language, as fast as they read.

Start Polywire first:  mvn -q compile exec:java
                  or:  java -jar target/polywire.jar run --conf conf/embedded.json
Then:                  python3 examples/python/serve_stream.py [port of the bridge [token]]
And in another shell:  python3 examples/python/serve_stream.py read [port of the bridge [token]]
"""

import sys

from polywire import Polywire

ROWS = "examples.rows"


# README
def rows(count, text="row"):
    """Nothing of it exists before a reader asks; closing the stream ends it here, too."""
    try:
        for number in range(1, count + 1):
            yield {"n": number, "text": f"{text} {number}"}
    finally:
        print("a stream has ended", flush=True)


def serve(polywire):
    polywire.serve_stream(ROWS, rows)
    print("serving", ROWS, flush=True)
    try:
        polywire.run()
    except (ConnectionError, KeyboardInterrupt):
        print("stopped")
# README


def read(polywire):
    for row in polywire.stream(ROWS, "open", max=4, count=10, text="line"):
        print(row["n"], row["text"])


def main(arguments):
    reading = arguments[:1] == ["read"]
    port, token = (arguments[reading:] + [None, None])[:2]
    with Polywire(port=int(port or 7000), token=token) as polywire:
        (read if reading else serve)(polywire)


if __name__ == "__main__":
    main(sys.argv[1:])
