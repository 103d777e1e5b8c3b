#!/usr/bin/env python3
"""Draws certificates with weasyprint, as HTML whose parts stand at absolute places: see measurement.py."""

import base64
import html
import pathlib

import weasyprint
from fontTools.ttLib import TTFont
from measurement import measure, svg
from weasyprint.text.fonts import FontConfiguration

# A line without height has its baseline half the difference of ascent and descent below its place.
STYLE = """
@page {{ size: {width}mm {height}mm; margin: 0 }}
{faces}
body {{ margin: 0 }}
section {{ position: relative; width: {width}mm; height: {height}mm; overflow: hidden; break-after: page;
  background: url({tile}) left bottom / {tile_width}mm {tile_height}mm repeat; image-rendering: pixelated }}
section:last-child {{ break-after: auto }}
section > * {{ position: absolute; white-space: pre; line-height: 0; image-rendering: pixelated }}
section > svg {{ left: 0; top: 0 }}
"""


def embedded(png):
    return "data:image/png;base64," + base64.b64encode(png).decode()


def prepare(pages):
    fonts = FontConfiguration()
    width, height = pages["millimetres"]
    faces, baselines = [], {}
    for name, face in pages["faces"].items():
        faces.append(f'@font-face {{ font-family: {name}; src: url({pathlib.Path(face["file"]).as_uri()}) }}')
        with TTFont(face["file"], lazy=True) as font:
            lines = font["hhea"]
            baselines[name] = (lines.ascent + lines.descent) / 2 / font["head"].unitsPerEm * 25.4 / 72
    tile_width, tile_height = pages["ground"]["millimetres"]
    tile = embedded(pages["ground"]["png"])
    sizes = {"width": width, "height": height, "tile_width": tile_width, "tile_height": tile_height}
    style = weasyprint.CSS(string=STYLE.format(**sizes, tile=tile, faces="\n".join(faces)), font_config=fonts)
    latent = svg(pages)

    def draw(certificate):
        front = "".join(element(thing) for thing in certificate["front"])
        back = "".join(element(thing) for thing in certificate["back"])
        page = f'<!doctype html><html lang="ja"><body><section>{front}</section><section>{latent}{back}</section></body></html>'
        return weasyprint.HTML(string=page).write_pdf(stylesheets=[style], font_config=fonts)

    def element(thing):
        (kind, of), = thing.items()
        if kind == "text":
            top = of["baseline"] - baselines[of["face"]] * of["size"]
            place = f'left:{of["x"]:.4f}mm;top:{top:.4f}mm;font:{of["size"]}pt {of["face"]};line-height:0'
            return f'<div style="{place}">{html.escape(of["text"])}</div>'
        place = f'left:{of["x"]:.4f}mm;top:{of["y"]:.4f}mm;width:{of["width"]:.4f}mm;height:{of["height"]:.4f}mm'
        if kind == "area":
            grey = round(255 - of["tint"] * 2.55)
            return f'<div style="{place};background:rgb({grey},{grey},{grey})"></div>'
        return f'<img style="{place}" src="{embedded(of["png"])}" alt="">'

    return draw


if __name__ == "__main__":
    measure(f"weasyprint {weasyprint.__version__}", prepare)
