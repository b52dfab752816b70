#!/usr/bin/env python3
"""A client of Polywire's TCP bridge in one file, standard library only.

    with Polywire() as polywire:
        polywire.call("polywire.mongodb", "command", database="test", name="ping", arguments={"ping": 1})
        for document in polywire.stream("polywire.mongodb", "open", database="test", name="find", arguments={"find": "c"}):
            ...

As a program: python3 polywire.py ADDRESS ACTION JSON
"""

import itertools
import json
import socket
import struct
import sys

TIMEOUT = 4408


class PolywireError(Exception):
    """A typed failure. Its code and name are the same in every language."""

    def __init__(self, frame):
        info = frame.get("debugInfo") or {}
        self.code = frame.get("failureCode")
        self.name = info.get("name", "INTERNAL")
        self.retryable = info.get("retryable", False)
        self.may_have_executed = info.get("mayHaveExecuted", True)
        self.server = info.get("server")
        super().__init__(f"{self.code} {self.name}: {frame.get('message')}")


class Polywire:
    """One connection to the bridge; calls are made one after the other."""

    def __init__(self, host="127.0.0.1", port=7000, timeout=25.0):
        """timeout: seconds each call may take, from its sending to its answer."""
        self._timeout = timeout
        self._numbers = itertools.count(1)
        self._socket = socket.create_connection((host, port), timeout=10)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def call(self, address, action, **arguments):
        """Sends one request and gives its answer, or raises PolywireError."""
        return self._call(address, action, arguments, self._timeout)

    def stream(self, address, action, max=256, **arguments):
        """Opens a stream and gives its items one by one; leaving the loop early closes it."""
        handle = self.call(address, action, **arguments)
        try:
            for batch in itertools.count(1):
                answer = {"items": [], "done": False}
                while not answer["items"] and not answer["done"]:
                    answer = self._next(handle, batch, max)
                yield from answer["items"]
                if answer["done"]:
                    return
        finally:
            self.call(handle["address"], "close", id=handle["id"])

    def _next(self, handle, batch, max):
        question = {"id": handle["id"], "batch": batch, "max": max, "waitMillis": 1000}
        for last in (False, False, True):
            try:
                return self._call(handle["address"], "next", question, 3.0)
            except PolywireError as failure:
                # A lost reply: the same question gets the same answer.
                if failure.code != TIMEOUT or last:
                    raise

    def _call(self, address, action, arguments, timeout):
        reply_address = str(next(self._numbers))
        self._send({
            "type": "send",
            "address": address,
            "replyAddress": reply_address,
            "headers": {"action": action, "timeout": str(int(timeout * 1000))},
            "body": arguments,
        })
        # The bridge answers by the deadline; what it needs beyond that is the way back.
        self._socket.settimeout(timeout + 5)
        while True:
            frame = self._receive()
            if frame.get("address") != reply_address:
                if frame.get("type") == "err" and "address" not in frame:
                    raise PolywireError(frame)
                continue
            if frame["type"] == "err":
                raise PolywireError(frame)
            return frame.get("body")

    def _send(self, frame):
        payload = json.dumps(frame).encode()
        self._socket.sendall(struct.pack(">I", len(payload)) + payload)

    def _receive(self):
        (length,) = struct.unpack(">I", self._exactly(4))
        return json.loads(self._exactly(length))

    def _exactly(self, count):
        parts = bytearray()
        while len(parts) < count:
            part = self._socket.recv(count - len(parts))
            if not part:
                raise ConnectionError("the bridge closed the connection")
            parts += part
        return bytes(parts)


def main(arguments):
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    address, action, body = arguments
    with Polywire() as polywire:
        try:
            print(json.dumps(polywire.call(address, action, **json.loads(body)), indent=2))
            return 0
        except PolywireError as failure:
            print(failure, file=sys.stderr)
            return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
