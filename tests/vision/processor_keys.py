"""Prints tests/vision/processor_keys.json: every key of preprocessor_config.json that transformers' image processors know, class by
class, what the class has where the file is silent, and which image processor a model type gets where the file names none.

A key is known if the class's valid_kwargs have it, or if a method that takes keyword arguments on the way in asks for it by name.
Run by hand (pip install pillow==13.0.0 numpy==2.4.6 torchvision==0.29.2 transformers==5.24.0, then python3 tests/vision/processor_keys.py >
tests/vision/processor_keys.json); not part of the tests."""
import ast
import inspect
import json
import textwrap

import transformers
from transformers.models.auto.image_processing_auto import IMAGE_PROCESSOR_MAPPING_NAMES

# The image processors that bindings/vision supports, without the ending ImageProcessor.
CLASSES = ["ViT", "DeiT", "Beit", "Siglip", "CLIP", "Bit", "ConvNext", "Segformer", "Pvt", "DINOv3ViT"]
ENTRANCES = ["__init__", "from_dict", "_set_attributes", "_standardize_kwargs"]


def is_kwargs(node):
    return isinstance(node, ast.Name) and "kwargs" in node.id


def asked_for(method):
    """Strings in kwargs["…"], kwargs.pop("…"), kwargs.get("…") and "…" in kwargs."""
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(method)))):
        if isinstance(node, ast.Subscript) and is_kwargs(node.value):
            yield node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_kwargs(node.func.value):
            yield from node.args[:1]
        elif isinstance(node, ast.Compare) and any(is_kwargs(right) for right in node.comparators):
            yield node.left


def parameters(method):
    return [name for name in inspect.signature(method).parameters if name not in ("self", "cls", "kwargs")]


def keys_of(cls):
    keys = set(cls.valid_kwargs.__annotations__)
    for base in cls.__mro__:
        for name in ENTRANCES:
            method = base.__dict__.get(name)
            if method is None or not base.__module__.startswith("transformers"):
                continue
            method = getattr(method, "__func__", method)
            keys |= {key.value for key in asked_for(method) if isinstance(key, ast.Constant) and isinstance(key.value, str)}
            keys |= set(parameters(method)) - {"image_processor_dict"}
    # What decides which class it is; and what from_dict takes from its caller, not from the file.
    return sorted((keys | {"image_processor_type"}) - {"return_unused_kwargs"})


def name_of(classes):
    return (classes.get("pil") or classes.get("torchvision") or "").removesuffix("Pil").removesuffix("ImageProcessor")


def class_of(name):
    """With the backend of Pillow, where it has one."""
    return getattr(transformers, f"{name}ImageProcessorPil", None) or getattr(transformers, f"{name}ImageProcessor")


DEFAULTS = ["do_resize", "size", "default_to_square", "resample", "do_center_crop", "crop_size", "do_rescale", "rescale_factor"]
DEFAULTS += ["do_normalize", "image_mean", "image_std"]


def defaults_of(cls):
    processor = cls()
    values = {key: getattr(processor, key, None) for key in DEFAULTS}
    sizes = {key: {side: x for side, x in dict(values[key]).items() if x is not None} for key in ("size", "crop_size") if values[key]}
    return {**values, **sizes}


print(json.dumps({
    "transformers": transformers.__version__,
    "keys": {name: keys_of(class_of(name)) for name in CLASSES},
    "defaults": {name: defaults_of(class_of(name)) for name in CLASSES},
    "models": {model: name_of(classes) for model, classes in sorted(IMAGE_PROCESSOR_MAPPING_NAMES.items()) if name_of(classes) in CLASSES},
}, indent=1))
