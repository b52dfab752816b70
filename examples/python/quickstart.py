#!/usr/bin/env python3
"""Documents, a stream, a framed echo, an event and a typed failure, through Polywire's bridge.

Start Polywire first:  mvn -q compile exec:java
                  or:  java -jar target/polywire.jar run --conf conf/embedded.json
Then:                  python3 examples/python/quickstart.py [port of the bridge]
"""

import sys

from polywire import Polywire, PolywireError

MONGODB = "polywire.mongodb"
FRAMED = "polywire.framed"
EVENTSTORE = "polywire.eventstore"


def main(port=7000):
    with Polywire(port=port) as polywire:
        # Empty the collection, so that the program can be run again.
        polywire.call(
            MONGODB, "command", database="test", name="delete",
            arguments={"delete": "planets", "deletes": [{"q": {}, "limit": 0}]})

        planets = ["Mercury", "Venus", "Earth", "Mars", "Jupiter", "Saturn", "Uranus", "Neptune"]
        documents = [{"_id": number, "name": name} for number, name in enumerate(planets, 1)]
        answer = polywire.call(
            MONGODB, "command", database="test", name="insert", arguments={"insert": "planets", "documents": documents})
        print("inserted", answer["n"], "documents")

        # A stream: the cursor stays on the server, batches are fetched as they are read.
        found = polywire.stream(
            MONGODB, "open", max=3, database="test", name="find",
            arguments={"find": "planets", "filter": {"_id": {"$gt": 2}}, "sort": {"_id": 1}, "batchSize": 3})
        print("found", ", ".join(document["name"] for document in found))

        # A framed message to an echo server; its answer comes by the stream of incoming messages.
        incoming = polywire.stream(FRAMED, "open", max=1)
        polywire.call(FRAMED, "send", message={"text": "hello"})
        print("echo:", next(incoming)["text"])
        incoming.close()

        # An event at the end of a stream, whatever is there (-2), and read again by its number.
        jump = {"eventType": "PonyJumped", "json": {"Pony": "Derpy Hooves", "Height": 10, "Distance": 13}}
        written = polywire.call(EVENTSTORE, "append", streamId="ponies", expectedVersion=-2, events=[jump])
        event = polywire.call(
            EVENTSTORE, "readEvent", streamId="ponies", eventNumber=written["lastEventNumber"])
        print("event:", event["eventType"], event["json"]["Pony"])

        # The same document again: the server refuses, and the failure says so in every language alike.
        try:
            polywire.call(
                MONGODB, "command", database="test", name="insert",
                arguments={"insert": "planets", "documents": documents[:1]})
        except PolywireError as failure:
            print("failure", failure.code, failure.name, "retryable:", failure.retryable)
            print("server said", failure.server["writeErrors"][0]["codeName"])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
