#!/usr/bin/env python3
"""The peer of the composition benchmark: a two-page certificate of like content by reportlab.

Prints the median CPU seconds of a document, fonts loaded once. The content is like ours, not the same: 62 runs
of Japanese and Latin text in two typefaces, two QR codes, a ruled ground on the back. Its codes are encoded once and
only drawn anew, which favours it.
"""

import functools
import io
import statistics
import time

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

IPAEX = "/usr/share/fonts/opentype/ipaexfont-mincho/ipaexm.ttf"
IPAMJ = "/usr/share/fonts/truetype/ipamj/ipamjm.ttf"
RUNS = 62
DOCUMENTS = 10


@functools.cache
def modules(text):
    widget = QrCodeWidget(text, barLevel="M")
    widget.draw()
    return widget.qr.modules


def code(page, text, x, y, size):
    rows = modules(text)
    module = size / len(rows)
    for row, values in enumerate(rows):
        for column, dark in enumerate(values):
            if dark:
                page.rect(x + column * module, y - row * module, module, module, stroke=0, fill=1)


def document():
    target = io.BytesIO()
    page = canvas.Canvas(target, pagesize=A4)
    for run in range(RUNS):
        page.setFont("IPAex" if run % 2 else "IPAmj", 9)
        page.drawString(20 * mm, (280 - run * 3) * mm, f"新型コロナワクチン接種 コミナティ LOT {run:05}")
    code(page, "5" * 1400, 20 * mm, 20 * mm, 45 * mm)
    code(page, "{" + "a" * 1200 + "}", 100 * mm, 20 * mm, 55 * mm)
    page.showPage()
    for line in range(200):
        page.line(0, line * 1.5 * mm, 210 * mm, line * 1.5 * mm + line % 7)
    page.showPage()
    page.save()
    return target.getvalue()


def main():
    pdfmetrics.registerFont(TTFont("IPAex", IPAEX))
    pdfmetrics.registerFont(TTFont("IPAmj", IPAMJ))
    document()
    times = []
    for _ in range(DOCUMENTS):
        began = time.process_time()
        document()
        times.append(time.process_time() - began)
    print(statistics.median(times))


if __name__ == "__main__":
    main()
