"""The forward of Swin as an ONNX graph: windows, shifts and merging by Reshape, Transpose, Slice and Concat.
Knows only maps that their windows divide, as Swin's at 224 are; others are an error."""

import numpy as np

from onnx_graphs import Graph, expect, finish, patch_rows, pre_norm_block

MERGE_EPS = 1e-5  # the patch norm's and the merging norms' epsilon, whatever the config says


def window_bias(table, window):
    """Table [(2w-1)^2, heads] -> bias [heads, w^2, w^2]."""
    y, x = np.divmod(np.arange(window * window), window)
    dy, dx = (a[:, None] - a[None, :] + window - 1 for a in (y, x))
    return table[dy * (2 * window - 1) + dx].transpose(2, 0, 1)


def shift_mask(side, window, shift):
    """Scores to add [windows, 1, w^2, w^2]: -100 where the roll brought two regions into one window."""
    edges = np.digitize(np.arange(side), [side - window, side - shift])
    regions = 3 * edges[:, None] + edges[None, :]
    count = side // window
    regions = regions.reshape(count, window, count, window).transpose(0, 2, 1, 3).reshape(count * count, -1)
    return np.where(regions[:, None, :, None] == regions[:, None, None, :], np.float32(0), np.float32(-100))


def roll(g, x, shift):
    """x [B, side, side, C] rolled by -shift along both sides, as torch.roll is exported."""
    for axis in (1, 2):
        x = g.op("Concat", g.slice(x, axis, shift, 2**31), g.slice(x, axis, 0, shift), axis=axis)
    return x


def window_attention(g, x, name, side, width, heads, window, shift):
    """x [B, side^2, width] -> the same, attended within windows."""
    count, tokens = side // window, window * window
    x = g.reshape(x, -1, side, side, width)
    if shift:
        x = roll(g, x, shift)
    x = g.op("Transpose", g.reshape(x, -1, count, window, count, window, width), perm=[0, 1, 3, 2, 4, 5])
    x = g.reshape(x, -1, tokens, width)
    bias = window_bias(g.weight(f"{name}.attention.self.relative_position_bias_table"), window)

    def add_scores(scores):
        if not shift:
            return g.op("Add", scores, g.constant(bias))
        scores = g.reshape(scores, -1, count * count, heads, tokens, tokens)
        scores = g.op("Add", scores, g.constant(bias + shift_mask(side, window, shift)))
        return g.reshape(scores, -1, heads, tokens, tokens)

    x = g.attention(x, name, "self", tokens, width, heads, add_scores)
    x = g.op("Transpose", g.reshape(x, -1, count, count, window, window, width), perm=[0, 1, 3, 2, 4, 5])
    x = g.reshape(x, -1, side, side, width)
    if shift:
        x = roll(g, x, -shift)
    return g.reshape(x, -1, side * side, width)


def merge(g, x, name, side, width):
    """x [B, side^2, width] -> [B, (side/2)^2, 2 width]: norm, then linear, of 2 x 2 neighbours."""
    x = g.reshape(x, -1, side, side, width)
    corners = [(0, 0), (1, 0), (0, 1), (1, 1)]
    parts = [g.slice(g.slice(x, 1, row, 2**31, 2), 2, column, 2**31, 2) for row, column in corners]
    x = g.reshape(g.op("Concat", *parts, axis=3), -1, side * side // 4, 4 * width)
    return g.linear(g.norm(x, f"{name}.norm", MERGE_EPS), f"{name}.reduction", bias=False)


def swin(config, weights):
    """pixel_values [B, 3, S, S] -> logits, or last_hidden_state where there is no classifier."""
    expect(config, hidden_act="gelu", use_absolute_embeddings=False)
    g, width, eps = Graph(weights, "swin."), config["embed_dim"], config["layer_norm_eps"]
    side = config["image_size"] // config["patch_size"]
    _, x = patch_rows(g, config, width)
    x = g.norm(x, "embeddings.norm", MERGE_EPS)
    for s, (depth, heads) in enumerate(zip(config["depths"], config["num_heads"])):
        window = min(side, config["window_size"])
        if side % window:
            raise ValueError(f"a map of {side} x {side} is not divided by windows of {window}")

        for b in range(depth):
            shift = window // 2 if b % 2 and side > window else 0

            def attention(y, name):
                return window_attention(g, y, name, side, width, heads, window, shift)

            x = pre_norm_block(g, x, f"encoder.layers.{s}.blocks.{b}", attention, eps)
        if s + 1 < len(config["depths"]):
            x = merge(g, x, f"encoder.layers.{s}.downsample", side, width)
            side, width = side // 2, width * 2
    x = g.norm(x, "layernorm", eps)
    return finish(g, x, lambda y: g.op("ReduceMean", y, axes=[1], keepdims=0), side * side, width)
