"""What the Python peers do alike: read the certificates, have them drawn one after another, say how long that took.

    draw_with_NAME.py PAGES TARGET ROUNDS
"""

import base64
import json
import pathlib
import resource
import statistics
import sys
import time


def measure(version, prepare):
    """`prepare` loads what is constant and gives a function from a certificate to its PDF."""
    source, target, rounds = sys.argv[1:4]
    pages = json.loads(pathlib.Path(source).read_text())
    ground = pages["ground"]
    ground["png"] = base64.b64decode(ground["png"])
    for certificate in pages["certificates"]:
        for thing in certificate["front"] + certificate["back"]:
            if "picture" in thing:
                thing["picture"]["png"] = base64.b64decode(thing["picture"]["png"])
    draw = prepare(pages)
    first, *counted = pages["certificates"]
    document = draw(first)
    times = []
    for _ in range(int(rounds)):
        for certificate in counted:
            began = time.process_time()
            document = draw(certificate)
            times.append(time.process_time() - began)
    pathlib.Path(target).write_bytes(document)
    said = {
        "version": version,
        "median_ms": statistics.median(times) * 1e3,
        "bytes": len(document),
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    print(json.dumps(said))


def svg(pages):
    """The latent picture as an SVG of the page's size."""

    def path(steps):
        return " ".join(("Z" if name == "h" else name.upper()) + ",".join(f"{at:.3f}" for at in points) for name, points in steps)

    def color(toner):
        *colors, black = toner
        red, green, blue = (round(255 * (1 - part) * (1 - black)) for part in colors)
        return f"#{red:02x}{green:02x}{blue:02x}"

    width, height = pages["millimetres"]
    parts, clip = [], ""
    for shape in pages["latent"]:
        (kind, of), = shape.items()
        outline = path(of["path"])
        if kind == "clip":
            parts.append(f'<clipPath id="character"><path d="{outline}"/></clipPath>')
            clip = ' clip-path="url(#character)"'
        elif kind == "fill":
            parts.append(f'<path d="{outline}" fill="{color(of["color"])}"{clip}/>')
        else:
            stroke = f'stroke="{color(of["color"])}" stroke-width="{of["width"]:.3f}"'
            parts.append(f'<path d="{outline}" fill="none" {stroke}{clip}/>')
    size = f'width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'
