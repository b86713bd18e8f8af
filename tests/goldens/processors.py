"""Writes tests/goldens/data/processors: pictures of many shapes with the pixel_values that transformers' image processors and
timm's transforms make of them, in the form of the goldens' `images`.

Every class is called as its backend of Pillow under its plain name, or an old one, and as its backend of torchvision under the name
that ends in Fast; DINOv3 has torchvision's alone. `step` is what one of 255 levels is in the output, of each colour. Run by hand
(pip install transformers==5.24.0 torchvision==0.29.2 timm==1.0.31 pillow==13.0.0 numpy==2.4.6, then python3
tests/goldens/processors.py); not part of the tests."""
import json
import os

import numpy as np
import PIL
import timm
import torchvision
import transformers
from PIL import Image
from safetensors.numpy import save_file
from timm.data import create_transform, resolve_data_config
from transformers.utils import logging

logging.set_verbosity_error()
random = np.random.default_rng(11)


def noise(height, width, channels=3):
    return random.integers(0, 256, (height, width, channels), dtype=np.uint8)


def smooth(height, width):
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin(x / 5) * np.cos(y / 7), np.sin((x + y) / 9), np.cos(x * y / 97)]
    return np.stack([np.round(wave * 127 + 128) for wave in waves], -1).astype(np.uint8)


IMAGES = {
    "smooth 61x37": smooth(61, 37), "noise 23x31": noise(23, 31), "noise 40x40": noise(40, 40), "tiny 2x3": noise(2, 3),
    "one pixel": noise(1, 1), "wide 5x70": noise(5, 70), "tall 83x6": noise(83, 6), "checks 33x21": np.indices((33, 21)).sum(0)[..., None].repeat(3, -1).astype(np.uint8) % 2 * 255,
    "grey 19x28": noise(19, 28, 1), "alpha 26x17": noise(26, 17, 4),
}

# Of each class, configurations that say much, little, and in old words; each meets every picture of a part of them.
CONFIGS = {
    "ViT": [
        {"size": {"height": 12, "width": 9}}, {"size": 11, "resample": 3, "image_mean": 0.25, "image_std": [0.5, 0.25, 2]},
        {"size": [7, 13], "resample": 1, "do_normalize": False}, {"size": {"max_height": 14, "max_width": 10}},
        {"size": {"shortest_edge": 9, "longest_edge": 12}, "resample": 0}, {"size": 8, "do_center_crop": True, "crop_size": 11, "rescale_factor": 1 / 127.5},
        {"size": 10, "do_center_crop": None, "do_normalize": None, "resample": "bilinear"},
    ],
    "DeiT": [{"size": 14, "crop_size": 11}, {"size": {"height": 10, "width": 13}, "crop_size": {"height": 9, "width": 9}, "resample": 1}, {"size": 12, "do_center_crop": False}],
    "Beit": [{"size": 12}, {"size": {"height": 13, "width": 13}, "do_center_crop": True, "crop_size": [10, 11], "do_reduce_labels": True, "resample": 2}],
    "Bit": [{"size": 12, "crop_size": 10}, {"size": {"shortest_edge": 9}, "crop_size": {"height": 12, "width": 8}, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}],
    "CLIP": [{"size": {"shortest_edge": 11}, "crop_size": 11}, {"size": 9, "crop_size": 12, "do_convert_rgb": True, "resample": 2}, {"size": {"height": 10, "width": 10}, "do_center_crop": None}],
    "Siglip": [{"size": {"height": 11, "width": 11}}, {"size": {"height": 8, "width": 12}, "resample": 2, "do_rescale": False, "image_mean": [120, 110, 100], "image_std": [60, 70, 80]}],
    "DINOv3ViT": [
        {"size": {"height": 12, "width": 12}}, {"size": 10, "resample": 3, "image_mean": [0.43, 0.411, 0.296], "image_std": [0.213, 0.156, 0.143]},
        {"size": {"shortest_edge": 9}, "do_center_crop": True, "crop_size": [11, 8]}, {"size": 9, "resample": 0}, {"do_resize": False, "do_center_crop": True, "crop_size": 9},
    ],
    "ConvNext": [{"size": {"shortest_edge": 10}, "crop_pct": 0.8}, {"size": 12}],
    "Pvt": [{"size": 10}, {"size": 9, "resample": 2}],
    "Segformer": [{"size": 12}, {"size": [8, 10], "resample": 3}],
}
BOX = [{"size": 9, "resample": 4}, {"size": [10, 12], "resample": 5}]  # filters that torchvision has not

