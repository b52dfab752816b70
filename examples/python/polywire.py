#!/usr/bin/env python3
"""A client of Polywire's TCP bridge in one file, standard library only.

    with Polywire(token="...") as polywire:
        polywire.call("polywire.mongodb", "command", database="test", name="ping", arguments={"ping": 1})
        for document in polywire.stream("polywire.mongodb", "open", database="test", name="find", arguments={"find": "c"}):
            ...
        polywire.publish("news", text="hello")
        for event in polywire.listen("polywire.mongodb.events"):
            ...
        messages = polywire.stream("polywire.amqp", "consume", queue="tasks")
        for message in messages:
            messages.settle(ack=messages.number)

A client can be called, too, if the bridge lets it serve the address:

    with Polywire(token="...") as polywire:
        polywire.serve("greetings", lambda action, arguments: {"text": "hello " + arguments["name"]})
        polywire.serve_stream("rows", lambda count: ({"n": n} for n in range(count)))
        polywire.run()

As a program: python3 polywire.py ADDRESS ACTION JSON [port of the bridge]
"""

import collections
import itertools
import json
import socket
import struct
import sys
import time
import uuid

BAD_REQUEST, NOT_FOUND, TIMEOUT, LIMIT_EXCEEDED, OVERLOADED, INTERNAL = 4400, 4404, 4408, 4413, 4429, 4500

# The bridge closes who says nothing for a minute.
PING_SECONDS = 20


class PolywireError(Exception):
    """A typed failure. Its code and name are the same in every language."""

    def __init__(self, frame):
        info = frame.get("debugInfo") or {}
        self.code = frame.get("failureCode")
        self.name = info.get("name", "INTERNAL")
        self.retryable = info.get("retryable", False)
        self.may_have_executed = info.get("mayHaveExecuted", True)
        self.server = info.get("server")
        detail = f" ({info['detail']})" if info.get("detail") else ""
        super().__init__(f"{self.code} {self.name}: {frame.get('message')}{detail}")


class Failure(Exception):
    """What a handler raises to answer with a failure of the table."""

    def __init__(self, code, message, server=None):
        """server: what the protocol behind the handler says of it, {"code": ..., "message": ...} for one."""
        self.code = code
        self.debug_info = {} if server is None else {"server": server}
        super().__init__(message)


