#!/usr/bin/env python3
"""Hello World, through Polywire's bridge: a queue, a message, an acknowledgement.

Start Polywire first (run --conf conf/tutorial.json), then: python3 examples/python/amqp_hello.py [port of the bridge]
"""

import sys

from polywire import Polywire

AMQP = "polywire.amqp"


def main(port=7000):
    with Polywire(port=port) as polywire:
        polywire.call(AMQP, "queueDeclare", queue="hello", options={"autoDelete": True})

        # Through the exchange without a name: the routing key is the queue.
        polywire.call(AMQP, "publish", message={"routingKey": "hello", "text": "Hello World!"})
        print("[x] Sent 'Hello World!'")

        messages = polywire.stream(AMQP, "consume", queue="hello")
        for message in messages:
            print(f"[x] Received '{message['text']}'")
            messages.settle(ack=messages.number)
            break


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
