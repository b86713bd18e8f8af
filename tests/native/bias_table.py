"""How the goldens of relative biases and masks call the core's C functions: one entry a golden's function.

An entry takes (call, params, inputs) and returns {output name: array}. call(name, *arguments) passes arrays as
pointers, None as a null pointer, Python integers as 32-bit and the `f32` and `f64` wrappers as floating point; it
raises on a status other than 0. Nothing is computed here: shapes are made and weights taken apart. Keys of TABLE
are "family/function".
"""

import ctypes
import math

import numpy as np

f32, f64 = ctypes.c_float, ctypes.c_double

CLASS_TOKEN, KEY_MINUS_QUERY, HEADS_FIRST = 1, 2, 4
BIDIRECTIONAL, ROUND_SUM = 1, 2
BHTD, BTHD, TBHD = 0, 1, 2
SYMMETRIC, LAST, MASK = 0, 1, 2
LINEAR, CUBIC, ANTIALIAS = 0, 1, 2
TABLE = {}


def golden(name):
    """Registers an entry under a golden's family and function."""

    def register(entry):
        TABLE[name] = entry
        return entry

    return register


def empty(*shape):
    return np.empty(shape, np.float32)


def integers(*shape):
    return np.empty(shape, np.int32)


@golden("swin_bias/relative_position_index")
def relative_position_index(call, params, inputs):
    height, width = params["win"]
    out = integers(height * width, height * width)
    call("wf_window_index", out, height, width, 0)
    return {"out": out}


@golden("swin_bias/relative_position_bias")
def relative_position_bias(call, params, inputs):
    height, width = params["win"]
    table = inputs["table"]
    out = empty(table.shape[1], height * width, height * width)
    call("wf_window_bias", out, table, height, width, table.shape[1], 0)
    return {"out": out}


