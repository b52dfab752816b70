"""Serves "rows", a stream, and "counted", which says how many of its rows exist; then whatever the test asks."""

import sys

from polywire import Failure, Polywire

produced = 0
ended = 0


def rows(count):
    global produced, ended
    try:
        for number in range(1, count + 1):
            produced += 1
            yield {"n": number}
    finally:
        ended += 1


def broken(count):
    yield {"n": 1}
    raise Failure(4404, "the second row is not there")


def counted(action, arguments):
    return {"produced": produced, "ended": ended}


def echo(action, arguments):
    if action == "fail":
        raise Failure(arguments["code"], "as you like")
    if action == "bug":
        raise ValueError("secret of the inside")
    if action == "unsayable":
        return {"text": {"a set"}} if arguments["type"] == "set" else {"number": float("nan")}
    return {"action": action, "arguments": arguments}


with Polywire(port=int(sys.argv[1]), token=sys.argv[2]) as polywire:
    polywire.serve("counted", counted)
    polywire.serve("echo", echo)
    polywire.serve_stream("rows", rows, max_streams=3)
    polywire.serve_stream("broken", broken)
    print("serving", flush=True)
    polywire.run()
