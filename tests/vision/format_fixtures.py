"""Prints tests/vision/format_fixtures.json: tiny pictures in every format and orientation, with the pixels that transformers'
load_image makes of them (Pillow: exif_transpose, then RGB).

Run by hand (pip install pillow==13.0.0 numpy==2.4.6, then python3 tests/vision/format_fixtures.py >
tests/vision/format_fixtures.json); not part of the tests."""
import base64
import io
import json
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

random = np.random.default_rng(8)
H, W = 5, 7


def text(data):
    return base64.b64encode(data).decode()


def encode(image, format, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def loaded(file):
    return ImageOps.exif_transpose(Image.open(io.BytesIO(file))).convert("RGB")


def fixture(name, file, **more):
    image = loaded(file)
    return {"name": name, "file": text(file), "width": image.width, "height": image.height,
            "pixels": text(image.tobytes()), **more}


def smooth(height, width):
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 255 // width, y * 255 // height, (x * 40 + y * 20) % 256], -1).astype(np.uint8)


colours = random.integers(0, 256, (H, W, 3), dtype=np.uint8)
rgb = Image.fromarray(colours)
photo = Image.fromarray(smooth(H, W))
WRITERS = {
    "jpg": lambda exif: encode(photo, "JPEG", quality=95, subsampling=0, exif=exif),
    "png": lambda exif: encode(rgb, "PNG", exif=exif),
    "webp": lambda exif: encode(rgb, "WEBP", lossless=True, exif=exif),
    "tif": lambda exif: encode(rgb, "TIFF", exif=exif),
    "avif": lambda exif: encode(photo, "AVIF", quality=100, subsampling="4:4:4", speed=10, exif=exif),
}


# ---- The eight orientations: `stored` are the pixels before they are turned


def orientations():
    for format, write in WRITERS.items():
        stored = loaded(write(tags({})))
        for orientation in range(1, 9):
            file = write(tags({0x0112: orientation}))
            yield fixture(f"{orientation}.{format}", file, stored=text(stored.tobytes()))


def tags(values):
    exif = Image.Exif()
    exif.update(values)
    return exif


# ---- Other places and ways to say it, and what says nothing


def exif(*entries, order="<", prefix=b""):
    """An EXIF directory of (tag, type, count, value) whose values take four bytes."""
    body = struct.pack(order + "H", len(entries)) + b"".join(
        struct.pack(order + "HHI", *entry[:3]) + entry[3] for entry in entries)
    return prefix + (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8) + body + b"\0\0\0\0"


def short(value, order="<"):
    return (0x0112, 3, 1, struct.pack(order + "HH", value, 0))


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
XMP_ELEMENT = XMP.replace(b'tiff:Orientation="6"/>', b"><tiff:Orientation>8</tiff:Orientation></rdf:Description>")


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_with(name, data):
    file = encode(rgb, "PNG")
    return file[:33] + chunk(name, data) + file[33:]


def jpeg_with(*segments):
    file = WRITERS["jpg"](tags({}))
    made = b"".join(b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data for data in segments)
    return file[:2] + made + file[2:]


def webp_with(name, data, flag):
    plain = encode(rgb, "WEBP", lossless=True)[12:]
    size = struct.pack("<I", W - 1)[:3] + struct.pack("<I", H - 1)[:3]
    chunks = b"VP8X" + struct.pack("<IBBBB", 10, flag, 0, 0, 0) + size + plain
    chunks += name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def raw_profile(data):
    return b"\nexif\n%8d\n%s\n" % (len(data), data.hex().encode())


def other_orientations():
    start = b"Exif\0\0"
    raw = raw_profile(start + exif(short(8)))
    xmp = b"http://ns.adobe.com/xap/1.0/\0"
    yield fixture("EXIF of the other byte order.jpg", jpeg_with(start + exif(short(6, ">"), order=">")))
    yield fixture("a long number.jpg", jpeg_with(start + exif((0x0112, 4, 1, struct.pack("<I", 5)))))
    yield fixture("a number that means nothing.jpg", jpeg_with(start + exif(short(9))))
    yield fixture("two numbers.jpg", jpeg_with(start + exif((0x0112, 3, 2, struct.pack("<HH", 6, 6)))))
    yield fixture("said twice.jpg", jpeg_with(start + exif(short(6), short(3))))
    yield fixture("EXIF in two segments.jpg", jpeg_with(start + exif(short(7))[:10], start + exif(short(7))[10:]))
    yield fixture("EXIF that says nothing, then XMP.jpg", jpeg_with(start + exif((0x0100, 3, 1, b"\1\0\0\0")), xmp + XMP))
    yield fixture("EXIF before XMP.jpg", jpeg_with(xmp + XMP, start + exif(short(3))))
    yield fixture("XMP.jpg", jpeg_with(xmp + XMP_ELEMENT))
    yield fixture("EXIF behind the pixels.png", (lambda f: f[:-12] + chunk(b"eXIf", exif(short(6))) + f[-12:])(encode(rgb, "PNG")))
    yield fixture("raw profile.png", png_with(b"tEXt", b"Raw profile type exif\0" + raw))
    yield fixture("raw profile, compressed.png", png_with(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(raw)))
    yield fixture("XMP.png", png_with(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP))
    yield fixture("XMP, compressed.png", png_with(b"iTXt", b"XML:com.adobe.xmp\0\1\0en\0\0" + zlib.compress(XMP)))
    yield fixture("EXIF.webp", webp_with(b"EXIF", exif(short(5)), 8))
    yield fixture("EXIF after its name.webp", webp_with(b"EXIF", start + exif(short(7)), 8))
    yield fixture("XMP.webp", webp_with(b"XMP ", XMP, 4))
    yield fixture("XMP.tif", tiff(W, H, colours.tobytes(), [8, 8, 8], 2, more={700: (1, XMP)}))
    yield fixture("the other byte order.tif", tiff(W, H, colours.tobytes(), [8, 8, 8], 2, order=">", more={274: (3, [6])}))


# ---- Formats


def tiff(width, height, data, bits, colours, order="<", more=()):
    """A TIFF that Pillow does not write: one strip, no compression."""
    entries = {256: (3, [width]), 257: (3, [height]), 258: (3, bits), 259: (3, [1]), 262: (3, [colours]), 273: (4, [8]),
               277: (3, [len(bits)]), 278: (3, [height]), 279: (4, [len(data)]), **dict(more)}
    at = 8 + len(data) + len(data) % 2
    outside, directory = b"", b""
    start = at + 2 + 12 * len(entries) + 4
    for tag, (kind, values) in sorted(entries.items()):
        packed = values if isinstance(values, bytes) else struct.pack(order + {3: "H", 4: "I"}[kind] * len(values), *values)
        directory += struct.pack(order + "HHI", tag, kind, len(values))
        directory += packed.ljust(4, b"\0") if len(packed) <= 4 else struct.pack(order + "I", start + len(outside))
        if len(packed) > 4:
            outside += packed + b"\0" * (len(packed) % 2)
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", at)
    return head + data + b"\0" * (len(data) % 2) + struct.pack(order + "H", len(entries)) + directory + b"\0\0\0\0" + outside


def bmp(width, height, bits, rows, table=b"", compression=0, header=40, masks=()):
    size = struct.pack("<Iii", header, width, height) if header > 12 else struct.pack("<IHH", header, width, height)
    head = size + struct.pack("<HH", 1, bits)
    if header > 12:
        head += struct.pack("<IIiiII", compression, len(rows), 0, 0, 0, 0) + struct.pack("<%dI" % len(masks), *masks)
        head = head.ljust(header, b"\0")
    return b"BM" + struct.pack("<IHHI", 14 + len(head) + len(table) + len(rows), 0, 0, 14 + len(head) + len(table)) + head + table + rows


def lzw(indices):
    """GIF's compression of pixels of two bits, without compressing: a clear before each."""
    bits = "".join(format(code, "03b")[::-1] for index in indices for code in (4, index)) + "101"
    data = bytes(int(bits[i : i + 8][::-1], 2) for i in range(0, len(bits), 8))
    return b"\2" + bytes([len(data)]) + data + b"\0"


PALETTE = bytes([255, 0, 0, 0, 255, 0, 0, 0, 255, 250, 240, 10])
GREYS = bytes([0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255])


def control(flags, index):
    return b"!\xf9\4" + bytes([flags]) + b"\0\0" + bytes([index, 0])


def frame(place, indices, table=b""):
    return b"," + struct.pack("<HHHH", *place) + bytes([0x81 if table else 0]) + table + lzw(indices)


def gif(screen, *blocks, table=PALETTE):
    return b"GIF89a" + struct.pack("<HH", *screen) + bytes([0x81 if table else 0, 1, 0]) + table + b"".join(blocks) + b";"


def gifs():
    every, some = [0, 1, 2, 3] * 2, [2, 1, 3, 3]
    whole, part = (0, 0, 4, 2), (1, 1, 2, 2)
    yield fixture("transparent.gif", gif((4, 2), control(1, 3), frame(whole, every)))
    yield fixture("transparent around a frame.gif", gif((5, 4), control(1, 2), frame(part, some)))
    yield fixture("nothing around a frame.gif", gif((5, 4), frame(part, some)))
    yield fixture("a frame beyond the screen.gif", gif((3, 1), control(1, 1), frame(whole, every)))
    yield fixture("a frame partly beyond the screen.gif", gif((3, 3), control(1, 1), frame((1, 0, 4, 2), every)))
    yield fixture("colours of the frame.gif", gif((5, 4), control(1, 3), frame(part, some, PALETTE[::-1])))
    yield fixture("grey, transparent around a frame.gif", gif((5, 4), control(1, 1), frame(part, some), table=GREYS))
    yield fixture("two controls.gif", gif((4, 2), control(1, 3), b"!\xfe\3abc\0", control(0, 0), frame(whole, every)))
    yield fixture("two frames.gif", gif((4, 2), control(1, 0), frame(whole, every), control(1, 1), frame(whole, every[::-1])))


def tiffs():
    wide = random.integers(0, 65536, (H, W, 3)).astype("<u2").tobytes()
    grey = colours[..., 0]
    yield fixture("rgb, lzw.tif", encode(rgb, "TIFF", compression="tiff_lzw"))
    yield fixture("rgb, deflate.tif", encode(rgb, "TIFF", compression="tiff_adobe_deflate"))
    yield fixture("rgba.tif", encode(Image.fromarray(np.dstack([colours, grey])), "TIFF"))
    yield fixture("big.tif", encode(rgb, "TIFF", big_tiff=True))
    yield fixture("grey.tif", encode(Image.fromarray(grey), "TIFF"))
    yield fixture("white is 0.tif", tiff(W, H, grey.tobytes(), [8], 0))
    yield fixture("one bit.tif", encode(Image.fromarray(grey > 100), "TIFF"))
    yield fixture("palette.tif", encode(rgb.quantize(20), "TIFF"))
    yield fixture("sixteen bits.tif", tiff(W, H, wide, [16] * 3, 2))
    nibbles = b"".join(bytes((i * 3 + y) % 256 for i in range(4)) for y in range(H))
    yield fixture("four bits.tif", tiff(W, H, nibbles, [4], 1))
    yield fixture("two bits, white is 0.tif", tiff(W, H, nibbles[: 2 * H], [2], 0))
    yield fixture("palette of four bits.tif", tiff(W, H, nibbles, [4], 3, more={320: (3, [k * 7919 % 65536 for k in range(48)])}))
    yield fixture("YCbCr by JPEG.tif", encode(photo, "TIFF", compression="jpeg"))
    yield fixture("grey and alpha.tif", tiff(W, H, colours[..., :2].tobytes(), [8, 8], 1, more={338: (3, [2])}))
    yield fixture("cmyk.tif", encode(Image.fromarray(inks, "CMYK"), "TIFF"))


def bmps():
    rows = b"".join(row[:, ::-1].tobytes().ljust((3 * W + 3) // 4 * 4, b"\0") for row in colours)
    indices = b"".join(bytes([i % 4 for i in range(y, y + W)]).ljust(8, b"\0") for y in range(H))
    table = b"".join(bytes([*PALETTE[3 * i : 3 * i + 3][::-1], 0]) for i in range(4))
    alpha = np.dstack([colours[..., ::-1], colours[..., :1] | 1]).tobytes()
    yield fixture("rgb.bmp", encode(rgb, "BMP"))
    yield fixture("palette.bmp", encode(rgb.quantize(20), "BMP"))
    yield fixture("grey.bmp", encode(photo.convert("L"), "BMP"))
    yield fixture("one bit.bmp", encode(Image.fromarray(colours[..., 0] > 100), "BMP"))
    yield fixture("rows from the top.bmp", bmp(W, -H, 24, rows))
    yield fixture("of OS/2.bmp", bmp(W, H, 24, rows, header=12))
    yield fixture("palette of four.bmp", bmp(W, -H, 8, indices, table + b"\0" * (1024 - len(table))))
    yield fixture("masks, alpha.bmp", bmp(W, -H, 32, alpha, compression=3, header=108, masks=[0xFF0000, 0xFF00, 0xFF, 0xFF000000]))


inks = np.dstack([smooth(H, W), smooth(H, W)[..., :1] // 2])
cmyk = encode(Image.fromarray(inks, "CMYK"), "JPEG", quality=95)
adobe, frame_header = cmyk.index(b"\xff\xee"), cmyk.index(b"\xff\xc0")
photo_alpha = Image.fromarray(np.dstack([smooth(H, W), smooth(H, W)[..., 0]]))

print(json.dumps({
    "orientations": [*orientations(), *other_orientations()],
    "formats": [
        fixture("cmyk.jpg", cmyk),
        fixture("cmyk, not of Adobe.jpg", cmyk[:adobe] + cmyk[adobe + 16 :]),
        *gifs(), *tiffs(), *bmps(),
        fixture("photo.avif", encode(photo, "AVIF", quality=100, subsampling="4:4:4", speed=10)),
        fixture("alpha.avif", encode(photo_alpha, "AVIF", quality=100, subsampling="4:4:4", speed=10)),
    ],
    "refused": {
        "bits.tif": text(tiff(2, 1, struct.pack("<ff", 0.5, 1), [32], 1, more={339: (3, [3])})),
        "inks of 16 bits.tif": text(tiff(2, 1, bytes(16), [16] * 4, 5)),
        "signed.tif": text(tiff(2, 1, bytes(2), [8], 1, more={339: (3, [2])})),
        "two samples.tif": text(tiff(2, 1, bytes(4), [8, 8], 2)),
        "lab.tif": text(tiff(2, 1, bytes(6), [8, 8, 8], 8)),
        "multiplied by alpha.tif": text(tiff(2, 1, bytes(8), [8] * 4, 2, more={338: (3, [1])})),
        "two.jpg": text(cmyk[: frame_header + 9] + b"\2" + cmyk[frame_header + 10 :]),
        "heic": text(struct.pack(">I", 24) + b"ftypheic\0\0\0\0mif1heic" + bytes(8)),
    },
}, indent=1))
