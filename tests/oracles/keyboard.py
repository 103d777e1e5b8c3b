"""Keys and a finger on a display without a window manager, through the XTEST extension."""

import time

from Xlib import XK, X, display
from Xlib.ext import xtest


class Keyboard:
    """The largest window has the focus: it is the terminal's."""

    def __init__(self):
        self.display = display.Display()
        windows = self.display.screen().root.query_tree().children
        shown = [window for window in windows if window.get_attributes().map_state == X.IsViewable]
        largest = max(shown, key=lambda window: window.get_geometry().width * window.get_geometry().height)
        largest.set_input_focus(X.RevertToParent, X.CurrentTime)
        self.display.sync()

    def strike(self, key):
        code = self.display.keysym_to_keycode(XK.string_to_keysym(key))
        for kind in (X.KeyPress, X.KeyRelease):
            xtest.fake_input(self.display, kind, code)
        self.display.sync()

    def touch(self, x, y, seconds):
        """A finger at this place of the display, for so long."""
        xtest.fake_input(self.display, X.MotionNotify, x=x, y=y)
        xtest.fake_input(self.display, X.ButtonPress, 1)
        self.display.sync()
        time.sleep(seconds)
        xtest.fake_input(self.display, X.ButtonRelease, 1)
        self.display.sync()
