"""Drives the terminal's window as a screen reader does: by role and name over AT-SPI, by keys of a keyboard, and by
touch: the finger lies where the tree says that the control is.

One JSON object a line on standard input, one answer a line on standard output:
{"do": "press", "name": "Start"}  presses the button of this name once it can be pressed
{"do": "touch", "name": "Start", "seconds": 0}  a finger on the middle of that button, for so long
{"do": "press_all", "names": ["1", "2", "1"]}  looks for all of them first, then presses them without a pause
{"do": "wait", "name": "Printing"}  waits until anything bears this name
{"do": "names"}  every role (by its number, AtspiRole) and name on the screen
{"do": "heard"}  what was announced since this was last asked
{"do": "type", "keys": ["1", "Return"]}  presses and releases keys, one after the other
{"do": "reach", "name": "Start"}  presses the tabulator until the keyboard is at the control of this name

It speaks the protocol itself and keeps no copy of the tree: a library's copy is out of date whenever the window changes,
and asking it for what is gone ends the program. Here every look is new, and what went away meanwhile is passed over.
"""

import json
import sys
import time

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

import keyboard  # noqa: E402

SECONDS = 40
CALL_MILLISECONDS = 10_000
REGISTRY = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
ACCESSIBLE = "org.a11y.atspi.Accessible"
# AtspiRole and AtspiStateType.
BUTTONS = {43, 62}
ENABLED, FOCUSED = 8, 12
# What a bus says of an object that went away, or is not wholly there yet. Nothing was done then.
NOT_THERE = (
    Gio.DBusError.UNKNOWN_OBJECT,
    Gio.DBusError.UNKNOWN_INTERFACE,
    Gio.DBusError.UNKNOWN_METHOD,
    Gio.DBusError.UNKNOWN_PROPERTY,
    Gio.DBusError.SERVICE_UNKNOWN,
    Gio.DBusError.NAME_HAS_NO_OWNER,
    Gio.DBusError.INVALID_ARGS,
    # AccessKit's word for a node that is gone.
    Gio.DBusError.FAILED,
)


class Gone(Exception):
    """The object is not there (any more)."""


class Node:
    """One object of the tree, as it is now."""

    def __init__(self, tree, address):
        self.tree = tree
        self.address = address

    def ask(self, interface, method, arguments=None):
        return self.tree.call(self.address, interface, method, arguments)

    def name(self):
        arguments = GLib.Variant("(ss)", (ACCESSIBLE, "Name"))
        return self.ask("org.freedesktop.DBus.Properties", "Get", arguments)[0]

    def role(self):
        return self.ask(ACCESSIBLE, "GetRole")[0]

    def has(self, state):
        low, high = self.ask(ACCESSIBLE, "GetState")[0]
        return bool((low | high << 32) >> state & 1)

    def children(self):
        return [Node(self.tree, tuple(address)) for address in self.ask(ACCESSIBLE, "GetChildren")[0]]

    def middle(self):
        """Of what is seen of it, in pixels of the display."""
        arguments = GLib.Variant("(u)", (0,))
        x, y, width, height = self.ask("org.a11y.atspi.Component", "GetExtents", arguments)[0]
        return x + width // 2, y + height // 2

    def press(self):
        return self.ask("org.a11y.atspi.Action", "DoAction", GLib.Variant("(i)", (0,)))[0]


