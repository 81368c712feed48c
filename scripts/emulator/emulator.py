"""Runs MiniStack for as long as the process that started it lives.

Standard input is a pipe from that process. When it closes, be it by a clean stop or because the process was killed,
MiniStack gets the signal on which it saves its state and ends, so that no emulator is ever left behind.
"""

import os
import runpy
import signal
import sys
import threading
import time

GRACE_SECONDS = 20


def end_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


threading.Thread(target=end_with_parent, daemon=True).start()
sys.argv = ["ministack"]
runpy.run_module("ministack", run_name="__main__")