@golden("swin_bias/shift_window_mask")
def shift_window_mask(call, params, inputs):
    window = params["win"]
    sizes = [-(-size // w) * w for size, w in zip((params["h"], params["w"]), window)]
    shifts = [0 if size <= w else s for size, w, s in zip((params["h"], params["w"]), window, params["shift"])]
    area = window[0] * window[1]
    out = empty(sizes[0] * sizes[1] // area, area, area)
    call("wf_shifted_window_mask", out, *sizes, *window, *shifts, f32(params["neg"]))
    return {"out": out}


@golden("swin_bias/resize_table_geometric")
def resize_table_geometric(call, params, inputs):
    (h, w), extra, table = params["new"], params["extra"], inputs["table"]
    out = empty((2 * h - 1) * (2 * w - 1) + extra, table.shape[1])
    call("wf_resize_bias_geometric", out, table, *params["old"], h, w, table.shape[1], extra)
    return {"out": out}


def resample(call, x, outer, before, after, inner, options):
    out = empty(outer, after, inner)
    call("wf_resample_axis", out, np.ascontiguousarray(x), outer, before, after, inner, f64(0), options)
    return out


def resize_table(call, params, inputs, options):
    old, new = ([2 * size - 1 for size in params[name]] for name in ("old", "new"))
    table, extra = inputs["table"], params.get("extra", 0)
    heads, cells = table.shape[1], old[0] * old[1]
    rows = resample(call, table[:cells], 1, old[0], new[0], old[1] * heads, options)
    grid = resample(call, rows, new[0], old[1], new[1], heads, options).reshape(-1, heads)
    return {"out": np.concatenate([grid, table[cells : cells + extra]])}


@golden("swin_bias/resize_table_bicubic")
def resize_table_bicubic(call, params, inputs):
    return resize_table(call, params, inputs, CUBIC)


@golden("swin_bias/resize_table_bicubic_aa")
def resize_table_bicubic_aa(call, params, inputs):
    return resize_table(call, params, inputs, CUBIC + ANTIALIAS)


@golden("swinv2_cpb/log_coords")
def log_coords(call, params, inputs, natural=0):
    h, w = params["win"]
    divisors = [size - 1 if size > 1 else 1 for size in (params.get("pretrained") or [0, 0])]
    if (params.get("pretrained") or [0])[0] == 0:
        divisors = [max(size - 1, 1) for size in (h, w)]
    out = empty(2 * h - 1, 2 * w - 1, 2)
    call("wf_log_coordinates", out, h, w, f64(divisors[0]), f64(divisors[1]), natural)
    return {"out": out}


@golden("swinv2_cpb/cpb_bias")
def cpb_bias(call, params, inputs, gain=16.0, natural=0):
    h, w = params["win"]
    coordinates = log_coords(call, params, inputs, natural)["out"]
    heads, hidden = inputs["w2"].shape
    points = coordinates.shape[0] * coordinates.shape[1]
    table = empty(heads, points)
    weights = [inputs.get(name) for name in ("w1", "b1", "w2", "b2")]
    call("wf_position_mlp", table, coordinates, *weights, points, 2, hidden, heads, f64(gain))
    out = empty(heads, h * w, h * w)
    call("wf_window_bias", out, table, h, w, heads, HEADS_FIRST)
    return {"out": out}


@golden("swinv2_cpb/cpb_bias_cr")
def cpb_bias_cr(call, params, inputs):
    return cpb_bias(call, params, inputs, gain=0.0, natural=1)


@golden("beit_bias/index_cls")
def index_cls(call, params, inputs):
    height, width = params["win"]
    out = integers(height * width + 1, height * width + 1)
    call("wf_window_index", out, height, width, CLASS_TOKEN)
    return {"out": out}


@golden("beit_bias/bias_cls_bilinear")
def bias_cls_bilinear(call, params, inputs):
    (height, width), heads = params["win"], inputs["table"].shape[1]
    sizes = {"old": params["pretrain"], "new": params["win"], "extra": 3}
    table = resize_table(call, sizes, inputs, LINEAR)["out"]
    out = empty(heads, height * width + 1, height * width + 1)
    call("wf_window_bias", out, table, height, width, heads, CLASS_TOKEN)
    return {"out": out}


def axis_table(call, table, queries, keys):
    rows, dim = table.shape
    wanted = 2 * max(queries, keys) - 1
    return table if rows == wanted else resample(call, table, 1, rows, wanted, dim, LINEAR)


@golden("decomposed_rel_pos/get_rel_pos")
def get_rel_pos(call, params, inputs):
    queries, keys = params["q"], params["k"]
    table = axis_table(call, inputs["table"], queries, keys)
    out = empty(queries, keys, table.shape[-1])
    call("wf_axis_positions", out, table, *out.shape)
    return {"out": out}


@golden("decomposed_rel_pos/decomposed_rel_pos")
def decomposed_rel_pos(call, params, inputs):
    (qh, qw), (kh, kw) = params["q_size"], params["k_size"]
    query = inputs["query"]
    planes, _, dim = query.shape
    out = empty(planes, qh * qw, kh * kw)
    tables = axis_table(call, inputs["rel_pos_h"], qh, kh), axis_table(call, inputs["rel_pos_w"], qw, kw)
    call("wf_decomposed_bias", out, query, *tables, planes, qh, qw, kh, kw, dim, 0, 0)
    return {"out": out}


@golden("levit_bias/attention_bias")
def attention_bias(call, params, inputs):
    side = params.get("resolution_in", params.get("resolution"))
    queries, stride = params.get("resolution_out", side), params.get("stride", 1)
    heads, entries = inputs["table"].shape
    index = integers(queries * queries, side * side)
    call("wf_levit_index", index, side, side, queries, queries, stride)
    bias = empty(heads, *index.shape)
    call("wf_gather_bias", bias, inputs["table"], index, heads, index.size, entries)
    return {"index": index, "bias": bias}


TABLE["levit_bias/attention_bias_subsample"] = attention_bias


@golden("masks/padding_valid_lens")
def padding_valid_lens(call, params, inputs):
    lengths = inputs["valid_lens"]
    out = empty(lengths.size, params["n"])
    call("wf_padding_mask", out, lengths, *out.shape, f32(0), f32(params["neg"]))
    return {"out": out}


@golden("masks/sliding_window_bidirectional")
def sliding_window_bidirectional(call, params, inputs):
    out = empty(params["n"], params["n"])
    call("wf_band_mask", out, params["n"], params["window"], params["window"], f32(1), f32(0))
    return {"out": out.astype(np.int32)}


@golden("masks/packed_segments")
def packed_segments(call, params, inputs):
    ends = params["cu_seqlens"]
    segments = np.repeat(np.arange(len(ends) - 1), np.diff(ends)).astype(np.int32)
    out = empty(segments.size, segments.size)
    call("wf_segment_mask", out, segments, segments.size, f32(1), f32(0))
    return {"out": out.astype(np.int32)}


def distances(params):
    return np.arange(params["rel_from"], params["rel_to"] + 1, dtype=np.int32)


@golden("buckets/t5_bucket")
def t5_bucket(call, params, inputs):
    relative = distances(params)
    out = np.empty_like(relative)
    options = BIDIRECTIONAL if params.get("bidirectional", True) else 0
    call("wf_t5_buckets", out, relative, out.size, params["num_buckets"], params["max_distance"], options)
    return {"out": out}


TABLE["buckets/mpnet_bucket"] = t5_bucket


@golden("buckets/t5_bias")
def t5_bias(call, params, inputs, rounding=0):
    n, heads = params["n"], params["heads"]
    out = empty(heads, n, n)
    options = (BIDIRECTIONAL if params.get("bidirectional", True) else 0) + rounding
    rule = params["num_buckets"], params["max_distance"], options
    call("wf_t5_bias", out, inputs["table"], n, n, heads, 0, *rule)
    return {"out": out}


@golden("buckets/wavlm_gated_bias")
def wavlm_gated_bias(call, params, inputs):
    bias = t5_bias(call, params, inputs, ROUND_SUM)["out"]
    batch, n, width = inputs["x"].shape
    heads = params["heads"]
    out = empty(batch, heads, n, n)
    gate = inputs["gate_w"], inputs["gate_b"], inputs["gate_const"]
    call("wf_gated_bias", out, inputs["x"], bias, *gate, batch, heads, n, width // heads)
    return {"out": out}


@golden("buckets/deberta_log_bucket")
def deberta_log_bucket(call, params, inputs):
    relative = distances(params)
    out = np.empty_like(relative)
    call("wf_deberta_buckets", out, relative, out.size, params["bucket_size"], params["max_position"])
    return {"out": out}


@golden("buckets/deberta_disentangled")
def deberta_disentangled(call, params, inputs):
    x, positions, heads = inputs["x"], inputs["rel_embeddings"], params["heads"]
    batch, n, width = x.shape
    buckets, longest = max(params["position_buckets"], 0), params["max_relative_positions"]
    span, terms, dim = buckets or longest, params["pos_att_type"], width // heads
    positions = np.ascontiguousarray(positions[: 2 * span])

    def project(rows, name):
        weight, bias = inputs[name + ".weight"], inputs[name + ".bias"]
        out = empty(*rows.shape[:-1], weight.shape[0])
        count = math.prod(rows.shape[:-1])
        call("wf_project", out, rows, weight, bias, count, rows.shape[-1], weight.shape[0])
        return out

    prefix = "" if params["share_att_key"] else "pos_"
    query, key, value = (project(x, name + "_proj") for name in ("query", "key", "value"))
    position_key = project(positions, prefix + "key_proj") if "c2p" in terms else None
    position_query = project(positions, prefix + "query_proj") if "p2c" in terms else None
    rows = integers(2 * n - 1)
    call("wf_disentangled_rows", rows, n, span, buckets, longest)
    scale = f64(1 / math.sqrt(dim * (1 + len(terms))))
    bias, probabilities, context = empty(batch, heads, n, n), empty(batch, heads, n, n), empty(batch, n, width)
    sizes = batch, heads, n
    positional = position_key, position_query, rows
    call("wf_disentangled_bias", bias, query, key, *positional, *sizes, dim, span, BTHD, scale)
    content = query, key, value, bias, None
    call("wf_biased_attention", probabilities, context, *content, *sizes, n, dim, 0, 0, BTHD, scale)
    return {"bias": bias, "probs": probabilities, "context": context}


@golden("alibi/slopes")
def slopes(call, params, inputs):
    out = empty(params["heads"])
    call("wf_alibi_slopes", out, params["heads"], f64(params.get("bias_max", 8)))
    return {"out": out}


def alibi(call, params, shape, form, mask=None):
    out = empty(*shape)
    batch = mask.shape[0] if mask is not None else 1
    factors = slopes(call, params, {})["out"]
    call("wf_alibi", out, factors, mask, batch, params["heads"], shape[-1], form)
    return {"out": out}


@golden("alibi/symmetric")
def symmetric(call, params, inputs):
    return alibi(call, params, (params["heads"], params["n"], params["n"]), SYMMETRIC)


@golden("alibi/mpt")
def mpt(call, params, inputs):
    return alibi(call, params, (params["heads"], 1, params["n"]), LAST)


@golden("alibi/bloom")
def bloom(call, params, inputs):
    batch, n = inputs["mask"].shape
    return alibi(call, params, (batch * params["heads"], 1, n), MASK, inputs["mask"])


def relative_bias(call, query, bias, table, sizes, rows, table_heads, offset, clip, layout, scale):
    """sizes: sequences, heads, queries, keys, width of a head."""
    out = empty(*sizes[:4])
    tables = rows, table.shape[1] if layout == TBHD else 1, table_heads
    call("wf_relative_bias", out, query, bias, table, *sizes, *tables, offset, clip, layout, f64(scale))
    return out


@golden("shaw_xl/shaw_relative_key")
def shaw_relative_key(call, params, inputs):
    batch, heads, n, dim = inputs["q"].shape
    sizes, rows = (batch, heads, n, n, dim), inputs["table"].shape[0]
    scale = 1 / math.sqrt(dim)
    place = rows, 1, params["left"], 1
    return {"out": relative_bias(call, inputs["q"], None, inputs["table"], sizes, *place, BHTD, scale)}


@golden("shaw_xl/shaw_full")
def shaw_full(call, params, inputs):
    q, k, v, reach = inputs["q"], inputs["k"], inputs["v"], params["k"]
    batch, heads, n, dim = q.shape
    sizes, scale = (batch, heads, n, k.shape[2], dim), 1 / math.sqrt(dim)
    bias = relative_bias(call, q, None, inputs["a_k"], sizes, 2 * reach + 1, 1, reach, 1, BHTD, scale)
    probabilities, out = empty(*bias.shape), empty(*q.shape)
    arguments = q, k, v, bias, inputs["a_v"], *sizes, reach, reach, BHTD, f64(scale)
    call("wf_biased_attention", probabilities, out, *arguments)
    return {"out": out}


@golden("shaw_xl/xlnet_rel_shift")
def xlnet_rel_shift(call, params, inputs):
    q, table = inputs["q"], inputs["k_r"]
    n, batch, heads, dim = q.shape
    sizes = batch, heads, n, params["k_len"], dim
    place = table.shape[0], heads, n, 0
    return {"out": relative_bias(call, q, inputs["r_r_bias"], table, sizes, *place, TBHD, 1.0)}


@golden("shaw_xl/conformer_rel_bias")
def conformer_rel_bias(call, params, inputs):
    q, position = inputs["q"], inputs["pos"]
    batch, heads, n, dim = q.shape
    rows, width = position.shape
    table = empty(rows, heads * dim)
    call("wf_project", table, position, inputs["linear_pos"], None, rows, width, heads * dim)
    sizes = batch, heads, n, n, dim
    scale = 1 / math.sqrt(dim)
    place = rows, heads, n - 1, 0
    return {"out": relative_bias(call, q, inputs["pos_bias_v"], table, sizes, *place, BHTD, scale)}


def sinusoids(call, distances, dim, halves):
    pairs = dim // 2
    frequencies, out = np.empty(pairs), empty(len(distances), dim)
    call("wf_frequencies", frequencies, pairs, f64(10000), f64(pairs))
    first, nowhere = np.arange(pairs), np.full(pairs, -1)
    sines, cosines = (first, first + pairs) if halves else (2 * first, 2 * first + 1)
    columns = np.ascontiguousarray(np.stack([sines, nowhere, cosines, nowhere], 1), np.int32)
    arrays = np.ascontiguousarray(distances, np.float64), frequencies, columns, None
    call("wf_sinusoids", out, None, *arrays, len(distances), 1, pairs, dim, f64(1))
    return {"out": out}


@golden("shaw_xl/xl_sincos")
def xl_sincos(call, params, inputs):
    last = 1 - params["q_len"] if params["bidirectional"] else 0
    distances = np.arange(params["k_len"], last - 1, -1)
    if params["clamp_len"] > 0:
        distances = distances.clip(-params["clamp_len"], params["clamp_len"])
    return sinusoids(call, distances, params["dim"], True)


@golden("shaw_xl/conformer_rel_pos")
def conformer_rel_pos(call, params, inputs):
    return sinusoids(call, np.arange(params["n"] - 1, -params["n"], -1), params["dim"], False)


def kerple(call, params, inputs, power):
    heads, n = inputs["r1"].size, params["n"]
    out = empty(heads, n, n)
    call("wf_kerple", out, inputs["r1"], inputs["r2"], heads, n, power)
    return {"out": out}


@golden("learned_decay/kerple_log")
def kerple_log(call, params, inputs):
    return kerple(call, params, inputs, 0)


@golden("learned_decay/kerple_power")
def kerple_power(call, params, inputs):
    return kerple(call, params, inputs, 1)


@golden("learned_decay/fire")
def fire(call, params, inputs):
    n = params["n"]
    heads, hidden = inputs["w2"].shape
    distance, out = empty(n, n), empty(heads, n, n)
    call("wf_fire_distances", distance, n, f64(params["c"]), f64(params["L"]), f64(params.get("eps", 1e-6)))
    weights = [inputs[name] for name in ("w1", "b1", "w2", "b2")]
    call("wf_position_mlp", out, distance, *weights, n * n, 1, hidden, heads, f64(0))
    return {"out": out}


@golden("learned_decay/sandwich")
def sandwich(call, params, inputs):
    out = empty(params["heads"], params["n"], params["n"])
    call("wf_sandwich", out, params["heads"], params["n"], params["bar_d"], f64(10000))
    return {"out": out}


@golden("learned_decay/cope")
def cope(call, params, inputs):
    query, logits = inputs["q"], inputs["logits"]
    out = empty(*logits.shape)
    sizes = math.prod(logits.shape[:2]), *logits.shape[2:], query.shape[-1], params["npos_max"]
    call("wf_cope", out, query, logits, inputs["pos_emb"], *sizes)
    return {"out": out}


@golden("position_ids/botnet_rel_logits")
def botnet_rel_logits(call, params, inputs):
    h, w, query = params["h"], params["w"], inputs["q"]
    planes, n, dim = query.shape
    out = empty(planes, n, n)
    tables = inputs["height_rel"], inputs["width_rel"]
    call("wf_decomposed_bias", out, query, *tables, planes, h, w, h, w, dim, 0, 1)
    return {"out": out}


@golden("position_ids/convit_gpsa_pos")
def convit_gpsa_pos(call, params, inputs):
    side, heads = params["grid"], params["heads"]
    n = side * side
    offsets, attention = empty(n, n, 3), empty(heads, n, n)
    call("wf_gpsa_offsets", offsets, side, side)
    weights = inputs["pos_proj_w"], inputs["pos_proj_b"]
    call("wf_gpsa", attention, None, *weights, None, 1, heads, side, side)
    return {"rel_indices": offsets, "pos_attn": attention}
