"""How long from a key to a changed screen: latency.py FRAMEBUFFER KEY...

FRAMEBUFFER is the file in which Xvfb (-fbdir) keeps what the display shows. Each key is struck once the screen has come
to rest; printed is, a line each, the key and the milliseconds until the first pixel was another one.
"""

import mmap
import sys
import time

from keyboard import Keyboard

# A screen that has not changed for so long is at rest.
REST_SECONDS = 0.6
PATIENCE_SECONDS = 5


def at_rest(screen):
    last, since = screen[:], time.monotonic()
    while time.monotonic() - since < REST_SECONDS:
        time.sleep(0.02)
        now = screen[:]
        if now != last:
            last, since = now, time.monotonic()
    return last


def main():
    path, keys = sys.argv[1], sys.argv[2:]
    keyboard = Keyboard()
    with open(path, "rb") as file:
        screen = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    for key in keys:
        before = at_rest(screen)
        began = time.monotonic()
        keyboard.strike(key)
        while screen[:] == before:
            if time.monotonic() - began > PATIENCE_SECONDS:
                sys.exit(f"{key} changes nothing")
        print(key, f"{(time.monotonic() - began) * 1000:.2f}", flush=True)


main()
