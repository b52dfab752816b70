#!/usr/bin/env python3
"""A procedure far away, through Polywire's bridge: a server that reads requests from a queue, and a client that waits for its
reply.

Start Polywire first (run --conf conf/tutorial.json), then: python3 examples/python/amqp_rpc.py [port of the bridge]
"""

import sys
import threading

from polywire import Polywire

AMQP = "polywire.amqp"


def main(port=7000):
    with Polywire(port=port) as polywire:
        polywire.call(AMQP, "queueDeclare", queue="rpc_queue", options={"autoDelete": True})
        server = threading.Thread(target=serve_one, args=(port,))
        server.start()

        print("[x] Requesting fib(30)")
        reply = polywire.call(AMQP, "request", message={"routingKey": "rpc_queue", "text": "30"})
        print(f"[.] Got {reply['text']}")

        server.join()


def serve_one(port):
    with Polywire(port=port) as polywire:
        requests = polywire.stream(AMQP, "consume", queue="rpc_queue", options={"prefetchCount": 1}, max=1)
        for request in requests:
            n = int(request["text"])
            print(f"[.] fib({n})", flush=True)
            asked = request["properties"]
            answer = {"correlationId": asked["correlationId"]}
            polywire.call(
                AMQP,
                "publish",
                message={"routingKey": asked["replyTo"], "text": str(fib(n)), "properties": answer},
            )
            requests.settle(ack=requests.number)
            return


def fib(n):
    before, last = 0, 1
    for _ in range(n):
        before, last = last, before + last
    return before


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
