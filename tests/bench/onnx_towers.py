"""CLIP's two towers, DINOv2 and Whisper's encoder as ONNX graphs of plain operators: pre-norm layers whose modules have other
names than ViT's. Not a converter for other models: an option that is not expected here is an error."""

import numpy as np
from onnx import TensorProto

from onnx_graphs import MASKED, Graph, expect
from onnx_text import additive, inputs

CLIP = {"norm1": "layer_norm1", "query": "self_attn.q_proj", "key": "self_attn.k_proj", "value": "self_attn.v_proj",
        "out": "self_attn.out_proj", "norm2": "layer_norm2", "fc1": "mlp.fc1", "fc2": "mlp.fc2"}
WHISPER = {**CLIP, "norm1": "self_attn_layer_norm", "norm2": "final_layer_norm", "fc1": "fc1", "fc2": "fc2"}
DINO = {"norm1": "norm1", **{part: f"attention.attention.{part}" for part in ("query", "key", "value")},
        "out": "attention.output.dense", "norm2": "norm2", "fc1": "mlp.fc1", "fc2": "mlp.fc2"}


def quick_gelu(g, x):
    return g.op("Mul", x, g.op("Sigmoid", g.op("Mul", x, g.constant(np.float32(1.702)))))


def layers(g, x, names, at, config, activation, mask=None, bare=(), scales=(None, None)):
    """Pre-norm layers over x [B, T, width]; bare: linears without a bias; scales: vectors that multiply a branch."""
    width, count, heads, eps = config
    size = width // heads

    def linear(y, name, part):
        return g.linear(y, f"{name}.{names[part]}", bias=part not in bare)

    def split(y, name, part, order):
        return g.op("Transpose", g.reshape(linear(y, name, part), 0, -1, heads, size), perm=order)

    def add(x, y, name, scale):
        return g.op("Add", x, g.op("Mul", y, g.constant(g.weight(f"{name}.{scale}"))) if scale else y)

    for i in range(count):
        name = at.replace("#", str(i))
        y = g.norm(x, f"{name}.{names['norm1']}", eps)
        query = g.op("Mul", split(y, name, "query", [0, 2, 1, 3]), g.constant(np.float32(size**-0.5)))
        scores = g.op("MatMul", query, split(y, name, "key", [0, 2, 3, 1]))
        shares = g.op("Softmax", g.op("Add", scores, mask) if mask else scores, axis=-1)
        y = g.op("Transpose", g.op("MatMul", shares, split(y, name, "value", [0, 2, 1, 3])), perm=[0, 2, 1, 3])
        x = add(x, linear(g.reshape(y, 0, -1, width), name, "out"), name, scales[0])
        y = activation(linear(g.norm(x, f"{name}.{names['norm2']}", eps), name, "fc1"))
        x = add(x, linear(y, name, "fc2"), name, scales[1])
    return x


def stack_of(config):
    return config["hidden_size"], config["num_hidden_layers"], config["num_attention_heads"], config["layer_norm_eps"]


def patch_tokens(g, config, image, kernel, bias, first):
    """pixel_values [B, 3, *image] -> [B, 1 + patches, width] behind a class token."""
    width = config["hidden_size"]
    pixels = g.input("pixel_values", TensorProto.FLOAT, ["B", config["num_channels"], *image])
    x = g.op("Conv", pixels, g.constant(kernel), *bias, strides=[config["patch_size"]] * 2)
    x = g.op("Transpose", g.reshape(x, 0, width, -1), perm=[0, 2, 1])
    batch = g.slice(g.op("Shape", pixels), 0, 0, 1)
    first = g.op("Expand", g.constant(first.reshape(1, 1, width)), g.op("Concat", batch, g.ints(1, width), axis=0))
    return g.op("Concat", first, x, axis=1)


def clip_vision(config, weights, image):
    """pixel_values -> last_hidden_state, which no norm follows."""
    expect(config, hidden_act="quick_gelu", image_size=image[0])
    g = Graph(weights, "vision_model.")
    embeddings = [g.weight(f"embeddings.{name}") for name in ("patch_embedding.weight", "class_embedding", "position_embedding.weight")]
    x = patch_tokens(g, config, image, embeddings[0], [], embeddings[1])
    x = g.norm(g.op("Add", x, g.constant(embeddings[2])), "pre_layrnorm", config["layer_norm_eps"])
    x = layers(g, x, CLIP, "encoder.layers.#", stack_of(config), lambda y: quick_gelu(g, y))
    return g.model(x, "last_hidden_state", ["B", len(embeddings[2]), config["hidden_size"]])


