"""Sends each of its arguments but the port as a message and prints what comes back."""

import asyncio
import sys

from smart_connection import wrap_client_connection_handler


async def main():
    connection_ends = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    async with wrap_client_connection_handler(connection_ends) as connection:
        for message in sys.argv[2:]:
            await connection.send(message)
            print(await connection.receive())


asyncio.run(main())