class Polywire:
    """One connection to the bridge, for one thread; calls are made one after the other."""

    def __init__(self, host="127.0.0.1", port=7000, timeout=25.0, token=None, tls=None):
        """timeout: seconds each call may take, from its sending to its answer; tls: an ssl.SSLContext."""
        self._timeout = timeout
        self._numbers = itertools.count(1)
        self._buffer = bytearray()
        self._later = collections.deque()
        self._handlers = {}
        self._socket = socket.create_connection((host, port), timeout=10)
        if tls is not None:
            self._socket = tls.wrap_socket(self._socket, server_hostname=host)
        if token is not None:
            self._send({"type": "auth", "token": token})
            self._await(lambda frame: frame["type"] == "auth", timeout)
        elif tls is not None:
            # With TLS 1.3 a bridge that does not accept our certificate says so only now, and not to a call.
            self._send({"type": "ping"})
            self._await(lambda frame: frame["type"] == "pong", timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    # Asking

    def call(self, address, action, /, **arguments):
        """Sends one request and gives its answer, or raises PolywireError."""
        return self._call(address, action, arguments, self._timeout)

    def stream(self, address, action, /, max=256, **arguments):
        """Opens a stream, whose items come one by one in a loop; it is closed at its end, or when nobody has it any more."""
        return Pulled(self, self.call(address, action, **arguments), max)

    def _call(self, address, action, arguments, timeout):
        headers = {"action": action, "timeout": str(int(timeout * 1000))}
        frame = {"type": "send", "address": address, "headers": headers, "body": arguments}
        # The bridge answers by the deadline; what it needs beyond that is the way back.
        return self._ask(frame, timeout + 5).get("body")

    # Publishing and listening

    def publish(self, address, /, action=None, **body):
        """Tells all who listen at the address."""
        headers = {} if action is None else {"action": action}
        self._send({"type": "publish", "address": address, "headers": headers, "body": body})

    def listen(self, address):
        """Gives the bodies of what is published at the address, one by one, for ever."""
        self._ask({"type": "register", "address": address}, self._timeout)
        while True:
            yield self._await(lambda frame: frame.get("address") == address and not frame.get("send")).get("body")

    # Serving

    def serve(self, address, handler):
        """From now on run() answers requests to the address with what handler(action, arguments) returns."""
        self._handlers[address] = handler
        self._ask({"type": "register", "address": address}, self._timeout)

    def serve_stream(self, address, open, **limits):
        """From now on run() serves streams: open(**arguments) makes the generator of one; limits as in Streams."""
        # The room first, so that no handle is given out before its address is known.
        self.serve(address, self.room(address, **limits).opening(open))

    def room(self, address, **limits):
        """A place for streams of a service at the address; limits as in Streams."""
        streams = Streams(f"{address}.streams.{uuid.uuid4()}", **limits)
        self.serve(streams.room, streams.in_room)
        return streams

    def run(self):
        """Answers requests until the bridge closes the connection."""
        while True:
            try:
                request = self._await(lambda frame: frame.get("address") in self._handlers)
            except PolywireError as refused:
                # An answer that came too late, most often.
                print(refused, file=sys.stderr)
            else:
                self._answer(request, self._handlers[request["address"]])

    def _answer(self, request, handler):
        to = {"address": request.get("replyAddress")}
        try:
            body = handler(request["headers"].get("action"), request.get("body") or {})
            answer = encoded({"type": "send", "body": body, **to})
        except Failure as failure:
            info = {"failureCode": failure.code, "message": str(failure), "debugInfo": failure.debug_info}
            answer = encoded({"type": "err", **info, **to})
        except Exception as bug:
            print(f"{request['address']}: {bug!r}", file=sys.stderr)
            answer = encoded({"type": "err", "failureCode": INTERNAL, "message": "internal error", **to})
        if "replyAddress" in request:
            self._write(answer)

    # Frames: four bytes of length, and that much JSON

    def _ask(self, frame, timeout):
        reply_address = str(next(self._numbers))
        self._send({**frame, "replyAddress": reply_address})
        return self._await(lambda answer: answer.get("address") == reply_address, timeout)

    def _await(self, wanted, timeout=None):
        """The next frame that is wanted; others wait, and an err that answers nothing is raised."""
        for frame in list(self._later):
            if wanted(frame):
                self._later.remove(frame)
                return self._checked(frame)
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            frame = self._receive(deadline)
            if wanted(frame) or frame["type"] == "err" and "address" not in frame:
                return self._checked(frame)
            if frame["type"] != "pong":
                self._later.append(frame)

    @staticmethod
    def _checked(frame):
        if frame["type"] == "err":
            raise PolywireError(frame)
        return frame

    def _send(self, frame):
        self._write(encoded(frame))

    def _write(self, payload):
        self._socket.settimeout(self._timeout)
        self._spoke = time.monotonic()
        try:
            self._socket.sendall(struct.pack(">I", len(payload)) + payload)
        except socket.timeout:
            raise
        except OSError:
            # The bridge may have said why it closed, OVERLOADED for one: that is raised, else the end of the connection.
            self._await(lambda frame: False, self._timeout)

    def _receive(self, deadline):
        while True:
            # Also while frames arrive: the bridge closes a connection that says nothing.
            if time.monotonic() - self._spoke >= PING_SECONDS:
                self._send({"type": "ping"})
            if len(self._buffer) >= 4:
                (length,) = struct.unpack_from(">I", self._buffer)
                if len(self._buffer) >= 4 + length:
                    frame = json.loads(self._buffer[4:4 + length])
                    del self._buffer[:4 + length]
                    return frame
            now = time.monotonic()
            wait = self._spoke + PING_SECONDS - now
            wait = wait if deadline is None else min(wait, deadline - now)
            if wait <= 0:
                raise TimeoutError("no answer from the bridge")
            self._socket.settimeout(wait)
            try:
                part = self._socket.recv(65536)
            except socket.timeout:
                continue
            if not part:
                raise ConnectionError("the bridge closed the connection")
            self._buffer += part


class Pulled:
    """A stream of somebody else's, read batch by batch."""

    def __init__(self, polywire, handle, max):
        self.handle = handle
        # Of the item that was given last; the first one's is 1.
        self.number = 0
        # Where a new stream goes on so that no item is missed, if the protocol knows such a place; items of a batch that
        # was not given whole come again.
        self.resume = None
        self._polywire = polywire
        self._max = max
        self._batch = 1
        self._items = collections.deque()
        self._behind = None
        self._done = False
        self._open = True

    def __iter__(self):
        return self

    def __next__(self):
        while not self._items:
            if self._done or not self._open:
                self.close()
                raise StopIteration
            answer = self._again("next", batch=self._batch, max=self._max, waitMillis=1000)
            self._items.extend(answer["items"])
            self._batch += 1 if answer["items"] else 0
            self._done = answer["done"]
            self._behind = answer.get("resume") or self._behind
            self._given()
        self.number += 1
        item = self._items.popleft()
        self._given()
        return item

    def _given(self):
        if not self._items:
            self.resume = self._behind

    def __del__(self):
        try:
            self.close()
        except (OSError, PolywireError):
            # The connection is closed, and the stream with it.
            pass

    def settle(self, ack=(), nack=(), reject=(), **options):
        """Says what became of items, by number, one or many: dealt with, to be given again, or given for the last time.

        With up_to=True all before it are meant, too; with requeue it is said whether they come again.
        """
        said = {"ack": listed(ack), "nack": listed(nack), "reject": listed(reject)}
        if "up_to" in options:
            options["upTo"] = options.pop("up_to")
        return self._again("settle", options=options, **said)["settled"]

    def close(self):
        """What is not settled goes back."""
        if self._open:
            self._open = False
            self._polywire.call(self.handle["address"], "close", id=self.handle["id"])

    def _again(self, action, **question):
        """A lost reply: the same question gets the same answer. After a lease without any the stream is gone."""
        repeats = self.handle.get("leaseMillis", 30_000) // 3_000 + 1
        for left in range(repeats, -1, -1):
            try:
                return self._polywire._call(self.handle["address"], action, {"id": self.handle["id"], **question}, 3.0)
            except PolywireError as failure:
                if failure.code != TIMEOUT or not left:
                    raise


def listed(items):
    return [items] if isinstance(items, int) else list(items)


def encoded(value):
    """JSON in UTF-8; what it cannot say, a NaN too, is an error here and not at the other end."""
    return json.dumps(value, allow_nan=False).encode()


class Streams:
    """Streams out of generators, which are asked for no more than their readers ask for.

    Batches are numbered from 1; the two newest are kept, so the same question gets the same answer.
    """

    # With what is around it, a batch has to fit into one frame of the bridge.
    MAX_BATCH_BYTES = 512 * 1024

    def __init__(self, room, lease=30.0, max_streams=100):
        """lease: seconds after which a stream is closed that nobody asks for."""
        self.room = room
        self._lease = lease
        self._max_streams = max_streams
        self._streams = {}

    def opening(self, open):
        """A handler whose action open opens what open(**arguments) generates."""

        def handler(action, arguments):
            if action != "open":
                raise Failure(BAD_REQUEST, "action: unknown (expected: open)")
            self.admit()
            try:
                items = open(**arguments)
            except TypeError as misfit:
                raise Failure(BAD_REQUEST, str(misfit))
            return self.add(items)

        return handler

    def admit(self):
        """Raises a failure when no further stream may be opened."""
        self._lapse()
        if len(self._streams) >= self._max_streams:
            raise Failure(OVERLOADED, f"streams: {len(self._streams)} (expected: < {self._max_streams})")

    def add(self, items):
        """Opens a stream of these items. Returns its handle."""
        self.admit()
        handle = uuid.uuid4().hex
        self._streams[handle] = Stream(iter(items))
        return {"address": self.room, "id": handle, "leaseMillis": int(self._lease * 1000)}

    def in_room(self, action, arguments):
        self._lapse()
        stream = self._streams.get(arguments.get("id"))
        if action == "close":
            if stream is not None:
                stream.close()
                del self._streams[arguments["id"]]
            return None
        if action != "next":
            raise Failure(BAD_REQUEST, "action: unknown (expected: next or close)")
        if stream is None:
            raise Failure(NOT_FOUND, "id: no such stream (closed, or its lease lapsed)")
        stream.used = time.monotonic()
        return stream.next(number(arguments, "batch", 1, 2**63), number(arguments, "max", 0, 10_000), self.MAX_BATCH_BYTES)

    def _lapse(self):
        now = time.monotonic()
        for handle, stream in list(self._streams.items()):
            if now - stream.used > self._lease:
                stream.close()
                del self._streams[handle]


def number(arguments, name, least, most):
    value = arguments.get(name)
    if not isinstance(value, int) or not least <= value <= most:
        raise Failure(BAD_REQUEST, f"{name}: not a number in range (expected: {least} to {most})")
    return value


class Stream:
    """One open stream."""

    def __init__(self, items):
        self.used = time.monotonic()
        self._items = items
        self._kept = {}
        self._produced = 0
        self._done = False
        self._failure = None
        self._waiting = []

    def next(self, batch, max, max_bytes):
        if max == 0:
            return {"batch": batch, "items": [], "done": False}
        if batch not in self._kept and not self._produced < batch <= self._produced + 2:
            raise Failure(BAD_REQUEST, f"batch: {batch} (expected: {self._produced + 1} or {self._produced + 2})")
        while self._produced < batch and not self._done:
            self._produce(max, max_bytes)
        return self._kept.get(batch, {"batch": batch, "items": [], "done": True})

    def close(self):
        self._done = True
        if hasattr(self._items, "close"):
            self._items.close()

    def _produce(self, max, max_bytes):
        if self._failure is not None:
            raise self._failure
        items, size = [], 0
        while len(items) < max and not self._done:
            try:
                item = self._waiting.pop() if self._waiting else next(self._items)
                item_bytes = len(encoded(item))
            except StopIteration:
                self._done = True
                break
            except Exception as failure:
                self._failure = failure
                break
            if item_bytes > max_bytes:
                self._failure = Failure(LIMIT_EXCEEDED, f"item: {item_bytes} bytes (expected: <= {max_bytes})")
                break
            if size + item_bytes > max_bytes:
                self._waiting.append(item)
                break
            items.append(item)
            size += item_bytes
        if items:
            self._produced += 1
            self._kept[self._produced] = {"batch": self._produced, "items": items, "done": self._done}
            self._kept.pop(self._produced - 2, None)
        elif self._failure is not None:
            raise self._failure


def main(arguments):
    if len(arguments) not in (3, 4):
        print(__doc__, file=sys.stderr)
        return 2
    address, action, body = arguments[:3]
    try:
        with Polywire(port=int(*arguments[3:] or [7000])) as polywire:
            print(json.dumps(polywire.call(address, action, **json.loads(body)), indent=2))
            return 0
    except (PolywireError, OSError) as failure:
        print(failure, file=sys.stderr)
        return 1
    except ValueError as malformed:
        print(f"JSON or port: {malformed}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
