#!/usr/bin/env python3
"""Draws certificates with typst: a template, and each certificate as data beside it. See measurement.py."""

import json
import pathlib
import tempfile

import typst
from measurement import measure, svg

TEMPLATE = """
#let pages = json("pages.json")
#let length(value) = value * 1mm
#let (width, height) = pages.millimetres.map(length)
#set page(width: width, height: height, margin: 0pt)
#set text(fallback: false, top-edge: "baseline", bottom-edge: "baseline", fill: cmyk(0%, 0%, 0%, 100%))
#let tile = image("tile.png", width: length(pages.ground.millimetres.at(0)), scaling: "pixelated")
#let ground = for (x, y) in pages.ground.places { place(dx: length(x), dy: length(y), tile) }
#let certificate = json(sys.inputs.certificate)
#let draw(things) = for thing in things {
  if "text" in thing {
    let run = thing.text
    let family = pages.faces.at(run.face).family
    place(dx: length(run.x), dy: length(run.baseline), text(size: run.size * 1pt, font: family, run.text))
  } else if "area" in thing {
    let area = thing.area
    let paint = cmyk(0%, 0%, 0%, area.tint * 1%)
    place(dx: length(area.x), dy: length(area.y), rect(width: length(area.width), height: length(area.height), fill: paint))
  } else {
    let picture = thing.picture
    let drawn = image(picture.file, width: length(picture.width), height: length(picture.height), scaling: "pixelated")
    place(dx: length(picture.x), dy: length(picture.y), drawn)
  }
}
#ground
#draw(certificate.front)
#pagebreak()
#ground
#place(image("latent.svg", width: width, height: height))
#draw(certificate.back)
"""


def prepare(pages):
    # What is given to typst are files; they are not part of its work.
    folder = tempfile.TemporaryDirectory()
    root = pathlib.Path(folder.name)
    (root / "main.typ").write_text(TEMPLATE)
    (root / "tile.png").write_bytes(pages["ground"].pop("png"))
    (root / "latent.svg").write_text(svg(pages))
    for number, certificate in enumerate(pages["certificates"]):
        for place, thing in enumerate(certificate["front"] + certificate["back"]):
            if "picture" in thing:
                file = f"{number}-{place}.png"
                (root / file).write_bytes(thing["picture"].pop("png"))
                thing["picture"]["file"] = file
        certificate["file"] = f"{number}.json"
        (root / certificate["file"]).write_text(json.dumps(certificate, ensure_ascii=False))
    constant = {name: pages[name] for name in ("millimetres", "faces", "ground")}
    (root / "pages.json").write_text(json.dumps(constant))
    fonts = sorted({str(pathlib.Path(face["file"]).parent) for face in pages["faces"].values()})
    compiler = typst.Compiler(root=str(root), font_paths=fonts, ignore_system_fonts=True)

    def draw(certificate):
        # The folder lives as long as this function.
        main = pathlib.Path(folder.name) / "main.typ"
        return compiler.compile(str(main), format="pdf", sys_inputs={"certificate": certificate["file"]})

    return draw


if __name__ == "__main__":
    measure(f"typst {typst.__version__}", prepare)
