#!/usr/bin/env python3
"""By pattern, through Polywire's bridge: an exchange that matches routing keys word by word.

Start Polywire first (run --conf conf/tutorial.json), then: python3 examples/python/amqp_topic.py [port of the bridge]
"""

import sys

from polywire import Polywire

AMQP = "polywire.amqp"


def main(port=7000):
    with Polywire(port=port) as polywire:
        polywire.call(AMQP, "exchangeDeclare", exchange="topic_logs", type="topic")
        kernel = reader(polywire, "kern.*")
        critical = reader(polywire, "*.critical")

        for key in ("kern.critical", "kern.info", "cron.critical", "cron.info"):
            polywire.call(AMQP, "publish", message={"exchange": "topic_logs", "routingKey": key, "text": f"a {key}"})

        show("kern.*", kernel, 2)
        show("*.critical", critical, 2)

        polywire.call(AMQP, "exchangeDelete", exchange="topic_logs")


def reader(polywire, pattern):
    queue = polywire.call(AMQP, "queueDeclare", queue="")["queue"]
    polywire.call(AMQP, "queueBind", queue=queue, exchange="topic_logs", routingKey=pattern)
    return polywire.stream(AMQP, "consume", queue=queue)


def show(name, messages, count):
    for message in messages:
        print(f"[{name}] {message['routingKey']}")
        if messages.number == count:
            messages.settle(ack=messages.number, up_to=True)
            return


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
