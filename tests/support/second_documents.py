"""Labels and tracking numbers of the second small Amazon."""

import base64
import hashlib
import re
import struct
import zlib

from second_basics import Optional


def detail(shipment):
    return {
        "packageClientReferenceId": shipment["packageClientReferenceId"],
        "trackingId": shipment["trackingId"],
        "packageDocuments": shipment["documents"],
    }


def bought(shipment):
    start, end = shipment["window"]
    return {
        "payload": {
            "shipmentId": shipment["shipmentId"],
            "packageDocumentDetails": [detail(shipment)],
            "promise": {"deliveryWindow": {"start": start, "end": end}},
            "benefits": Optional({"includedBenefits": ["CLAIMS_PROTECTED"], "excludedBenefits": []}),
        }
    }


def tracking_number(carrier, rng):
    digits = "".join(rng.choices("0123456789", k=18))
    if carrier == "UPS":
        body = "SECND7" + "03" + digits[:7]
        total = 0
        for place, sign in enumerate(body):
            value = int(sign) if sign.isdigit() else (ord(sign) - 63) % 10
            total += value * (2 if place % 2 else 1)
        return "1Z" + body + str(-total % 10)
    if carrier == "USPS":
        body = "9405" + digits[:17]
        total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
        return body + str(-total % 10)
    if carrier == "FEDEX":
        body = digits[:11]
        total = sum(int(digit) * weight for digit, weight in zip(body, [3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1]))
        return body + str(total % 11 % 10)
    return "D1" + digits[:13]


def document(kind, name, order, tracking, service):
    to = order["recipient"]["deliveryAddress"]
    lines = [name, service, to["name"], to["addressLine1"],
             "%s %s %s" % (to["city"], to["stateOrRegion"], to["postalCode"]), tracking]
    if kind == "ZPL":
        fields = "".join("^FO60,%d^A0N,40,40^FD%s^FS\n" % (60 + 70 * i, re.sub(r"[\^~]", " ", line))
                         for i, line in enumerate(lines))
        data = ("^XA\n^CI28\n^PW1218\n^LL1827\n%s^FO60,900^BY4^BCN,300,Y,N,N^FD%s^FS\n^XZ\n" % (fields, tracking)).encode()
    elif kind == "PNG":
        data = picture(tracking)
    else:
        data = page(lines)
    return base64.b64encode(data).decode()


def picture(text):
    """A 1200 by 1800 grey picture: bars for the bytes of `text`."""
    bits = "".join("{:08b}".format(byte) for byte in hashlib.sha256(text.encode()).digest())
    row = bytearray(b"\xff" * 1200)
    for place, bit in enumerate(bits):
        if bit == "1":
            row[80 + 4 * place:84 + 4 * place] = b"\x00" * 4
    blank = b"\x00" + b"\xff" * 1200
    raw = blank * 600 + (b"\x00" + bytes(row)) * 500 + blank * 700

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1200, 1800, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def page(lines):
    """One page of text as PDF."""
    text = "".join("BT /F1 18 Tf 72 %d Td (%s) Tj ET\n" % (700 - 30 * i, re.sub(r"[()\\]", " ", line))
                   for i, line in enumerate(lines))
    drawing = (text + "72 200 300 90 re f\n").encode("latin-1", "replace")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%sendstream" % (len(drawing), drawing),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
