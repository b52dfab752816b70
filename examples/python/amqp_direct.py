#!/usr/bin/env python3
"""By severity, through Polywire's bridge: an exchange that compares routing keys.

Start Polywire first (run --conf conf/tutorial.json), then: python3 examples/python/amqp_direct.py [port of the bridge]
"""

import sys

from polywire import Polywire

AMQP = "polywire.amqp"


def main(port=7000):
    with Polywire(port=port) as polywire:
        polywire.call(AMQP, "exchangeDeclare", exchange="direct_logs", type="direct")
        everything = reader(polywire, "info", "warning", "error")
        errors = reader(polywire, "error")

        for severity in ("info", "warning", "error"):
            message = {"exchange": "direct_logs", "routingKey": severity, "text": f"one {severity}"}
            polywire.call(AMQP, "publish", message=message)

        show("everything", everything, 3)
        show("errors", errors, 1)

        polywire.call(AMQP, "exchangeDelete", exchange="direct_logs")


def reader(polywire, *severities):
    queue = polywire.call(AMQP, "queueDeclare", queue="")["queue"]
    for severity in severities:
        polywire.call(AMQP, "queueBind", queue=queue, exchange="direct_logs", routingKey=severity)
    return polywire.stream(AMQP, "consume", queue=queue)


def show(name, messages, count):
    for message in messages:
        print(f"[{name}] {message['routingKey']}: {message['text']}")
        if messages.number == count:
            messages.settle(ack=messages.number, up_to=True)
            return


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
