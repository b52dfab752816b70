"""A relay in front of a server, which knows MongoDB's message header and keeps books of what passes."""

import contextlib
import re
import socket
import struct
import threading

OP_MSG, OP_QUERY, OP_COMPRESSED = 2013, 2004, 2012
MORE_TO_COME = 1 << 1
HELLO = ("hello", "ismaster", "isMaster")


class Connection:
    """One connection; both sides' messages are taken under the lock of its books."""

    def __init__(self):
        self.rest = {True: b"", False: b""}
        self.ended = {True: "open", False: "open"}
        #: The names of requests without an answer, by their id; compressed ones have none.
        self.waiting = {}
        #: The id that the next answer without a request answers.
        self.streaming = None
        self.messages = 0
        self.streamed = 0
        self.compressors = {True: set(), False: set()}
        self.mechanisms = set()
        self.commands = []
        self.wrong = []

    def take(self, by_client, some):
        stream = self.rest[by_client] + some
        while len(stream) >= 16 and len(stream) >= struct.unpack_from("<i", stream)[0]:
            length = max(16, struct.unpack_from("<i", stream)[0])
            self.message(by_client, stream[:length])
            stream = stream[length:]
        self.rest[by_client] = stream

    def message(self, by_client, message):
        _, request, response_to, op_code = struct.unpack_from("<iiii", message)
        self.messages += 1
        flags = struct.unpack_from("<I", message, 16)[0] if op_code == OP_MSG else 0
        if op_code == OP_COMPRESSED:
            self.compressors[by_client].add(message[24])
        if by_client:
            self.requested(request, op_code, flags, message)
        elif response_to == self.streaming or response_to in self.waiting:
            self.waiting.pop(response_to, None)
            self.streaming = request if flags & MORE_TO_COME else None
            self.streamed += self.streaming is not None
        else:
            self.wrong.append(f"an answer to {response_to}, which nobody has asked")

    def requested(self, request, op_code, flags, message):
        name = named(op_code, message)
        self.commands.append(name)
        if b"saslStart" in message:
            self.mechanisms |= set(re.findall(rb"SCRAM-SHA-[0-9]+", message))
        if request in self.waiting:
            self.wrong.append(f"{request} asked twice")
        if not flags & MORE_TO_COME:
            self.waiting[request] = name

    def mistakes(self):
        """What does not balance, once both sides have closed."""
        yield from self.wrong
        for by_client, who in ((True, "client"), (False, "server")):
            # Whoever waits for a change may leave when one is on its way.
            leaves = by_client and self.streamed and set(self.commands) <= set(HELLO)
            if self.ended[by_client] != "closed" and not (leaves and self.ended[by_client] == "reset"):
                yield f"{self.ended[by_client]} by the {who} (expected: closed)"
            if self.rest[by_client]:
                yield f"{len(self.rest[by_client])} bytes of the {who} are no message"
        unanswered = [name for name in self.waiting.values() if name not in HELLO]
        # Node's farewell wants no answer; of a compressed one the flags are not seen here.
        if unanswered and (unanswered != [""] or self.commands[-1] != ""):
            yield f"not answered: {unanswered}"


def named(op_code, message):
    """The command's name; empty when it is compressed."""
    if op_code == OP_MSG:
        start = 16 + 4 + 1 + 5
    elif op_code == OP_QUERY:
        start = message.index(0, 20) + 1 + 8 + 5
    else:
        return ""
    return message[start:message.index(0, start)].decode()


class Relay:
    """Takes connections for a server's port until it is closed; its books are those of one driver."""

    def __init__(self, target):
        self.target = target
        self.lock = threading.Lock()
        self.connections = []
        self.pumps = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listening.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            connection = Connection()
            with self.lock:
                self.connections.append(connection)
                for by_client, source, sink in ((True, client, server), (False, server, client)):
                    pump = threading.Thread(target=self.pump, args=(connection, by_client, source, sink), daemon=True)
                    self.pumps.append(pump)
                    pump.start()

    def pump(self, connection, by_client, source, sink):
        """Who has gone hears no more; the other is heard to its end."""
        end = "closed"
        try:
            while some := source.recv(65536):
                with self.lock:
                    connection.take(by_client, some)
                with contextlib.suppress(OSError):
                    sink.sendall(some)
        except OSError:
            end = "reset"
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
        with self.lock:
            connection.ended[by_client] = end

    def close(self, seconds):
        """Waits until all connections have ended on both sides. @return what does not balance"""
        self.listening.close()
        for pump in self.pumps:
            pump.join(seconds)
        with self.lock:
            return [f"connection {i + 1}: {each}" for i, one in enumerate(self.connections) for each in one.mistakes()]

    def all(self, of):
        """One field of all connections."""
        return [of(each) for each in self.connections]
