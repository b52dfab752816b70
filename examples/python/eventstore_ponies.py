#!/usr/bin/env python3
"""A pony jumps into EventStore, through Polywire's bridge: an event is appended, read, and read again by a subscription.

Start Polywire first (run --conf conf/embedded.json), then: python3 examples/python/eventstore_ponies.py [port of the bridge]
"""

import sys

from polywire import Polywire, PolywireError

EVENTSTORE = "polywire.eventstore"
NO_STREAM = -1
ANY = -2


def main(port=7000):
    with Polywire(port=port) as polywire:
        forget(polywire)

        jump = {"eventType": "PonyJumped", "json": {"Pony": "Derpy Hooves", "Height": 10, "Distance": 13}}
        written = polywire.call(EVENTSTORE, "append", streamId="ponies", expectedVersion=ANY, events=[jump])
        number = written["lastEventNumber"]

        event = polywire.call(EVENTSTORE, "readEvent", streamId="ponies", eventNumber=number)
        print(event["eventType"], event["json"]["Pony"], "jumped", event["json"]["Height"], "high")

        # What is there already, and then what comes.
        ponies = polywire.stream(
            EVENTSTORE, "subscribeToStreamFrom", streamId="ponies", resume={"nextEventNumber": number}, max=1)
        print("seen", next(ponies)["json"]["Pony"])
        polywire.call(
            EVENTSTORE, "append", streamId="ponies", expectedVersion=number,
            events=[{"eventType": "PonyJumped", "json": {"Pony": "Berry Punch", "Height": 12, "Distance": 9}}])
        print("seen", next(ponies)["json"]["Pony"])
        ponies.close()

        # Somebody else was faster: the failure says where the stream is now.
        try:
            polywire.call(EVENTSTORE, "append", streamId="ponies", expectedVersion=NO_STREAM, events=[jump])
        except PolywireError as failure:
            print("failure", failure.code, failure.name, "reason:", failure.server["reason"])
            print("events behind the first:", failure.server["currentVersion"] - number)


def forget(polywire):
    """So that the program can be run again: a soft delete keeps the numbers, and none of the events."""
    try:
        polywire.call(EVENTSTORE, "deleteStream", streamId="ponies", expectedVersion=ANY)
    except PolywireError as failure:
        if failure.name != "NOT_FOUND":
            raise


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
