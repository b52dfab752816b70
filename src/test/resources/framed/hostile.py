"""Sends pickles that name something to be called where they are loaded: it is always `builtins.len`.

    python3 hostile.py PORT     prints how many it sent
    python3 hostile.py load     loads one itself and prints what came of it, to show that something is called
"""

import pickle
import socket
import struct
import sys

TEXT = "abc"


class Named:
    """Pickled as a call of len, and perhaps a state for what that gives."""

    def __init__(self, *state):
        self.state = state

    def __reduce__(self):
        return (len, (TEXT,), *self.state)


def dumped(value, protocol):
    """Without the names of Python 2, which protocols 0 to 2 would have otherwise."""
    return pickle.dumps(value, protocol, fix_imports=False)


def made():
    """By CPython, in every protocol that it has; in a container, as a key, and with a state."""
    for protocol in range(6):
        for value in (Named(), [1, Named()], {"a": (Named(),)}):
            yield dumped(value, protocol)
        if protocol >= 2:
            yield dumped(Named(Named()), protocol)


def by_hand():
    """Opcode for opcode, so that each way of naming and calling is there behind each PROTO."""
    text = TEXT.encode()
    argument = b"X" + struct.pack("<I", len(text)) + text
    for protocol in (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"):
        yield protocol + b"cbuiltins\nlen\n" + argument + b"\x85R."
        yield protocol + b"(ibuiltins\nlen\n" + b"."
        yield protocol + b"(" + argument + b"ibuiltins\nlen\n."
        yield protocol + b"(cbuiltins\nlen\n" + argument + b"o."
        yield protocol + b"\x8c\x08builtins\x8c\x03len\x93" + argument + b"\x85R."
        yield protocol + b"cbuiltins\nlen\n" + argument + b"\x85\x81."
        yield protocol + b"cbuiltins\nlen\n" + argument + b"\x85}\x92."
        yield protocol + b"N" + argument + b"b."
        yield protocol + b"]" + b"cbuiltins\nlen\n" + argument + b"\x85Ra."
        yield protocol + b"Pname\n."
        yield protocol + argument + b"Q."
        yield protocol + b"\x82\x01."


def main(target):
    payloads = [*made(), *by_hand()]
    if target == "load":
        print(pickle.loads(payloads[0]))
        return
    with socket.create_connection(("127.0.0.1", int(target))) as peer:
        for payload in payloads:
            peer.sendall(struct.pack(">I", len(payload)) + payload)
        goodbye = pickle.dumps("goes on")
        peer.sendall(struct.pack(">I", len(goodbye)) + goodbye)
        print(len(payloads), flush=True)
        sys.stdin.read()


main(*sys.argv[1:])
