#!/usr/bin/env python3
"""A projection of an EventStore stream, through Polywire's bridge: how often each pony has jumped.

It keeps the counts and the place in the stream together in one file, replaced as a whole. Kill it at any time and start it again: each
event is counted once.

Start Polywire first (run --conf conf/embedded.json), then:
    python3 examples/python/eventstore_projection.py FILE STREAM [port of the bridge]
"""

import json
import os
import pathlib
import sys

from polywire import Polywire

EVENTSTORE = "polywire.eventstore"


def main(file, stream, port=7000):
    kept = Kept(pathlib.Path(file))
    with Polywire(port=port) as polywire:
        events = polywire.stream(EVENTSTORE, "subscribeToStreamFrom", streamId=stream, resume=kept.resume)
        for event in events:
            kept.count(event)
            # Known behind the last event of a batch, so a batch is kept as a whole.
            if events.resume != kept.resume:
                kept.save(events.resume)


class Kept:
    """Counts, and the place behind the last event in them."""

    def __init__(self, path):
        self._path = path
        known = json.loads(path.read_text()) if path.exists() else {"resume": None, "jumps": {}}
        self.resume = known["resume"]
        self._jumps = known["jumps"]

    def count(self, event):
        if event["eventType"] == "PonyJumped":
            pony = event["json"]["Pony"]
            self._jumps[pony] = self._jumps.get(pony, 0) + 1

    def save(self, resume):
        self.resume = resume
        beside = self._path.with_suffix(".new")
        with beside.open("w") as file:
            json.dump({"resume": resume, "jumps": self._jumps}, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, self._path)


if __name__ == "__main__":
    main(*sys.argv[1:3], *map(int, sys.argv[3:]))
