"""Opens a window with one word on it and stays: the least that a program with a window does."""

from Xlib import X, display

connection = display.Display()
screen = connection.screen()
window = screen.root.create_window(
    0, 0, 1280, 800, 0, screen.root_depth, background_pixel=screen.white_pixel, event_mask=X.ExposureMask
)
context = window.create_gc(foreground=screen.black_pixel)
window.map()
while True:
    if connection.next_event().type == X.Expose:
        window.draw_text(context, 200, 200, b"120 yen")
