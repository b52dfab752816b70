#!/usr/bin/env python3
"""Work for two, through Polywire's bridge: tasks that survive a broker's restart, one at a time for each worker, and what a
worker leaves undone is done by the other.

Start Polywire first (run --conf conf/tutorial.json), then: python3 examples/python/amqp_work_queue.py [port of the bridge]
"""

import sys

from polywire import Polywire

AMQP = "polywire.amqp"
ONE_AT_A_TIME = {"prefetchCount": 1}


def main(port=7000):
    with Polywire(port=port) as polywire:
        polywire.call(AMQP, "queueDeclare", queue="task_queue", options={"durable": True, "autoDelete": True})

        for task in ("First.", "Second..", "Third..."):
            message = {"routingKey": "task_queue", "text": task, "properties": {"deliveryMode": 2}}
            polywire.call(AMQP, "publish", message=message)
            print(f"[x] Sent '{task}'")

        first = polywire.stream(AMQP, "consume", queue="task_queue", options=ONE_AT_A_TIME, max=1)
        print(f"[1] Received '{next(first)['text']}'")

        second = polywire.stream(AMQP, "consume", queue="task_queue", options=ONE_AT_A_TIME, max=1)
        print(f"[2] Received '{next(second)['text']}'")

        # It goes without a word: its task is for the other.
        first.close()
        print("[1] Gone")
        second.settle(ack=second.number)
        print("[2] Done")

        again = next(second)
        print(f"[2] Received '{again['text']}'{' again' if again['redelivered'] else ''}")
        second.settle(ack=second.number)
        print(f"[2] Received '{next(second)['text']}'")
        second.settle(ack=second.number)
        second.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
