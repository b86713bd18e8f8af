"""DeBERTa-v2 and ModernBERT as ONNX graphs of plain operators, for texts of one length: what depends on places alone (buckets,
angles, the band of local layers) is a constant, as exporters fold it. Not a converter for other models: an option that is not
expected here is an error."""

import math

import numpy as np
from onnx import TensorProto

from onnx_graphs import MASKED, Graph, expect


def inputs(g):
    return (g.input(name, TensorProto.INT64, ["B", "T"]) for name in ("input_ids", "attention_mask"))


def additive(g, mask):
    """attention_mask [B, T] as what is added to scores [B, 1, 1, T]."""
    hidden = g.op("Sub", g.constant(np.float32(1)), g.op("Cast", mask, to=TensorProto.FLOAT))
    return g.op("Unsqueeze", g.op("Mul", hidden, g.constant(MASKED)), g.ints(1, 2))


def buckets(length, size, most):
    """make_log_bucket_position of modeling_deberta_v2: [length, length] of query minus key."""
    relative = np.arange(length)[:, None] - np.arange(length)[None, :]
    if size <= 0 or most <= 0:
        return relative
    middle = size // 2
    inside = (relative < middle) & (relative > -middle)
    distance = np.where(inside, middle - 1, np.abs(relative)).astype(np.float64)
    far = np.ceil(np.log(distance / middle) / math.log((most - 1) / middle) * (middle - 1)) + middle
    return np.where(distance <= middle, relative, far * np.sign(relative)).astype(np.int64)


def deberta_v2(config, weights, batch, length):
    expect(config, hidden_act="gelu", relative_attention=True, share_att_key=True, norm_rel_ebd="layer_norm",
           position_biased_input=False, type_vocab_size=0)
    if set(config["pos_att_type"]) != {"c2p", "p2c"}:
        raise ValueError(f"config.json: pos_att_type is {config['pos_att_type']!r}")
    g, width, eps = Graph(weights, "deberta."), config["hidden_size"], config["layer_norm_eps"]
    heads = config["num_attention_heads"]
    size = width // heads
    ids, mask = inputs(g)
    x = g.norm(g.op("Gather", g.constant(g.weight("embeddings.word_embeddings.weight")), ids), "embeddings.LayerNorm", eps)
    x = g.op("Mul", x, g.op("Unsqueeze", g.op("Cast", mask, to=TensorProto.FLOAT), g.ints(2)))
    masked = additive(g, mask)
    most = config["max_relative_positions"]
    most = config["max_position_embeddings"] if most < 1 else most
    span = config["position_buckets"] if config["position_buckets"] > 0 else most
    places = buckets(length, config["position_buckets"], most)
    index = [np.broadcast_to(np.clip(sign * places + span, 0, 2 * span - 1), (batch, heads, length, length))
             for sign in (1, -1)]
    to_position, from_position = (g.constant(one.astype(np.int64)) for one in index)
    relative = g.norm(g.constant(g.weight("encoder.rel_embeddings.weight")[: 2 * span]), "encoder.LayerNorm", eps)
    scale = g.constant(np.float32(1 / math.sqrt(3 * size)))

    def rows(y, name, order):
        return g.op("Transpose", g.reshape(g.linear(y, name), 0, -1, heads, size), perm=order)

    def table(name, order):
        return g.op("Transpose", g.reshape(g.linear(relative, name), -1, heads, size), perm=order)

    for i in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{i}"
        own = f"{name}.attention.self"
        query, key = (rows(x, f"{own}.{part}_proj", [0, 2, 1, 3]) for part in ("query", "key"))
        scores = g.op("MatMul", query, g.op("Transpose", key, perm=[0, 1, 3, 2]))
        c2p = g.op("MatMul", query, table(f"{own}.key_proj", [1, 2, 0]))
        p2c = g.op("MatMul", key, table(f"{own}.query_proj", [1, 2, 0]))
        scores = g.op("Add", scores, g.op("GatherElements", c2p, to_position, axis=3))
        turned = g.op("Transpose", g.op("GatherElements", p2c, from_position, axis=3), perm=[0, 1, 3, 2])
        scores = g.op("Add", g.op("Mul", g.op("Add", scores, turned), scale), masked)
        y = g.op("MatMul", g.op("Softmax", scores, axis=-1), rows(x, f"{own}.value_proj", [0, 2, 1, 3]))
        y = g.reshape(g.op("Transpose", y, perm=[0, 2, 1, 3]), 0, -1, width)
        y = g.linear(y, f"{name}.attention.output.dense")
        x = g.norm(g.op("Add", y, x), f"{name}.attention.output.LayerNorm", eps)
        x = g.norm(g.op("Add", g.feed_forward(x, name), x), f"{name}.output.LayerNorm", eps)
    return g.model(x, "last_hidden_state", ["B", "T", width])


