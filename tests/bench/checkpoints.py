"""Makes the benchmark's checkpoints in Hugging Face layout: seeded random models of known shapes.
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


def bert_tensors(config, seed):
    noise, width, prefix = Noise(seed), config["hidden_size"], "bert." if config["model_type"] == "bert" else "roberta."
    for table, rows in (("word", "vocab_size"), ("position", "max_position_embeddings"), ("token_type", "type_vocab_size")):
        noise.table(f"{prefix}embeddings.{table}_embeddings.weight", (config[rows], width), 0.5)
    noise.norm(f"{prefix}embeddings.LayerNorm", width)
    for i in range(config["num_hidden_layers"]):
        post_norm_block(noise, f"{prefix}encoder.layer.{i}", ("query", "key", "value"), width, config["intermediate_size"])
    return noise.tensors


def post_norm_block(noise, name, parts, width, feed_forward):
    for part in parts:
        noise.linear(f"{name}.attention.self.{part}", width, width)
    noise.linear(f"{name}.attention.output.dense", width, width)
    noise.norm(f"{name}.attention.output.LayerNorm", width)
    noise.linear(f"{name}.intermediate.dense", width, feed_forward)
    noise.linear(f"{name}.output.dense", feed_forward, width)
    noise.norm(f"{name}.output.LayerNorm", width)


def deberta_tensors(config, seed):
    noise, width = Noise(seed), config["hidden_size"]
    noise.table("deberta.embeddings.word_embeddings.weight", (config["vocab_size"], width), 0.5)
    noise.norm("deberta.embeddings.LayerNorm", width)
    noise.table("deberta.encoder.rel_embeddings.weight", (2 * config["position_buckets"], width), 0.5)
    noise.norm("deberta.encoder.LayerNorm", width)
    for i in range(config["num_hidden_layers"]):
        parts = ("query_proj", "key_proj", "value_proj")
        post_norm_block(noise, f"deberta.encoder.layer.{i}", parts, width, config["intermediate_size"])
    return noise.tensors


def modernbert_tensors(config, seed):
    noise, width, inner = Noise(seed), config["hidden_size"], config["intermediate_size"]

    def norm(name):
        noise.norm(name, width)
        del noise.tensors[f"{name}.bias"]

    noise.table("model.embeddings.tok_embeddings.weight", (config["vocab_size"], width), 0.5)
    norm("model.embeddings.norm")
    for i in range(config["num_hidden_layers"]):
        name = f"model.layers.{i}"
        if i:
            norm(f"{name}.attn_norm")
        noise.linear(f"{name}.attn.Wqkv", width, 3 * width, bias=False)
        noise.linear(f"{name}.attn.Wo", width, width, bias=False)
        norm(f"{name}.mlp_norm")
        noise.linear(f"{name}.mlp.Wi", width, 2 * inner, bias=False)
        noise.linear(f"{name}.mlp.Wo", inner, width, bias=False)
    norm("model.final_norm")
    return noise.tensors


def clip_layer(noise, name, width, feed_forward, norms=("layer_norm1", "layer_norm2"), mlp="mlp.", bare=()):
    """One pre-norm block of CLIP or Whisper."""
    noise.norm(f"{name}.{norms[0]}", width)
    for part in ("q", "k", "v", "out"):
        noise.linear(f"{name}.self_attn.{part}_proj", width, width, bias=part not in bare)
    noise.norm(f"{name}.{norms[1]}", width)
    noise.linear(f"{name}.{mlp}fc1", width, feed_forward)
    noise.linear(f"{name}.{mlp}fc2", feed_forward, width)


def clip_tensors(config, seed):
    noise, width, patch = Noise(seed), config["hidden_size"], config.get("patch_size")
    tower = "vision_model" if patch else "text_model"
    if patch:
        noise.table("vision_model.embeddings.class_embedding", (width,), 0.5)
        noise.linear("vision_model.embeddings.patch_embedding", 3 * patch * patch, width, bias=False, shape=(width, 3, patch, patch))
        noise.norm("vision_model.pre_layrnorm", width)
    else:
        noise.table("text_model.embeddings.token_embedding.weight", (config["vocab_size"], width), 0.5)
    places = 1 + (config["image_size"] // patch) ** 2 if patch else config["max_position_embeddings"]
    noise.table(f"{tower}.embeddings.position_embedding.weight", (places, width), 0.5)
    for i in range(config["num_hidden_layers"]):
        clip_layer(noise, f"{tower}.encoder.layers.{i}", width, config["intermediate_size"])
    noise.norm(f"{tower}.{'post_layernorm' if patch else 'final_layer_norm'}", width)
    noise.linear("visual_projection" if patch else "text_projection", width, config["projection_dim"], bias=False)
    return noise.tensors


def dinov2_tensors(config, seed):
    noise, width = Noise(seed), config["hidden_size"]
    patch, inner = config["patch_size"], config["mlp_ratio"] * width
    noise.table("embeddings.cls_token", (1, 1, width), 0.5)
    noise.table("embeddings.mask_token", (1, width), 0.5)
    noise.table("embeddings.position_embeddings", (1, 1 + (config["image_size"] // patch) ** 2, width), 0.5)
    noise.linear("embeddings.patch_embeddings.projection", 3 * patch * patch, width, shape=(width, 3, patch, patch))
    for i in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{i}"
        for part in ("query", "key", "value"):
            noise.linear(f"{name}.attention.attention.{part}", width, width)
        noise.linear(f"{name}.attention.output.dense", width, width)
        noise.linear(f"{name}.mlp.fc1", width, inner)
        noise.linear(f"{name}.mlp.fc2", inner, width)
        for half in (1, 2):
            noise.norm(f"{name}.norm{half}", width)
            noise.table(f"{name}.layer_scale{half}.lambda1", (width,), 0.5)
    noise.norm("layernorm", width)
    return noise.tensors


def whisper_tensors(config, seed):
    """The encoder alone; the hub's files have a decoder beside it."""
    noise, width, mels = Noise(seed), config["d_model"], config["num_mel_bins"]
    noise.linear("model.encoder.conv1", 3 * mels, width, shape=(width, mels, 3))
    noise.linear("model.encoder.conv2", 3 * width, width, shape=(width, width, 3))
    noise.table("model.encoder.embed_positions.weight", (config["max_source_positions"], width), 0.5)
    for i in range(config["encoder_layers"]):
        clip_layer(noise, f"model.encoder.layers.{i}", width, config["encoder_ffn_dim"],
                   norms=("self_attn_layer_norm", "final_layer_norm"), mlp="", bare=("k",))
    noise.norm("model.encoder.layer_norm", width)
    return noise.tensors


