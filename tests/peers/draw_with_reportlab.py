#!/usr/bin/env python3
"""Draws certificates with reportlab's canvas: see measurement.py."""

import io

import reportlab
from measurement import measure
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas


def prepare(pages):
    for name, face in pages["faces"].items():
        pdfmetrics.registerFont(TTFont(name, face["file"]))
    width, height = (side * mm for side in pages["millimetres"])
    ground = pages["ground"]
    tile = ImageReader(io.BytesIO(ground["png"]))

    def draw(certificate):
        target = io.BytesIO()
        page = canvas.Canvas(target, pagesize=(width, height))
        page.beginForm("tile")
        page.drawImage(tile, 0, 0, *(side * mm for side in ground["millimetres"]))
        page.endForm()
        for side in ("front", "back"):
            for x, y in ground["places"]:
                page.saveState()
                page.translate(x * mm, height - (y + ground["millimetres"][1]) * mm)
                page.doForm("tile")
                page.restoreState()
            if side == "back":
                latent(page)
            for thing in certificate[side]:
                (kind, of), = thing.items()
                {"text": text, "area": area, "picture": picture}[kind](page, of)
            page.showPage()
        page.save()
        return target.getvalue()

    def text(page, of):
        page.setFillColorCMYK(0, 0, 0, 1)
        page.setFont(of["face"], of["size"])
        page.drawString(of["x"] * mm, height - of["baseline"] * mm, of["text"])

    def area(page, of):
        page.setFillColorCMYK(0, 0, 0, of["tint"] / 100)
        page.rect(*box(of), stroke=0, fill=1)

    def picture(page, of):
        page.drawImage(ImageReader(io.BytesIO(of["png"])), *box(of))

    def box(of):
        return of["x"] * mm, height - (of["y"] + of["height"]) * mm, of["width"] * mm, of["height"] * mm

    def latent(page):
        page.saveState()
        for shape in pages["latent"]:
            (kind, of), = shape.items()
            path = page.beginPath()
            operators = {"m": path.moveTo, "l": path.lineTo, "c": path.curveTo, "h": path.close}
            for name, points in of["path"]:
                operators[name](*(at * mm if place % 2 == 0 else height - at * mm for place, at in enumerate(points)))
            if kind == "clip":
                page.clipPath(path, stroke=0, fill=0)
            elif kind == "fill":
                page.setFillColorCMYK(*of["color"])
                page.drawPath(path, stroke=0, fill=1, fillMode=1)
            else:
                page.setStrokeColorCMYK(*of["color"])
                page.setLineWidth(of["width"] * mm)
                page.drawPath(path, stroke=1, fill=0)
        page.restoreState()

    return draw


if __name__ == "__main__":
    measure(f"reportlab {reportlab.Version}", prepare)
