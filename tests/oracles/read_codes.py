#!/usr/bin/env python3
"""Reads the codes on pictures with zxing-cpp: one JSON object a line, the file and the texts found on it.

    read_codes.py PICTURE…
"""

import json
import sys

import zxingcpp
from PIL import Image

for path in sys.argv[1:]:
    with Image.open(path) as picture:
        found = zxingcpp.read_barcodes(picture.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    print(json.dumps({"file": path, "texts": sorted(code.text for code in found)}, ensure_ascii=False), flush=True)
