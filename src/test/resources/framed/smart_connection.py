"""Smart Connection as its description has it: messages over asyncio's streams. It knows nothing of Polywire.

A frame is four bytes of length, big endian, and a payload, which is a pickle of Python's default protocol.
"""

import asyncio
import functools
import pickle
import struct

HEADER = struct.Struct(">I")


class Connection:
    def __init__(self, reader, writer, serializer=pickle.dumps, deserializer=pickle.loads):
        self.reader = reader
        self.writer = writer
        self.serializer = serializer
        self.deserializer = deserializer

    async def __aenter__(self):
        return self

    async def __aexit__(self, *failure):
        await self.close()

    def __aiter__(self):
        return self

    async def __anext__(self):
        end = object()
        message = await self.receive(end)
        if message is end:
            raise StopAsyncIteration
        return message

    async def receive(self, end_value=None):
        try:
            (length,) = HEADER.unpack(await self.reader.readexactly(HEADER.size))
        except asyncio.IncompleteReadError:
            return end_value
        return self.deserializer(await self.reader.readexactly(length))

    def send_no_wait(self, message):
        payload = self.serializer(message)
        self.writer.write(HEADER.pack(len(payload)) + payload)

    async def send(self, message):
        self.send_no_wait(message)
        await self.writer.drain()

    async def close(self):
        self.writer.close()
        await self.writer.wait_closed()


def wrap_server_connection_handler(handler):
    @functools.wraps(handler)
    async def handle(reader, writer):
        async with Connection(reader, writer) as connection:
            await handler(connection)

    return handle


def wrap_client_connection_handler(ends):
    return Connection(*ends)
