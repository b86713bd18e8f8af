"""Prints tests/vision/image_fixtures.json: small pictures as files with the pixels that Pillow decodes and turns, pictures that
Pillow resized, and pixel_values that transformers' Pillow processors (and NumPy, by timm's and torchvision's rules) made.

More formats and orientations are in format_fixtures.py. Run by hand (pip install pillow==13.0.0 numpy==2.4.6 transformers==5.24.0, then
python3 tests/vision/image_fixtures.py > tests/vision/image_fixtures.json); not part of the tests."""
import base64
import io
import json
import struct
import zlib

import numpy as np
import transformers
from PIL import Image, ImageCms, ImageOps

random = np.random.default_rng(5)


def text(data):
    return base64.b64encode(data.tobytes() if isinstance(data, np.ndarray) else data).decode()


def noise(height, width, channels=3):
    return random.integers(0, 256, (height, width, channels), dtype=np.uint8)


def smooth(height, width):
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 255 // width, y * 255 // height, (x * y * 7) % 256], -1).astype(np.uint8)


# ---- Files


def encode(image, format, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def png(width, height, depth, kind, rows, interlaced=0):
    """A PNG that Pillow does not write."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlaced)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def adam7(array):
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    return [row.tobytes() for x, y, dx, dy in passes for row in array[y::dy, x::dx] if row.size]


H, W = 9, 13
colours, alpha = noise(H, W), noise(H, W, 4)
alpha[0, :, 3] = 0
rgb = Image.fromarray(colours)
photo = Image.fromarray(smooth(19, 33))
wide = random.integers(0, 65536, (H, W, 3)).astype(">u2")
# sRGB with red and blue exchanged: whoever applies it shows other colours.
profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
profile = profile.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")
exif = Image.Exif()
exif[0x0112] = 6

files = {
    "rgb.png": encode(rgb, "PNG"),
    "rgba.png": encode(Image.fromarray(alpha, "RGBA"), "PNG"),
    "grey.png": encode(Image.fromarray(colours[..., 0]), "PNG"),
    "grey alpha.png": encode(Image.fromarray(alpha[..., :2].copy(), "LA"), "PNG"),
    "palette.png": encode(rgb.quantize(100), "PNG"),
    "palette of 4 bits.png": encode(rgb.quantize(13), "PNG", bits=4),
    "palette with a transparent colour.png": encode(rgb.quantize(50), "PNG", transparency=3),
    "colour that is transparent.png": encode(rgb, "PNG", transparency=tuple(int(v) for v in colours[0, 0])),
    "one bit.png": encode(Image.fromarray(colours[..., 0] > 100), "PNG"),
    "four bits.png": png(12, H, 4, 0, [bytes(row[:6]) for row in colours[..., 1]]),
    "sixteen bits.png": png(W, H, 16, 2, [row.tobytes() for row in wide]),
    "interlaced.png": png(W, H, 8, 2, adam7(colours), 1),
    "interlaced sixteen bits.png": png(W, H, 16, 2, adam7(wide), 1),
    "profile.png": encode(rgb, "PNG", icc_profile=profile, exif=exif),
    "halved colours.jpg": encode(photo, "JPEG", quality=85),
    "full colours.jpg": encode(photo, "JPEG", quality=90, subsampling=0),
    "progressive.jpg": encode(photo, "JPEG", progressive=True),
    "grey.jpg": encode(photo.convert("L"), "JPEG"),
    "turned, with a profile.jpg": encode(photo, "JPEG", icc_profile=profile, exif=exif),
    "lossless.webp": encode(photo, "WEBP", lossless=True),
    "alpha.webp": encode(Image.fromarray(alpha, "RGBA"), "WEBP", lossless=True, exact=True),
    "palette.gif": encode(rgb.quantize(60), "GIF"),
}


def decoded(name, file):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(file))).convert("RGB")
    return {"name": name, "file": text(file), "width": image.width, "height": image.height, "pixels": text(image.tobytes())}


# ---- Resizing: each filter, up, down and both; the last three with the height first

sizes = [(11, 9, 7, 5), (5, 7, 9, 12), (1, 1, 3, 2), (23, 3, 4, 3), (3, 17, 9, 17), (40, 8, 5, 6), (40, 8, 5, 12), (31, 5, 30, 9)]


def resized(height, width, to_height, to_width, channels, filter):
    image = noise(height, width, channels)
    if channels == 1:
        image = image[..., 0]
    out = np.asarray(Image.fromarray(image).resize((to_width, to_height), filter))
    return {"from": [height, width], "to": [to_height, to_width], "channels": channels, "filter": filter,
            "pixels": text(image), "expected": text(out)}


# ---- Processors


def processed(name, config, image):
    processor = getattr(transformers, config["image_processor_type"] + "Pil")(**config)
    out = processor(Image.fromarray(image), return_tensors="np")["pixel_values"][0]
    return case(name, config, image, out)


def case(name, config, image, out):
    return {"name": name, "config": config, "height": image.shape[0], "width": image.shape[1], "pixels": text(image),
            "shape": list(out.shape), "expected": text(out.astype(np.float32))}


def timm_center(config, image):
    """Resize and CenterCrop of torchvision, as timm 1.0's create_transform puts them together."""
    side = config["input_size"][1]
    scaled, short, long = int(side // config["crop_pct"]), min(image.shape[:2]), max(image.shape[:2])
    sizes = (scaled, int(scaled * long / short))
    picture = Image.fromarray(image)
    picture = picture.resize(sizes if picture.width <= picture.height else sizes[::-1], Image.Resampling.BICUBIC)
    array = np.asarray(picture)
    top, left = (int(round((size - side) / 2.0)) for size in array.shape[:2])
    array = array[top : top + side, left : left + side].astype(np.float32) / np.float32(255)
    mean, std = np.float32(config["mean"]), np.float32(config["std"])
    return ((array - mean) / std).transpose(2, 0, 1)


def processor_cases():
    image, tall = noise(17, 23), noise(29, 8)
    clip = {"image_processor_type": "CLIPImageProcessor"}
    yield processed("crop larger than the picture", {**clip, "size": {"shortest_edge": 8}, "crop_size": 13}, image)
    yield processed("crop larger in one side", {**clip, "size": {"shortest_edge": 7}, "crop_size": {"height": 10, "width": 8}}, tall)
    yield processed("a number as shortest edge", {**clip, "size": 9, "crop_size": 8}, tall)
    yield processed("a list as height and width", {**clip, "size": [9, 7], "crop_size": [5, 6]}, image)
    yield processed("shortest and longest edge", {**clip, "size": {"shortest_edge": 12, "longest_edge": 14}, "crop_size": 9}, image)
    yield processed("longest edge that does not count", {**clip, "size": {"shortest_edge": 9, "longest_edge": 90}, "crop_size": 9}, tall)
    vit = {"image_processor_type": "ViTImageProcessor", "size": 6}
    yield processed("no normalisation", {**vit, "do_normalize": False}, image)
    yield processed("no rescaling", {**vit, "do_rescale": False, "image_mean": [1, 2, 3]}, image)
    yield processed("no resizing", {**vit, "do_resize": False, "image_std": 0.25, "image_mean": 0.125}, image)
    yield processed("another factor", {**vit, "rescale_factor": 1 / 127.5, "resample": 0}, image)
    convnext = {"image_processor_type": "ConvNextImageProcessor"}
    yield processed("ConvNext", {**convnext, "size": {"shortest_edge": 10}}, image)
    yield processed("ConvNext with crop_pct", {**convnext, "size": 7, "crop_pct": 0.7, "resample": 1}, tall)
    timm = {"input_size": [3, 10, 10], "crop_pct": 0.9, "interpolation": "bicubic", "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
    yield case("timm", {"pretrained_cfg": timm}, image, timm_center(timm, image))
    odd = {**timm, "input_size": [3, 6, 6], "crop_pct": 0.65}
    yield case("timm, odd margins", {"pretrained_cfg": odd}, image, timm_center(odd, image))
    whole = {**clip, "size": 7, "do_center_crop": False}
    yield processed("a number as a square, against the default", {**whole, "default_to_square": True}, image)
    yield processed("a number as shortest edge, against the default", {**vit, "default_to_square": False}, tall)
    yield processed("padding where the class knows none", {**convnext, "size": 6, "do_pad": True}, image)


print(json.dumps({
    "files": [decoded(name, file) for name, file in files.items()],
    "cmyk.jpg": text(encode(photo.convert("CMYK"), "JPEG")),
    "resized": [resized(*size, [3, 1][i % 2], filter) for i, size in enumerate(sizes) for filter in range(6)],
    "processed": list(processor_cases()),
}, indent=1))
