"""Prints tests/vision/grey_fixtures.json: pixel_values that transformers' processors make of a grey picture where one mean and one
deviation stand for all colours. Run by hand (pip install pillow==13.0.0 numpy==2.4.6 transformers==5.24.0 torchvision, then
python3 tests/vision/grey_fixtures.py > tests/vision/grey_fixtures.json); not part of the tests."""
import json

import numpy as np
import transformers
from PIL import Image

pixels = np.random.default_rng(3).integers(0, 256, (5, 7), dtype=np.uint8)
picture = Image.fromarray(pixels)
cases = []
for name, extra in [("ViT", {}), ("ViT", {"do_resize": False}), ("DeiT", {"crop_size": {"height": 6, "width": 9}}),
                    ("CLIP", {"do_convert_rgb": False, "do_center_crop": False})]:
    config = {"image_mean": [0.1307], "image_std": [0.3081], "size": {"height": 8, "width": 6}, **extra}
    processor = getattr(transformers, f"{name}ImageProcessorPil")(**config)
    values = np.asarray(processor(picture, return_tensors="np")["pixel_values"][0])
    cases.append({"config": {"image_processor_type": f"{name}ImageProcessor", **config},
                  "shape": list(values.shape), "values": [float(x) for x in values.astype(np.float32).ravel()]})
print(json.dumps({"pixels": pixels.ravel().tolist(), "height": 5, "width": 7, "cases": cases}))