def clip_text(config, weights, batch, length):
    """input_ids, attention_mask -> last_hidden_state; each token attends to those up to itself."""
    expect(config, hidden_act="quick_gelu")
    g = Graph(weights, "text_model.")
    ids, mask = inputs(g)
    x = g.op("Gather", g.constant(g.weight("embeddings.token_embedding.weight")), ids)
    x = g.op("Add", x, g.constant(g.weight("embeddings.position_embedding.weight")[:length]))
    causal = np.triu(np.full((length, length), MASKED, np.float32), 1)
    both = g.op("Min", additive(g, mask), g.constant(causal[None, None]))
    x = layers(g, x, CLIP, "encoder.layers.#", stack_of(config), lambda y: quick_gelu(g, y), mask=both)
    x = g.norm(x, "final_layer_norm", config["layer_norm_eps"])
    return g.model(x, "last_hidden_state", ["B", length, config["hidden_size"]])


def cubic_weights(old, new):
    """[new, old] of PyTorch's bicubic interpolation: a = -0.75, corners not aligned, ends repeated."""
    weights = np.zeros((new, old))
    for at in range(new):
        centre = (at + 0.5) * old / new - 0.5
        for entry in range(int(np.floor(centre)) - 1, int(np.floor(centre)) + 3):
            t = abs(entry - centre)
            weight = (1.25 * t - 2.25) * t * t + 1 if t < 1 else ((-0.75 * t + 3.75) * t - 6) * t + 3
            weights[at, min(max(entry, 0), old - 1)] += weight
    return weights


def dinov2(config, weights, image):
    """pixel_values -> last_hidden_state; positions of another size are resized once, as exporters fold them."""
    expect(config, hidden_act="gelu", use_swiglu_ffn=False, qkv_bias=True)
    g, patch, width = Graph(weights, "dinov2."), config["patch_size"], config["hidden_size"]
    name = "embeddings.patch_embeddings.projection"
    x = patch_tokens(g, config, image, g.weight(f"{name}.weight"), [g.constant(g.weight(f"{name}.bias"))],
                     g.weight("embeddings.cls_token"))
    positions, side = g.weight("embeddings.position_embeddings")[0], config["image_size"] // patch
    down, across = (cubic_weights(side, size // patch) for size in image)
    table = np.einsum("yi,xj,ijd->yxd", down, across, positions[1:].reshape(side, side, width)).reshape(-1, width)
    x = g.op("Add", x, g.constant(np.concatenate([positions[:1], table.astype(np.float32)])[None]))
    scales = ("layer_scale1.lambda1", "layer_scale2.lambda1")
    x = layers(g, x, DINO, "encoder.layer.#", stack_of(config), g.gelu, scales=scales)
    x = g.norm(x, "layernorm", config["layer_norm_eps"])
    return g.model(x, "last_hidden_state", ["B", 1 + len(table), width])


def whisper(config, weights):
    """input_features [B, mels, 2 T] -> last_hidden_state [B, T, width]."""
    expect(config, activation_function="gelu", scale_embedding=False)
    prefix = "encoder." if "encoder.conv1.weight" in weights else "model.encoder."
    g, width, places = Graph(weights, prefix), config["d_model"], config["max_source_positions"]
    x = g.input("input_features", TensorProto.FLOAT, ["B", config["num_mel_bins"], 2 * places])
    for stride in (1, 2):
        kernel, bias = (g.constant(g.weight(f"conv{stride}.{part}")) for part in ("weight", "bias"))
        x = g.gelu(g.op("Conv", x, kernel, bias, strides=[stride], pads=[1, 1]))
    x = g.op("Add", g.op("Transpose", x, perm=[0, 2, 1]), g.constant(g.weight("embed_positions.weight")))
    stack = width, config["encoder_layers"], config["encoder_attention_heads"], 1e-5
    x = layers(g, x, WHISPER, "layers.#", stack, g.gelu, bare=("key",))
    return g.model(g.norm(x, "layer_norm", 1e-5), "last_hidden_state", ["B", places, width])
