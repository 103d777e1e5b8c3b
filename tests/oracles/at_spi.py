"""Drives the terminal's window as a screen reader does: by role and name over AT-SPI, nothing else.

One JSON object a line on standard input, one answer a line on standard output:
{"do": "press", "name": "Start"}  presses the button of this name once it can be pressed
{"do": "wait", "name": "Printing"}  waits until anything bears this name
{"do": "names"}  every role and name on the screen
"""

import json
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
gi.require_version("Gio", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

SECONDS = 25


def enable():
    """Says that somebody listens: programs publish nothing before."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    value = GLib.Variant("(ssv)", ("org.a11y.Status", "IsEnabled", GLib.Variant("b", True)))
    bus.call_sync(
        "org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set", value, None, 0, 5000, None
    )


def walk(node, depth=0):
    if node is None or depth > 40:
        return
    yield node
    for place in range(node.get_child_count()):
        yield from walk(node.get_child_at_index(place), depth + 1)


def screen():
    desktop = Atspi.get_desktop(0)
    for place in range(desktop.get_child_count()):
        yield from walk(desktop.get_child_at_index(place))


def found(name, wanted):
    for node in screen():
        try:
            if node.get_name() == name and wanted(node):
                return node
        except GLib.Error:
            # It went away while it was looked at.
            continue
    return None


def until(look):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            answer = look()
        except GLib.Error:
            answer = None
        if answer is not None:
            return answer
        time.sleep(0.1)
    return None


def can_be_pressed(node):
    states = node.get_state_set()
    return node.get_role() in (Atspi.Role.PUSH_BUTTON, Atspi.Role.TOGGLE_BUTTON) and states.contains(Atspi.StateType.ENABLED)


def press(name):
    node = until(lambda: found(name, can_be_pressed))
    return node is not None and node.get_action_iface().do_action(0)


def names():
    return [[node.get_role_name(), node.get_name()] for node in screen() if node.get_name()]


def main():
    enable()
    Atspi.init()
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "press":
            answer = press(request["name"])
        elif request["do"] == "wait":
            answer = until(lambda: found(request["name"], lambda _: True)) is not None
        else:
            answer = names()
        seen = None if answer is not False else names()
        print(json.dumps({"answer": answer, "seen": seen}), flush=True)


main()
