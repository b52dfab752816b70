#!/usr/bin/env python3
"""Everything for everybody, through Polywire's bridge: an exchange that copies each message to all queues that are bound to it.

Start Polywire first (run --conf conf/tutorial.json), then: python3 examples/python/amqp_fanout.py [port of the bridge]
"""

import sys

from polywire import Polywire

AMQP = "polywire.amqp"


def main(port=7000):
    with Polywire(port=port) as polywire:
        polywire.call(AMQP, "exchangeDeclare", exchange="logs", type="fanout")
        readers = [reader(polywire), reader(polywire)]

        polywire.call(AMQP, "publish", message={"exchange": "logs", "text": "info: Hello World!"})
        print("[x] Sent 'info: Hello World!'")

        for number, messages in enumerate(readers, 1):
            print(f"[{number}] {next(messages)['text']}")
            messages.settle(ack=messages.number)
            messages.close()

        polywire.call(AMQP, "exchangeDelete", exchange="logs")


def reader(polywire):
    """Has a queue of its own, whose name the broker makes and which goes with the connection."""
    queue = polywire.call(AMQP, "queueDeclare", queue="")["queue"]
    polywire.call(AMQP, "queueBind", queue=queue, exchange="logs", routingKey="")
    return polywire.stream(AMQP, "consume", queue=queue)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
