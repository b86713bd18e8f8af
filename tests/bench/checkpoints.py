"""Makes the benchmark's vision checkpoints in Hugging Face layout: seeded random models of known shapes.
Not a model library: the names are the hub's, the values are noise."""

import json
import math
import os
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file


class Noise:
    """Collects seeded random tensors under the hub's names."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.tensors = {}

    def table(self, name, shape, scale):
        self.tensors[name] = self.random.standard_normal(shape, np.float32) * np.float32(scale)

    def linear(self, name, inputs, outputs, bias=True, shape=None):
        self.table(f"{name}.weight", shape or (outputs, inputs), 1 / math.sqrt(inputs))
        if bias:
            self.table(f"{name}.bias", (outputs,), 0.1)

    def norm(self, name, width):
        self.table(f"{name}.weight", (width,), 0.1)
        self.tensors[f"{name}.weight"] += 1
        self.table(f"{name}.bias", (width,), 0.1)

    def block(self, name, attention, width, feed_forward):
        """One pre-norm block; ViT and Swin differ only in the word before query, key and value."""
        self.norm(f"{name}.layernorm_before", width)
        for part in ("query", "key", "value"):
            self.linear(f"{name}.attention.{attention}.{part}", width, width)
        self.linear(f"{name}.attention.output.dense", width, width)
        self.norm(f"{name}.layernorm_after", width)
        self.linear(f"{name}.intermediate.dense", width, feed_forward)
        self.linear(f"{name}.output.dense", feed_forward, width)


def patches(noise, prefix, config, width):
    patch, channels = config["patch_size"], config["num_channels"]
    noise.linear(f"{prefix}.embeddings.patch_embeddings.projection", channels * patch * patch, width,
                 shape=(width, channels, patch, patch))


def vit_tensors(config, seed):
    noise, width = Noise(seed), config["hidden_size"]
    count = (config["image_size"] // config["patch_size"]) ** 2
    noise.table("vit.embeddings.cls_token", (1, 1, width), 0.5)
    noise.table("vit.embeddings.position_embeddings", (1, 1 + count, width), 0.5)
    patches(noise, "vit", config, width)
    for i in range(config["num_hidden_layers"]):
        noise.block(f"vit.encoder.layer.{i}", "attention", width, config["intermediate_size"])
    noise.norm("vit.layernorm", width)
    noise.linear("classifier", width, len(config["id2label"]))
    return noise.tensors


def swin_tensors(config, seed):
    noise, width = Noise(seed), config["embed_dim"]
    patches(noise, "swin", config, width)
    noise.norm("swin.embeddings.norm", width)
    stages = len(config["depths"])
    for s, (depth, heads) in enumerate(zip(config["depths"], config["num_heads"])):
        for b in range(depth):
            name = f"swin.encoder.layers.{s}.blocks.{b}"
            noise.block(name, "self", width, int(config["mlp_ratio"] * width))
            table = ((2 * config["window_size"] - 1) ** 2, heads)
            noise.table(f"{name}.attention.self.relative_position_bias_table", table, 0.5)
        if s + 1 < stages:
            noise.norm(f"swin.encoder.layers.{s}.downsample.norm", 4 * width)
            noise.linear(f"swin.encoder.layers.{s}.downsample.reduction", 4 * width, 2 * width, bias=False)
            width *= 2
    noise.norm("swin.layernorm", width)
    noise.linear("classifier", width, len(config["id2label"]))
    return noise.tensors


COMMON = {"hidden_act": "gelu", "image_size": 224, "num_channels": 3, "qkv_bias": True,
          "torch_dtype": "float32", "id2label": {str(i): f"LABEL_{i}" for i in range(1000)},
          "label2id": {f"LABEL_{i}": i for i in range(1000)}}


def vit_config(width, heads):
    return {**COMMON, "architectures": ["ViTForImageClassification"], "model_type": "vit",
            "hidden_size": width, "num_hidden_layers": 12, "num_attention_heads": heads,
            "intermediate_size": 4 * width, "patch_size": 16, "layer_norm_eps": 1e-12}


# DeiT-small without its distillation token is a ViT, in the hub's names too.
SHAPES = {
    "deit-small": vit_config(384, 6),
    "vit-b16": vit_config(768, 12),
    "swin-t": {**COMMON, "architectures": ["SwinForImageClassification"], "model_type": "swin",
               "embed_dim": 96, "hidden_size": 768, "depths": [2, 2, 6, 2], "num_heads": [3, 6, 12, 24],
               "num_layers": 4, "mlp_ratio": 4.0, "window_size": 7, "patch_size": 4, "layer_norm_eps": 1e-5,
               "use_absolute_embeddings": False},
}


def write_random(name, folder):
    """Writes config.json and model.safetensors of the shape `name` into `folder`, the same on every run."""
    if name not in SHAPES:
        raise ValueError(f"unknown shape {name}, expected one of {', '.join(SHAPES)}")
    config, folder = SHAPES[name], Path(folder)
    make = vit_tensors if config["model_type"] == "vit" else swin_tensors
    folder.mkdir(parents=True, exist_ok=True)
    # The checkpoint appears whole or not at all, so an interrupted run leaves nothing half-written behind.
    save_file(make(config, seed=20240229), folder / "model.partial", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    os.replace(folder / "model.partial", folder / "model.safetensors")
