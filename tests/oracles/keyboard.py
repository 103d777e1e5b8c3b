"""Keys on a display without a window manager, through the XTEST extension."""

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