def modernbert(config, weights, batch, length):
    expect(config, hidden_activation="gelu", attention_bias=False, mlp_bias=False, norm_bias=False)
    g, width, eps = Graph(weights, "model."), config["hidden_size"], config["norm_eps"]
    heads = config["num_attention_heads"]
    size = width // heads
    ids, mask = inputs(g)

    def norm(y, name):
        return g.op("LayerNormalization", y, g.constant(g.weight(f"{name}.weight")), axis=-1, epsilon=eps)

    x = norm(g.op("Gather", g.constant(g.weight("embeddings.tok_embeddings.weight")), ids), "embeddings.norm")
    everywhere = additive(g, mask)
    distance = np.abs(np.arange(length)[:, None] - np.arange(length)[None, :])
    band = np.where(distance <= config["local_attention"] // 2, np.float32(0), MASKED)
    near = g.op("Add", everywhere, g.constant(band[None, None]))

    def angles(theta):
        turns = np.arange(length)[:, None] * theta ** (-np.arange(0, size, 2) / size)
        turns = np.concatenate([turns, turns], axis=1)
        return g.constant(np.cos(turns).astype(np.float32)), g.constant(np.sin(turns).astype(np.float32))

    tables = {kind: angles(config[f"{kind}_rope_theta"]) for kind in ("global", "local")}
    scale = g.constant(np.float32(size**-0.5))
    for i in range(config["num_hidden_layers"]):
        name = f"layers.{i}"
        is_global = i % config["global_attn_every_n_layers"] == 0
        cos, sin = tables["global" if is_global else "local"]

        def turned(y):
            first, second = g.slice(y, 3, 0, size // 2), g.slice(y, 3, size // 2, size)
            rotated = g.op("Concat", g.op("Neg", second), first, axis=3)
            return g.op("Add", g.op("Mul", y, cos), g.op("Mul", rotated, sin))

        y = norm(x, f"{name}.attn_norm") if i else x
        y = g.reshape(g.linear(y, f"{name}.attn.Wqkv", bias=False), 0, -1, 3, heads, size)
        y = g.op("Transpose", y, perm=[2, 0, 3, 1, 4])
        query, key, value = (g.op("Squeeze", g.slice(y, 0, k, k + 1), g.ints(0)) for k in range(3))
        query = g.op("Mul", turned(query), scale)
        scores = g.op("MatMul", query, g.op("Transpose", turned(key), perm=[0, 1, 3, 2]))
        shares = g.op("Softmax", g.op("Add", scores, everywhere if is_global else near), axis=-1)
        y = g.op("Transpose", g.op("MatMul", shares, value), perm=[0, 2, 1, 3])
        x = g.op("Add", x, g.linear(g.reshape(y, 0, -1, width), f"{name}.attn.Wo", bias=False))
        y = g.linear(norm(x, f"{name}.mlp_norm"), f"{name}.mlp.Wi", bias=False)
        inner = config["intermediate_size"]
        y = g.op("Mul", g.gelu(g.slice(y, 2, 0, inner)), g.slice(y, 2, inner, 2 * inner))
        x = g.op("Add", x, g.linear(y, f"{name}.mlp.Wo", bias=False))
    return g.model(norm(x, "final_norm"), "last_hidden_state", ["B", "T", width])
