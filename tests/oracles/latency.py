"""How long from a key to a changed screen: latency.py FRAMEBUFFER KEY...

FRAMEBUFFER is the file in which Xvfb (-fbdir) keeps what the display shows. Each key is struck once the screen has come
to rest; printed is, a line each, the key and the milliseconds until the first pixel was another one.
"""

import mmap
import sys
import time

from Xlib import XK, X, display
from Xlib.ext import xtest

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
    connection = display.Display()
    # The largest window is the terminal's; without a window manager nobody gives it the keyboard.
    windows = connection.screen().root.query_tree().children
    shown = [window for window in windows if window.get_attributes().map_state == X.IsViewable]
    largest = max(shown, key=lambda window: window.get_geometry().width * window.get_geometry().height)
    largest.set_input_focus(X.RevertToParent, X.CurrentTime)
    connection.sync()
    with open(path, "rb") as file:
        screen = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    for key in keys:
        before = at_rest(screen)
        code = connection.keysym_to_keycode(XK.string_to_keysym(key))
        began = time.monotonic()
        for kind in (X.KeyPress, X.KeyRelease):
            xtest.fake_input(connection, kind, code)
        connection.flush()
        while screen[:] == before:
            if time.monotonic() - began > PATIENCE_SECONDS:
                sys.exit(f"{key} changes nothing")
        print(key, f"{(time.monotonic() - began) * 1000:.2f}", flush=True)


main()
