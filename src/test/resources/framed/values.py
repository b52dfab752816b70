"""Values with CPython's own pickle and asyncio, as a client or a server.

    python3 values.py talk PORT PROTOCOL     sends every value, and wants each back, equal and of the same types
    python3 values.py serve                  prints its port, sends every value, and says which come back equal
    python3 values.py chunks PORT            1,000 picks of the seed's data and 100 floats, written in 1 to 10 bytes
"""

import asyncio
import functools
import pickle
import random
import sys

from smart_connection import HEADER, Connection

VALUES = [
    None, True, False, 0, 1, -1, 255, 256, 65535, 65536, -65536, 2**31 - 1, -(2**31), 2**31, 2**53, 2**53 + 1,
    2**63 - 1, -(2**63), 2**63, 2**64, 2**100, -(2**100), 10**999, -(10**999),
    0.0, -0.0, 1.5, -2.5e300, 5e-324, float("inf"), float("-inf"),
    "", "string", "häß☃ 😀", "\0", "x" * 70_000,
    [], [1, 2, 3], [[[]], [None]], list(range(2_500)),
    (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((), [()]),
    {}, {"key": "value"}, {"a": [1, {"b": (None, True)}], "c": 2.5}, {str(i): i for i in range(2_500)},
    {1: "a", (1, 2): None, 1.5: [], None: 0, True + 1: "b"}, {"$int": "5"}, {"": {"$dict": []}},
    ["shared"] * 3, [[1, 2]] * 3,
]
FROM_PROTOCOL_3 = [b"", b"\x00\xff", b"x" * 70_000, {b"key": b"value"}]
FROM_PROTOCOL_4 = [set(), {1}, {(1, "a"), None, b""}, {"nested": {1, 2, 3}}]
TEST_DATA = [1, "string", True, {"key": "value"}, [1, 2, 3], None, "another string", (1, 2, 3)]


def values(protocol):
    return VALUES + (FROM_PROTOCOL_3 if protocol > 2 else []) + (FROM_PROTOCOL_4 if protocol > 3 else [])


def same(a, b):
    """Equal, types and order included: 1, 1.0 and True are three things here, and so are 0.0 and -0.0."""
    if isinstance(a, set):
        return type(b) is set and a == b
    if isinstance(a, dict):
        return type(b) is dict and same(list(a.items()), list(b.items()))
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and repr(a) == repr(b)


async def exchange(connection, sent):
    """Says how many there are, sends all, reads all, and says what did not come back."""
    print(len(sent), flush=True)
    for value in sent:
        await connection.send(value)
    lost = []
    for value in sent:
        back = await connection.receive(end_value="nothing")
        if not same(value, back):
            lost.append((repr(value)[:60], repr(back)[:60]))
    print(f"{len(sent) - len(lost)} of {len(sent)}", *lost, flush=True)


async def talk(port, protocol):
    ends = await asyncio.open_connection("127.0.0.1", port)
    async with Connection(*ends, serializer=functools.partial(pickle.dumps, protocol=protocol)) as connection:
        await exchange(connection, values(protocol))


async def serve():
    done = asyncio.Event()

    async def handle(reader, writer):
        async with Connection(reader, writer) as connection:
            await exchange(connection, values(5))
        done.set()

    async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await done.wait()


async def chunks(port):
    random.seed(10)
    sent = [random.random() for _ in range(100)] + random.choices(TEST_DATA, k=1_000)
    print(len(sent), flush=True)
    frames = b"".join(HEADER.pack(len(p)) + p for p in map(pickle.dumps, sent))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    async with Connection(reader, writer) as connection:
        at = 0
        while at < len(frames):
            size = random.randint(1, 10)
            writer.write(frames[at : at + size])
            await writer.drain()
            at += size
        lost = [value for value in sent if not same(value, await connection.receive())]
        print(f"{len(sent) - len(lost)} of {len(sent)}", *lost, flush=True)


if sys.argv[1] == "talk":
    asyncio.run(talk(int(sys.argv[2]), int(sys.argv[3])))
elif sys.argv[1] == "serve":
    asyncio.run(serve())
else:
    asyncio.run(chunks(int(sys.argv[2])))