COMMON = {"hidden_act": "gelu", "image_size": 224, "num_channels": 3, "qkv_bias": True,
          "torch_dtype": "float32", "id2label": {str(i): f"LABEL_{i}" for i in range(1000)},
          "label2id": {f"LABEL_{i}": i for i in range(1000)}}


def vit_config(width, heads):
    return {**COMMON, "architectures": ["ViTForImageClassification"], "model_type": "vit",
            "hidden_size": width, "num_hidden_layers": 12, "num_attention_heads": heads,
            "intermediate_size": 4 * width, "patch_size": 16, "layer_norm_eps": 1e-12}


# All text models have BERT's vocabulary: a larger table is read no slower.
TEXT = {"torch_dtype": "float32", "vocab_size": 30522, "hidden_size": 768, "num_hidden_layers": 12, "hidden_act": "gelu",
        "num_attention_heads": 12, "intermediate_size": 3072, "max_position_embeddings": 512, "type_vocab_size": 2,
        "layer_norm_eps": 1e-12, "pad_token_id": 0}


CLIP = {"torch_dtype": "float32", "hidden_act": "quick_gelu", "num_hidden_layers": 12, "layer_norm_eps": 1e-5,
        "projection_dim": 512}


# DeiT-small without its distillation token is a ViT, in the hub's names too.
SHAPES = {
    "bert-base": {**TEXT, "architectures": ["BertModel"], "model_type": "bert"},
    "xlm-r-base": {**TEXT, "architectures": ["XLMRobertaModel"], "model_type": "xlm-roberta", "pad_token_id": 1,
                   "max_position_embeddings": 514, "type_vocab_size": 1, "layer_norm_eps": 1e-5},
    "deberta-v3-small": {**TEXT, "architectures": ["DebertaV2Model"], "model_type": "deberta-v2", "num_hidden_layers": 6,
                         "type_vocab_size": 0, "layer_norm_eps": 1e-7, "relative_attention": True, "position_buckets": 256,
                         "max_relative_positions": -1, "pos_att_type": ["p2c", "c2p"], "share_att_key": True,
                         "norm_rel_ebd": "layer_norm", "position_biased_input": False},
    "modernbert-base": {"architectures": ["ModernBertModel"], "model_type": "modernbert", "torch_dtype": "float32",
                        "vocab_size": 30522, "hidden_size": 768, "num_hidden_layers": 22, "num_attention_heads": 12,
                        "intermediate_size": 1152, "max_position_embeddings": 8192, "hidden_activation": "gelu",
                        "norm_eps": 1e-5, "norm_bias": False, "attention_bias": False, "mlp_bias": False,
                        "global_attn_every_n_layers": 3, "local_attention": 128, "global_rope_theta": 160000.0,
                        "local_rope_theta": 10000.0, "pad_token_id": 0},
    # The encoder of the tutorials.
    "width-512": {**TEXT, "architectures": ["BertModel"], "model_type": "bert", "hidden_size": 512, "num_hidden_layers": 6,
                  "num_attention_heads": 8, "intermediate_size": 2048},
    "deit-tiny": vit_config(192, 3),
    "deit-small": vit_config(384, 6),
    "vit-b16": vit_config(768, 12),
    "swin-t": {**COMMON, "architectures": ["SwinForImageClassification"], "model_type": "swin",
               "embed_dim": 96, "hidden_size": 768, "depths": [2, 2, 6, 2], "num_heads": [3, 6, 12, 24],
               "num_layers": 4, "mlp_ratio": 4.0, "window_size": 7, "patch_size": 4, "layer_norm_eps": 1e-5,
               "use_absolute_embeddings": False},
    "clip-b32-vision": {**CLIP, "architectures": ["CLIPVisionModelWithProjection"], "model_type": "clip_vision_model",
                        "hidden_size": 768, "intermediate_size": 3072, "num_attention_heads": 12, "image_size": 224,
                        "patch_size": 32, "num_channels": 3},
    "clip-b32-text": {**CLIP, "architectures": ["CLIPTextModelWithProjection"], "model_type": "clip_text_model",
                      "hidden_size": 512, "intermediate_size": 2048, "num_attention_heads": 8, "vocab_size": 30522,
                      "max_position_embeddings": 77, "eos_token_id": 2, "pad_token_id": 0},
    "dinov2-small": {"architectures": ["Dinov2Model"], "model_type": "dinov2", "torch_dtype": "float32", "hidden_act": "gelu",
                     "hidden_size": 384, "num_hidden_layers": 12, "num_attention_heads": 6, "mlp_ratio": 4,
                     "image_size": 518, "patch_size": 14, "num_channels": 3, "layer_norm_eps": 1e-6,
                     "layerscale_value": 1.0, "qkv_bias": True, "use_swiglu_ffn": False},
    "whisper-tiny": {"architectures": ["WhisperModel"], "model_type": "whisper", "torch_dtype": "float32",
                     "activation_function": "gelu", "d_model": 384, "encoder_layers": 4, "encoder_attention_heads": 6,
                     "encoder_ffn_dim": 1536, "num_mel_bins": 80, "max_source_positions": 1500, "scale_embedding": False},
}


MAKERS = {"vit": vit_tensors, "swin": swin_tensors, "bert": bert_tensors, "xlm-roberta": bert_tensors,
          "deberta-v2": deberta_tensors, "modernbert": modernbert_tensors, "clip_vision_model": clip_tensors,
          "clip_text_model": clip_tensors, "dinov2": dinov2_tensors, "whisper": whisper_tensors}


def write_random(name, folder):
    """Writes config.json and model.safetensors of the shape `name` into `folder`, the same on every run."""
    if name not in SHAPES:
        raise ValueError(f"unknown shape {name}, expected one of {', '.join(SHAPES)}")
    config, folder = SHAPES[name], Path(folder)
    make = MAKERS[config["model_type"]]
    folder.mkdir(parents=True, exist_ok=True)
    # The checkpoint appears whole or not at all, so an interrupted run leaves nothing half-written behind.
    save_file(make(config, seed=20240229), folder / "model.partial", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    os.replace(folder / "model.partial", folder / "model.safetensors")
