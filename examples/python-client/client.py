"""A chat client from docs/protocol.md alone: prints one channel in order and without gaps, and sends what is typed.

Names such as LOG-5 are the rules of that page. Needs Python 3.10 or newer and the package `websockets`.
"""

import asyncio
import json
import os
import random
import sys
import threading
import uuid

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

URL, HEADERS = os.environ["PARLEY_URL"], {"Authorization": f"Bearer {os.environ['PARLEY_TOKEN']}"}  # CONN-1
CHANNEL = {"conversationId": os.environ.get("PARLEY_CONVERSATION", "general")}


class Client:
    user = epoch = position = None  # everything up to `position` is printed

    def __init__(self):
        self.ahead, self.outbox = {}, {}  # entries in front of which some are missing; what the log does not show yet
        self.wake = asyncio.Event()

    async def run(self):
        failures = 0
        while True:
            try:
                async with connect(URL, additional_headers=HEADERS) as self.socket:
                    self.ahead, self.replies, reading = {}, {}, asyncio.create_task(self.read())
                    self.user = (await self.ask("ping"))["userId"]  # CONN-4: the hello
                    failures = 0
                    await self.join()
                    while not reading.done():
                        await self.work()
            except (OSError, asyncio.TimeoutError, WebSocketException) as error:
                print(f"disconnected: {error!r}", file=sys.stderr, flush=True)
            failures += 1
            await asyncio.sleep(random.uniform(1, min(30, 2**failures)))  # CONN-6

    async def read(self):
        try:
            async for text in self.socket:
                frame = json.loads(text)
                for each in frame["data"]["frames"] if frame.get("event") == "batch" else [frame]:  # ENV-6
                    self.receive(each.get("event"), each.get("requestId"), each.get("data", {}))
        except WebSocketException:
            pass  # Cut off; nobody answers any more.
        for reply in self.replies.values():
            reply.cancelled() or reply.set_exception(ConnectionError("the connection was lost"))
        self.wake.set()

    def receive(self, event, request_id, data):
        if reply := self.replies.pop(request_id, None):
            reply.cancelled() or reply.set_result((event, data))
        elif event == "closing" and not data["reconnect"]:
            raise SystemExit(f"closed by the server: {data['reason']}")  # CONN-6
        elif data.get("conversationId") == CHANNEL["conversationId"] and "seq" in data:
            self.enter(data)
            if self.ahead:
                asyncio.get_running_loop().call_later(1.5 + random.random(), self.wake.set)  # LOG-5

    async def ask(self, action, **fields):
        request_id = str(uuid.uuid4())
        reply = self.replies[request_id] = asyncio.get_running_loop().create_future()
        await self.socket.send(json.dumps({"action": action, "requestId": request_id, **fields}))
        event, data = await asyncio.wait_for(reply, 10)  # ENV-4
        if event == "error":
            raise ConnectionError(data["message"])  # tried again after a pause, from the start
        return data

    async def join(self):
        page = await self.ask("join", **CHANNEL)  # JOIN-1: the newest entries
        if page["conversation"]["epoch"] != self.epoch:  # at first; or the log comes from a backup (LOG-6)
            self.epoch = page["conversation"]["epoch"]
            self.position = page["entries"][0]["data"]["seq"] - 1 if page["entries"] else page["head"]
        for entry in page["entries"]:
            self.enter(entry["data"])

    async def work(self):
        if self.ahead:
            await self.catch_up()
        for message_id, text in list(self.outbox.items()):  # SEND-6: one after the other
            await self.send(message_id, text)
        try:
            await asyncio.wait_for(self.wake.wait(), 60)
            self.wake.clear()
        except asyncio.TimeoutError:
            pong = await self.ask("ping", positions=[{**CHANNEL, "seq": self.position}])  # CONN-4
            if pong["behind"]:
                await self.catch_up()

    async def catch_up(self):
        more = True
        while more:
            page = await self.ask("history", **CHANNEL, after=self.position)  # PAGE-1
            for entry in page["entries"]:
                self.enter(entry["data"])
            more = page["hasMore"]

    async def send(self, message_id, text):
        """One try. If its answer is lost, the next one finds the message by its id (SEND-3, SEND-4)."""
        message = {"content": text, "clientMessageId": message_id, "after": self.position}
        reply = await self.ask("send-message", **CHANNEL, **message)
        if "seq" in reply:
            return self.enter(reply)  # LOG-3
        self.wake.set()  # to try again
        if reply["code"] == "behind":
            await self.catch_up()
        elif reply["retryable"]:
            await asyncio.sleep(reply.get("retryAfterMs", 1000) / 1000)
        else:
            print(f"not sent: {reply['message']}", file=sys.stderr, flush=True)
            del self.outbox[message_id]

    def enter(self, entry):
        """Takes entries from replies, pushes and pages, in any order and more than once; prints each once, in order."""
        if entry.get("senderId") == self.user:
            self.outbox.pop(entry.get("clientMessageId"), None)
        if self.position is None or entry["seq"] > self.position:
            self.ahead[entry["seq"]] = entry
        while self.position is not None and self.position + 1 in self.ahead:
            self.position += 1
            entry = self.ahead.pop(self.position)
            if "senderId" in entry:
                print(f"{entry['seq']} {entry['senderId']}: {entry.get('content', '(deleted)')}", flush=True)


async def main():
    client, loop = Client(), asyncio.get_running_loop()

    def write(text):
        client.outbox[str(uuid.uuid4())] = text
        client.wake.set()

    def read_lines():
        for line in sys.stdin:
            loop.call_soon_threadsafe(write, line.rstrip("\n"))

    threading.Thread(target=read_lines, daemon=True).start()
    await client.run()


asyncio.run(main())
