"""A chat client from docs/protocol.md alone: prints a channel in order and without gaps, and sends what is typed."""

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
ROOM = {"conversationId": os.environ.get("PARLEY_CONVERSATION", "general")}


class Client:
    epoch = position = None  # everything up to `position` is printed
    live, busy = False, set()  # whether the room is joined; what waits for its answer: "history", or a message's id
    ahead, unsent = {}, {}  # entries in front of which some are missing; texts that are not seen in the log yet

    async def run(self):
        wait = 1
        while True:
            try:
                async with connect(URL, additional_headers=HEADERS) as self.socket:
                    await self.ask("join", **ROOM)
                    while True:
                        await self.read(json.loads(await self.next_text()))
                        wait = 1
            except (OSError, WebSocketException) as error:
                print(f"disconnected: {error!r}", file=sys.stderr, flush=True)
            self.live, self.busy = False, set()
            wait = min(30, wait * 2)
            await asyncio.sleep(random.uniform(1, wait))  # CONN-6

    async def next_text(self):
        for patience in (60, 10):  # idle: is anything behind, and is anybody there? (CONN-4, ENV-4)
            try:
                return await asyncio.wait_for(self.socket.recv(), patience)
            except asyncio.TimeoutError:
                await self.ask("ping", positions=[{**ROOM, "seq": self.position or 0}])
        raise ConnectionError("no answer")

    async def ask(self, action, **fields):
        await self.socket.send(json.dumps({"action": action, "requestId": str(uuid.uuid4()), **fields}))

    async def read(self, frame):
        for each in frame["data"]["frames"] if frame.get("event") == "batch" else [frame]:  # ENV-6
            event, data = each.get("event"), each.get("data", {})
            if event == "closing" and not data["reconnect"]:
                sys.exit(f"closed by the server: {data['reason']}")  # CONN-6
            if event == "joined-conversation" and data["conversation"]["epoch"] != self.epoch:  # the first time; LOG-6
                self.epoch, self.ahead = data["conversation"]["epoch"], {}
                self.position = data["entries"][0]["data"]["seq"] - 1 if data["entries"] else data["head"]
            self.live = self.live or event == "joined-conversation"
            for entry in [e["data"] for e in data.get("entries", [])] or [data]:
                self.enter(entry)  # LOG-3: replies, pushes and pages in any order
            if event == "history":
                self.busy.discard("history")
            if event == "history" and data["hasMore"] or data.get("behind"):
                await self.read_on()
            elif event in ("error", "message-error"):
                await self.refused(event, data)
        await self.work()

    async def refused(self, event, error):
        if not error["retryable"] and error["code"] != "behind":
            if event == "error":
                sys.exit(error["message"])
            print(f"not sent: {error['message']}", file=sys.stderr, flush=True)
            self.unsent.pop(next(iter(self.unsent)))
        await asyncio.sleep(error.get("retryAfterMs", 0) / 1000)
        self.busy = set()

    async def work(self):
        if self.ahead and "history" not in self.busy:  # LOG-5: something is missing, or on its way
            await asyncio.sleep(1.5 + random.random())
            await self.read_on()
        for message_id, text in list(self.unsent.items())[:1]:  # SEND-6: one after the other
            if self.live and not self.ahead and message_id not in self.busy:
                self.busy.add(message_id)  # tried again until it is in the log, which holds it once (SEND-3, SEND-4)
                await self.ask("send-message", **ROOM, content=text, clientMessageId=message_id, after=self.position)

    async def read_on(self):
        self.busy.add("history")
        await self.ask("history", **ROOM, after=self.position)  # PAGE-1

    def enter(self, entry):
        if self.position is not None and entry.get("seq", 0) > self.position:
            self.ahead[entry["seq"]] = entry
        while self.position is not None and self.position + 1 in self.ahead:
            self.position += 1
            entry = self.ahead.pop(self.position)
            self.unsent.pop(entry.get("clientMessageId"), None)
            if "senderId" in entry:
                print(f"{entry['seq']} {entry['senderId']}: {entry.get('content', '(deleted)')}", flush=True)

    async def write(self, text):
        self.unsent[str(uuid.uuid4())] = text
        if self.live:
            await self.work()


async def main():
    client, loop = Client(), asyncio.get_running_loop()
    type_in = lambda: [asyncio.run_coroutine_threadsafe(client.write(line[:-1]), loop) for line in sys.stdin]
    threading.Thread(target=type_in, daemon=True).start()
    await client.run()


asyncio.run(main())
