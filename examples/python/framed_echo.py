#!/usr/bin/env python3
"""Framed messages in Python, standard library only: four bytes of length, big endian, and as many of payload.

    python3 framed_echo.py serve PORT          an echo server; port 0: any; prints the one it has
    python3 framed_echo.py talk PORT TEXT...   sends each text, prints each answer
"""

import asyncio
import struct
import sys

HEADER = struct.Struct(">I")


def frame(text):
    payload = text.encode("utf-8")
    return HEADER.pack(len(payload)) + payload


async def receive(reader):
    """The next message, or None when the peer has closed between two of them."""
    try:
        header = await reader.readexactly(HEADER.size)
    except asyncio.IncompleteReadError as end:
        if end.partial:
            raise
        return None
    payload = await reader.readexactly(HEADER.unpack(header)[0])
    return payload.decode("utf-8")


async def echo(reader, writer):
    try:
        while (text := await receive(reader)) is not None:
            writer.write(frame("server replied: " + text))
            await writer.drain()
    finally:
        writer.close()


async def serve(port):
    server = await asyncio.start_server(echo, "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def talk(port, texts):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"".join(map(frame, texts)))
    for _ in texts:
        print(await receive(reader))
    writer.close()
    await writer.wait_closed()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    elif sys.argv[1] == "serve":
        asyncio.run(serve(int(sys.argv[2])))
    else:
        asyncio.run(talk(int(sys.argv[2]), sys.argv[3:]))