class Tree:
    """The accessibility bus of this session."""

    def __init__(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        address = session.call_sync(
            "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, CALL_MILLISECONDS, None
        ).unpack()[0]
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self.heard = []
        self.bus.signal_subscribe(
            None, "org.a11y.atspi.Event.Object", "Announcement", None, None, 0, self.hear
        )
        # Programs publish nothing before somebody says that they listen.
        value = GLib.Variant("(ssv)", ("org.a11y.Status", "IsEnabled", GLib.Variant("b", True)))
        session.call_sync(
            "org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set", value, None, 0,
            CALL_MILLISECONDS, None,
        )

    def hear(self, _bus, _sender, _path, _interface, _signal, parameters):
        self.heard.append(parameters.unpack()[3])

    def announcements(self):
        context = GLib.MainContext.default()
        while context.pending():
            context.iteration(False)
        heard, self.heard = self.heard, []
        return heard

    def call(self, address, interface, method, arguments):
        name, path = address
        try:
            answer = self.bus.call_sync(name, path, interface, method, arguments, None, 0, CALL_MILLISECONDS, None)
        except GLib.Error as error:
            if any(error.matches(Gio.DBusError.quark(), code) for code in NOT_THERE):
                raise Gone from error
            raise
        return answer.unpack()

    def walk(self):
        """Every object from the top, each before what lies in it; what goes away meanwhile is passed over."""
        waiting = [Node(self, REGISTRY)]
        while waiting:
            node = waiting.pop()
            try:
                yield node
                waiting.extend(reversed(node.children()))
            except Gone:
                continue

    def look(self, ask):
        """What each object answers, where it is still there."""
        for node in self.walk():
            try:
                yield ask(node)
            except Gone:
                continue

    def find(self, wanted):
        return next((node for node, found in self.look(lambda node: (node, wanted(node))) if found), None)

    def names(self):
        return [said for said in self.look(lambda node: [node.role(), node.name()]) if said[1]]


def until(look):
    """Looks again and again, each time from the start, until there is something; None where nothing ever comes."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            found = look()
        except Gone:
            found = None
        if found:
            return found
        time.sleep(0.03)
    return None


class Listener:
    def __init__(self):
        self.tree = Tree()
        self.keyboard = None

    def button(self, name):
        return self.tree.find(lambda node: node.name() == name and node.role() in BUTTONS and node.has(ENABLED))

    def press(self, request):
        def look():
            node = self.button(request["name"])
            # False or gone: it was not pressed, and is looked for again.
            return node is not None and node.press()

        return until(look) is not None

    def touch(self, request):
        """Where a control moves, its screen is not yet whole: it must lie at the same place twice."""
        self.keyboard = self.keyboard or keyboard.Keyboard()
        last = None

        def look():
            nonlocal last
            node = self.button(request["name"])
            place = node and node.middle()
            is_at_rest, last = place is not None and place == last, place
            return is_at_rest

        if until(look) is None:
            return False
        self.keyboard.touch(*last, request["seconds"])
        return True

    def press_all(self, request):
        nodes = {name: until(lambda: self.button(name)) for name in request["names"]}
        return all(node is not None for node in nodes.values()) and all(
            [nodes[name].press() for name in request["names"]]
        )

    def wait(self, request):
        return until(lambda: self.tree.find(lambda node: node.name() == request["name"])) is not None

    def names(self, _request):
        return until(self.tree.names) or []

    def heard(self, _request):
        return self.tree.announcements()

    def type(self, request):
        self.keyboard = self.keyboard or keyboard.Keyboard()
        for key in request["keys"]:
            self.keyboard.strike(key)
        return True

    def reach(self, request):
        """Twice around the screen at most: each strike must move the keyboard on."""
        self.keyboard = self.keyboard or keyboard.Keyboard()
        seen = []
        while seen.count(seen[-1] if seen else None) < 3:
            here = self.focused()
            if here == request["name"]:
                return True
            seen.append(here)
            self.keyboard.strike("Tab")
            if until(lambda: self.focused() != here) is None:
                return False
        return False

    def focused(self):
        found = None

        def look():
            nonlocal found
            node = self.tree.find(lambda node: node.has(FOCUSED) and node.role() in BUTTONS)
            found = node.name() if node else None
            return True

        until(look)
        return found


def main():
    listener = Listener()
    for line in sys.stdin:
        request = json.loads(line)
        answer = getattr(listener, request["do"])(request)
        seen = None if answer is not False else listener.names(request)
        print(json.dumps({"answer": answer, "seen": seen}), flush=True)


main()
