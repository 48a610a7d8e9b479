"""The seeds' Python client, on the `websockets` package: python3 follow.py URL TOKEN [SESSION_ID]

Prints every message it gets; subscribes to the given session, or to each one that starts.
"""

import asyncio
import json
import sys

import websockets


async def follow(url, token, session=None):
    async with websockets.connect(url) as socket:
        await socket.send(json.dumps({"type": "auth", "token": token}))
        async for text in socket:
            print(text, flush=True)
            message = json.loads(text)
            if message["type"] == "auth_success" and session:
                await socket.send(json.dumps({"type": "subscribe", "sessionId": int(session)}))
            elif message["type"] == "session.started":
                started = message["data"]["session"]["id"]
                await socket.send(json.dumps({"type": "subscribe", "sessionId": started}))
            elif message["type"] == "session.ended":
                return


asyncio.run(follow(*sys.argv[1:]))
