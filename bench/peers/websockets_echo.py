"""An echo by Python's `websockets`, on the port that is the argument."""

import asyncio
import sys

import websockets


async def echo(ws, _path):
    async for message in ws:
        await ws.send(message)


async def main():
    async with websockets.serve(echo, "127.0.0.1", int(sys.argv[1]), compression=None):
        await asyncio.get_running_loop().create_future()


asyncio.run(main())