TIMM = [
    {"input_size": [3, 12, 12], "crop_pct": 0.9, "interpolation": "bicubic", "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]},
    {"input_size": [3, 10, 14], "crop_pct": 0.8, "interpolation": "bilinear", "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
    {"input_size": [3, 11, 11], "crop_pct": 1.0, "crop_mode": "squash", "interpolation": "lanczos"},
    {"input_size": [3, 12, 10], "crop_pct": 0.95, "crop_mode": "border", "mean": [0.48145466, 0.4578275, 0.40821073], "std": [0.26862954, 0.26130258, 0.27577711]},
    {"input_size": [3, 9, 9], "crop_mode": "border", "crop_pct": 1.2, "interpolation": "bilinear"},
    {"input_size": [3, 9, 9]},
]

tensors = {f"image.{name}": image for name, image in IMAGES.items()}
cases = []


def picture(image):
    """As load_image gives it: RGB, alpha left out."""
    return Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image).convert("RGB")


def add(name, config, image, out, std, scale, reference):
    out = np.ascontiguousarray(out, dtype=np.float32)
    tensors[f"out.{name}"] = out
    cases.append({
        "name": name, "image": f"image.{image}", "preprocessor_config": config, "output": f"out.{name}", "shape": list(out.shape),
        "reference": reference, "tol_u8": 1, "step": [float(abs(scale / s)) for s in std],
    })


def colours(value, on):
    return list(np.broadcast_to(np.asarray(value, dtype=float), 3)) if on else [1.0] * 3


def processed(kind, number, config, image, written, suffix):
    cls = getattr(transformers, f"{kind}ImageProcessor{suffix}")
    processor = cls(**config)
    try:
        out = processor(picture(IMAGES[image]), return_tensors="np")["pixel_values"][0]
    except (ValueError, RuntimeError, ZeroDivisionError, NotImplementedError):
        return  # a side of 0
    scale = processor.rescale_factor if processor.do_rescale else 1
    add(f"{written}.{number}.{image}".lower(), config, image, out, colours(processor.image_std, processor.do_normalize), scale, cls.__name__)


def names(kind, number):
    """What files call it: the class of this number's turn."""
    if kind == "DINOv3ViT":
        return {"": {"image_processor_type": f"{kind}ImageProcessor{['Fast', ''][number % 2]}"}}
    plain = [{"image_processor_type": f"{kind}ImageProcessor"}, {"feature_extractor_type": f"{kind}FeatureExtractor"}][number % 2]
    return {"Pil": plain, "": {"image_processor_type": f"{kind}ImageProcessorFast"}}


def run():
    turn = 0
    for kind, configs in CONFIGS.items():
        for number, config in enumerate(configs + (BOX if kind == "ViT" else [])):
            for suffix, type in names(kind, number).items():
                pictures = list(IMAGES)
                for image in pictures[turn % 3 :: 3]:
                    written = f"{kind}{'.fast' if suffix == '' and kind != 'DINOv3ViT' else ''}"
                    before = len(cases)
                    processed(kind, number, config, image, written, suffix)
                    for case in cases[before:]:
                        case["preprocessor_config"] = {**type, **config}
                turn += 1
    for number, config in enumerate(TIMM):
        resolved = resolve_data_config(config)
        transform = create_transform(**resolved, is_training=False)
        for image in list(IMAGES)[number % 2 :: 2]:
            try:
                out = transform(picture(IMAGES[image])).numpy()
            except (ValueError, RuntimeError, ZeroDivisionError):
                continue
            add(f"timm.{number}.{image}", {"pretrained_cfg": config}, image, out, resolved["std"], 1 / 255, "timm.create_transform")


run()
folder = os.path.join(os.path.dirname(__file__), "data", "processors")
os.makedirs(folder, exist_ok=True)
save_file(tensors, os.path.join(folder, "images.safetensors"))
made = {"transformers": transformers.__version__, "torchvision": torchvision.__version__, "timm": timm.__version__, "pillow": PIL.__version__}
with open(os.path.join(folder, "index.json"), "w") as file:
    json.dump({"note": "as images, with other channels and classes; step: one of 255 levels in the output", "made_with": made, "cases": cases}, file, indent=1)
    file.write("\n")
print(len(cases), "cases", os.path.getsize(os.path.join(folder, "images.safetensors")), "bytes")
