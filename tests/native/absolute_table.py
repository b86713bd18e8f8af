"""How the goldens of absolute and rotary encodings call the core's C functions: one entry a golden's function.

Entries are as in bias_table.py. Positions and coordinates are inputs of the core, so they are made here, as are the
columns that sines and cosines go to. Keys of TABLE are "family/function".
"""

import ctypes
import math

import numpy as np

f64 = ctypes.c_double

HALVES, COSINE_FIRST = 1, 2
CUBIC, ANTIALIAS, ALIGN_CORNERS = 1, 2, 4
BHTD, BTHD = 0, 1
METHODS = {"default": 0, "linear": 1, "dynamic": 2, "yarn": 3, "llama3": 4, "longrope": 5, "proportional": 6}
TABLE = {}


def golden(*names):
    """Registers an entry under the families and functions of goldens."""

    def register(entry):
        TABLE.update(dict.fromkeys(names, entry))
        return entry

    return register


def empty(*shape):
    return np.empty(shape, np.float32)


def frequencies(call, count, base, divisor):
    out = np.empty(count, np.float64)
    call("wf_frequencies", out, count, f64(base), f64(divisor))
    return out


def line(call, rows, width, w, layout, start=0.0, step=1.0):
    """A table over consecutive positions, made in two calls to show that it can be split."""
    state = np.zeros(call.value("wf_sincos_space", w.size, width) // 16 + 1, np.complex128)
    call("wf_sincos_begin", state, w, w.size, width, layout, f64(start), f64(step))
    out = empty(rows, width)
    first = rows // 16 * 8
    if first:
        call("wf_sincos_next", out, state, first)
    if rows > first:
        call("wf_sincos_next", out[first:], state, rows - first)
    return out


def sinusoids(call, coordinates, w, targets, width, copies=None, gain=1.0, both=False):
    """w: [axes, pairs]; targets: four columns a pair. Returns one table, or those of sines and cosines."""
    coordinates = np.ascontiguousarray(coordinates, np.float64)
    w, targets = np.ascontiguousarray(w, np.float64), np.ascontiguousarray(targets, np.int32)
    axes, pairs = w.shape
    tokens = coordinates.size // axes
    sines, cosines = empty(tokens, width), empty(tokens, width) if both else None
    copies = None if copies is None else np.asarray(copies, np.int32)
    call("wf_sinusoids", sines, cosines, coordinates, w, targets, copies, tokens, axes, pairs, width, f64(gain))
    return (sines, cosines) if both else sines


def line_targets(pairs, width, halves, cosine_first=False):
    targets = np.full((pairs, 4), -1)
    for k in range(pairs):
        first, second = (k, pairs + k) if halves else (2 * k, 2 * k + 1)
        targets[k, 2 if cosine_first else 0] = first
        if second < width:
            targets[k, 0 if cosine_first else 2] = second
    return targets


def ends(pairs, guard=True):
    return max(pairs - 1, 1) if guard else pairs - 1


# ---- Sinusoids of positions ------------------------------------------------------------------------------------


def simple_vit(guard):
    def entry(call, params, inputs):
        pairs = params["dim"] // 2
        w = frequencies(call, pairs, params.get("temperature", 10000), ends(pairs, guard))
        return {"out": line(call, params["len"], params["dim"], w, HALVES)}

    return entry


TABLE["seeds/seed000_posemb_sincos_1d"] = simple_vit(False)
TABLE["seeds/seed000_posemb_sincos_1d_guarded"] = simple_vit(True)


def interleaved(call, n, dim, base=10000.0):
    return line(call, n, dim, frequencies(call, (dim + 1) // 2, base, dim / 2), 0)


@golden("sincos_1d/interleaved")
def interleaved_table(call, params, inputs):
    return {"out": interleaved(call, params["n"], params["dim"], params.get("base", 10000))}


@golden("seeds/seed001_positional_encoding")
def positional_encoding(call, params, inputs):
    return {"out": interleaved(call, params["num_steps"], params["num_hiddens"])}


@golden("seeds/seed004_positional_encoding")
def token_encoder_table(call, params, inputs):
    return {"out": interleaved(call, params["n"], params["dim"])[params["n"] - params["tail"] :]}


@golden("sincos_1d/interleaved_positions", "seeds/seed002_sincos_pos_vec")
def interleaved_positions(call, params, inputs):
    dim = params["dim"]
    pairs = (dim + 1) // 2
    w = frequencies(call, pairs, params.get("base", 10000), dim / 2)[None]
    return {"out": sinusoids(call, inputs["positions"], w, line_targets(pairs, dim, False), dim)}


@golden("sincos_1d/concat_ends", "sincos_1d/concat_ends_whisper")
def concat_ends(call, params, inputs):
    pairs = params["dim"] // 2
    w = frequencies(call, pairs, params.get("base", 10000), ends(pairs))
    out = line(call, params["n"], params["dim"], w, HALVES)
    if params.get("padding_idx") is not None:
        out[params["padding_idx"]] = 0
    return {"out": out}


@golden("sincos_1d/concat_half_sentinel")
def concat_half(call, params, inputs):
    dim = params["dim"]
    w = frequencies(call, (dim + 1) // 2, params.get("base", 10000), dim / 2)
    return {"out": line(call, params["n"], dim, w, HALVES)}


@golden("sincos_1d/fairseq_from_ids")
def fairseq_from_ids(call, params, inputs):
    positions = position_ids(call, params, inputs)["out"]
    dim = params["dim"]
    pairs = dim // 2
    w = frequencies(call, pairs, 10000, ends(pairs))[None]
    out = sinusoids(call, positions, w, line_targets(pairs, dim, True), dim).reshape(*positions.shape, dim)
    out[positions == params["padding_idx"]] = 0
    return {"out": out, "position_ids": positions}


@golden("timestep/timestep_embedding")
def timestep_embedding(call, params, inputs):
    dim, pairs = params["dim"], params["dim"] // 2
    w = frequencies(call, pairs, params.get("max_period", 10000), pairs - params.get("downscale_freq_shift", 1))[None]
    targets = line_targets(pairs, dim, True, params.get("flip_sin_to_cos", False))
    return {"out": sinusoids(call, inputs["t"] * np.float64(params.get("scale", 1)), w, targets, dim)}


# ---- Sinusoids of grids ------------------------------------------------------------------------------------------


def grid(call, sizes, tables, parts, width):
    """Joins the tables of axes, slowest first. parts: (axis, first column, length, column of the result)."""
    places = np.cumsum([0] + [table.size for table in tables])
    flat = np.concatenate([table.ravel() for table in tables])
    extra = 3 - len(sizes)
    plan = [(axis + extra, places[axis] + at, tables[axis].shape[1], n, to) for axis, at, n, to in parts]
    rows, sizes = math.prod(sizes), (1, 1, *sizes)[-3:]
    out = empty(rows, width)
    half = rows // 2
    for first, count in ((0, half), (half, rows - half)):
        if count:
            place = first, count, *sizes[1:], width
            call("wf_grid_rows", out[first:], flat, np.asarray(plan, np.uint32), len(plan), flat.size, *place)
    return out


def plane(call, params, divisor, x_first, halves=False, column_major=False):
    height, width, dim = params["h"], params["w"], params["dim"]
    q = dim // 4
    w = frequencies(call, q, params.get("base", params.get("temperature", 10000)), divisor(q))
    sizes = (width, height) if column_major else (height, width)
    tables = [line(call, size, 2 * q, w, HALVES) for size in sizes]
    order = (0, 1) if x_first == column_major else (1, 0)
    if halves:
        parts = [(a, half * q, q, (2 * half + i) * q) for half in (0, 1) for i, a in enumerate(order)]
    else:
        parts = [(a, 0, 2 * q, 2 * q * i) for i, a in enumerate(order)]
    prefix = np.zeros((params.get("prefix", 0), dim), np.float32)
    return {"out": np.concatenate([prefix, grid(call, sizes, tables, parts, dim)])}


@golden("seeds/seed000_posemb_sincos_2d")
def simple_vit_2d(call, params, inputs):
    return plane(call, params, lambda q: ends(q, False), True)


@golden("seeds/seed000_posemb_sincos_2d_guarded")
def simple_vit_2d_guarded(call, params, inputs):
    return plane(call, params, ends, True)


@golden("sincos_2d/mae_w_first")
def mae(call, params, inputs):
    return plane(call, params, lambda q: q, True)


@golden("sincos_2d/h_first")
def height_first(call, params, inputs):
    return plane(call, params, lambda q: q, False)


@golden("sincos_2d/moco_v3")
def moco(call, params, inputs):
    return plane(call, params, lambda q: q, True, column_major=True)


@golden("sincos_2d/timm_build_sincos2d")
def timm(call, params, inputs):
    turned = params["reverse_coord"]
    return plane(call, params, lambda q: q, turned, not params["interleave_sin_cos"], turned)


def detr(offset):
    def entry(call, params, inputs):
        h, w, features = params["h"], params["w"], params["num_feats"]
        coordinates = np.empty((h, w, 2), np.float64)
        scale = params["scale"] if params["normalize"] else 0
        terms = f64(offset), f64(params["eps"]), f64(scale)
        call("wf_mask_coordinates", coordinates, inputs.get("mask"), h, w, *terms)
        half = features // 2
        bands = frequencies(call, half, params["temperature"], half)
        both = np.block([[bands, np.zeros(half)], [np.zeros(half), bands]])
        out = sinusoids(call, coordinates, both, line_targets(features, 2 * features, False), 2 * features)
        return {"out": np.ascontiguousarray(out.T).reshape(2 * features, h, w)}

    return entry


TABLE["sincos_2d/detr_sine"] = detr(0)
TABLE["sincos_2d/deformable_detr_sine"] = detr(-0.5)


def film(call, params, widths, order, dim, steps=(1, 1, 1)):
    sizes = params["t"], params["h"], params["w"]
    bands = [frequencies(call, n // 2, params.get("base", 10000), n // 2) for n in widths]
    tables = [line(call, *sw, w, HALVES, step=step) for sw, w, step in zip(zip(sizes, widths), bands, steps)]
    parts, to = [], 0
    for axis in order:
        length = min(widths[axis], dim - to)
        parts += [(axis, 0, length, to)] if length > 0 else []
        to += length
    return grid(call, sizes, tables, parts, dim)


@golden("sincos_3d/jepa_3d")
def jepa_3d(call, params, inputs):
    dim = params["dim"]
    widths = [2 * -(-dim // 6)] * 3 if params["uniform_power"] else [dim // 2, dim // 4, dim // 4]
    return {"out": film(call, params, widths, (0, 1, 2), dim)}


@golden("sincos_3d/diffusers_3d")
def diffusers_3d(call, params, inputs):
    dim = params["dim"]
    steps = [1 / params["temporal_interpolation_scale"]] + [1 / params["spatial_interpolation_scale"]] * 2
    out = film(call, params, [dim // 4, 3 * dim // 8, 3 * dim // 8], (0, 2, 1), dim, steps)
    return {"out": out.reshape(params["t"], -1, dim)}


# ---- Rotary ------------------------------------------------------------------------------------------------------


def rotation(call, coordinates, w, half=True, repeat=True, gain=1.0):
    """Cosines and sines of angles; w: [axes, pairs]."""
    pairs = w.shape[1]
    k = np.arange(pairs)
    again = pairs + k if half else 2 * k + 1
    first = k if half or not repeat else 2 * k
    columns = np.stack([first, again if repeat else np.full(pairs, -1)], 1)
    width = pairs * (2 if repeat else 1)
    sines, cosines = sinusoids(call, coordinates, w, np.tile(columns, 2), width, gain=gain, both=True)
    return {"cos": cosines, "sin": sines}


def rotate(call, x, table, half=True, prefix=0, layout=BHTD, repeat=True):
    sizes = x.shape if layout == BHTD else (x.shape[0], x.shape[2], x.shape[1], x.shape[3])
    width = table["cos"].shape[1]
    out = np.empty_like(x)
    tables = prefix, width if repeat else 2 * width, 1, 1, width, layout, int(not half)
    call("wf_rotate", out, x, table["cos"], table["sin"], *sizes, *tables)
    return out


def rope(half):
    def entry(call, params, inputs):
        pairs = params["dim"] // 2
        w = frequencies(call, pairs, params["base"], pairs)[None]
        table = rotation(call, inputs.get("positions", np.arange(params.get("n", 0))), w, half)
        return table | ({"out": rotate(call, inputs["x"], table, half)} if "x" in inputs else {})

    return entry


TABLE["rope_1d/rope_half"] = TABLE["rope_1d/rope_positions"] = rope(True)
TABLE["rope_1d/rope_interleaved"] = rope(False)


@golden("rope_1d/rope_partial")
def rope_partial(call, params, inputs):
    return rope(True)(call, params | {"dim": params["rotary_dim"]}, inputs)


@golden("rope_1d/rope_scaling")
def rope_scaling(call, params, inputs):
    kind, fraction = params["rope_type"], params.get("partial_rotary_factor", 1)
    pairs = params["dim"] // 2 if kind == "proportional" else int(params["dim"] * fraction) // 2
    longest, original = params.get("max_position_embeddings"), params.get("original_max_position_embeddings")
    factor = params["factor"] if params.get("factor") is not None else (longest or 1) / (original or 1)
    length, factors = params.get("seq_len"), None
    options = {
        "dynamic": lambda: [longest, max(length or longest, longest)],
        "yarn": lambda: [
            original,
            params.get("beta_fast") or 32,
            params.get("beta_slow") or 1,
            float(params.get("truncate", True)),
        ],
        "llama3": lambda: [original, params["low_freq_factor"], params["high_freq_factor"]],
        "proportional": lambda: [int(fraction * pairs)],
    }.get(kind, list)()
    options = np.array(([factor] + options + [0] * 4)[:5], np.float64)
    if kind == "longrope":
        name = "long_factor" if length and length > original else "short_factor"
        factors = np.array(params[name], np.float64)
    out, gain = np.empty(pairs, np.float64), np.empty(1, np.float64)
    call("wf_rope_frequencies", out, factors, pairs, METHODS[kind], f64(params["rope_theta"]), options)
    scales = params.get("mscale"), params.get("mscale_all_dim")
    scales = map(f64, scales if all(scales) else (1, 0))
    call("wf_rope_attention_factor", gain, METHODS[kind], f64(factor), f64(original or 1), *scales)
    if params.get("attention_factor") is not None:
        gain[0] = params["attention_factor"]
    return {"inv_freq": out.astype(np.float32), "attention_factor": gain.astype(np.float32)}


def axial(first, second):
    """Pairs of two axes, each turning with its own: [2, pairs]."""
    zeros = np.zeros(len(first))
    return np.block([[first, zeros], [zeros, second]])


def cells(lines):
    return np.stack(np.meshgrid(*lines, indexing="ij"), -1).reshape(-1, len(lines))


def even(first, last, count):
    return np.linspace(first, last, count) if count > 1 else np.array([first], np.float64)


def ratios(call, first, last, count):
    return first * frequencies(call, count, last / first, 1 if count == 1 else 1 - count)


def timm_table(call, table, half, inputs):
    embed = np.concatenate([table["sin"], table["cos"]], 1)
    if "x" not in inputs:
        return {"embed": embed, "out": embed}
    prefix = inputs["x"].shape[2] - embed.shape[0]
    return {"embed": embed, "applied": rotate(call, inputs["x"], table, half, prefix)}


@golden("rope_2d/timm_rope_cat")
def timm_rope_cat(call, params, inputs):
    shape, count = params["shape"], params["dim"] // 4
    if params.get("in_pixels", True):
        top = params.get("max_res", 224) / 2
        bands = even(1, top, count) if params.get("linear_bands") else ratios(call, 1, top, count)
        bands, lines = bands * math.pi, [even(-1, 1, n) for n in shape]
    else:
        bands = frequencies(call, count, params.get("temperature", 10000), count)
        lines = [np.arange(n) + params.get("grid_offset", 0.0) for n in shape]
    reference = params.get("ref_feat_shape") or shape
    coordinates = cells([at / n * r for at, n, r in zip(lines, shape, reference)])
    if params.get("grid_indexing") == "xy":
        coordinates = coordinates[:, ::-1]
    half = params.get("rotate_half", False)
    return timm_table(call, rotation(call, coordinates, axial(bands, bands), half), half, inputs)


@golden("rope_2d/timm_rope_mixed")
def timm_rope_mixed(call, params, inputs):
    coordinates = cells([np.arange(n, dtype=np.float64) for n in params["shape"]])
    if params.get("grid_indexing") == "xy":
        coordinates = coordinates[:, ::-1]
    learned = inputs["freqs"]
    _, depth, heads, pairs = learned.shape
    sets = learned.reshape(2, depth * heads, pairs).transpose(1, 0, 2)
    tables = [rotation(call, coordinates, w, False) for w in sets]
    out = np.stack([np.concatenate([table["sin"], table["cos"]], 1) for table in tables])
    return {"out": out.reshape(depth, heads, -1, 4 * pairs)}


def dinov3_table(call, shape, dim, bands, params):
    sizes = {"min": [min(shape)] * 2, "max": [max(shape)] * 2}.get(params.get("normalize_coords"), shape)
    offset = params.get("grid_offset", 0.0)
    coordinates = cells([2 * ((np.arange(n) + 0.5 + offset) / size) - 1 for n, size in zip(shape, sizes)])
    if params.get("grid_indexing") == "xy":
        coordinates = coordinates[:, ::-1]
    return rotation(call, coordinates, axial(bands, bands), params.get("rotate_half", True))


@golden("rope_2d/dinov3_rope")
def dinov3_rope(call, params, inputs):
    count = params["dim"] // 4
    if params.get("min_period") is not None:
        bands = 2 * math.pi / ratios(call, params["min_period"], params["max_period"], count)
    else:
        bands = 2 * math.pi * frequencies(call, count, params.get("temperature", 100), count)
    table = dinov3_table(call, params["shape"], params["dim"], bands, params)
    return timm_table(call, table, params.get("rotate_half", True), inputs)


@golden("rope_2d/dinov3_rope_hf")
def dinov3_rope_hf(call, params, inputs):
    count = params["head_dim"] // 4
    bands = 2 * math.pi * frequencies(call, count, params["base"], count)
    return dinov3_table(call, params["shape"], params["head_dim"], bands, {})


@golden("rope_2d/llama4_vision_rope")
def llama4_vision_rope(call, params, inputs):
    side, count = params["grid"], params["head_dim"] // 4
    bands = frequencies(call, count, params["base"], count)
    coordinates = cells([np.arange(side) + 1.0] * 2)[:, ::-1]
    coordinates = np.concatenate([coordinates, np.zeros((1, 2))])
    table = rotation(call, coordinates, axial(bands, bands), False, repeat=False)
    return table | {"applied": rotate(call, inputs["x_bnhd"], table, False, layout=BTHD, repeat=False)}


@golden("rope_2d/pixtral_rope")
def pixtral_rope(call, params, inputs):
    pairs = params["head_dim"] // 2
    bands = frequencies(call, pairs, params["base"], pairs)
    coordinates = cells([np.arange(n, dtype=np.float64) for n in params["shape"]])
    return rotation(call, coordinates, axial(bands[0::2], bands[1::2]))


@golden("rope_2d/qwen2vl_vision_rope")
def qwen2vl_vision_rope(call, params, inputs):
    h, w, merge, count = params["h"], params["w"], params["merge"], params["head_dim"] // 4
    blocks = np.stack(np.meshgrid(np.arange(h), np.arange(w), indexing="ij"), -1)
    blocks = blocks.reshape(h // merge, merge, w // merge, merge, 2).transpose(0, 2, 1, 3, 4).reshape(-1, 2)
    ids = np.tile(blocks, (params["t"], 1))
    bands = frequencies(call, count, params["base"], count)
    return rotation(call, ids, axial(bands, bands)) | {"ids": ids.astype(np.int32)}


def by_axis(call, params, axes):
    pairs = params["dim"] // 2
    w = frequencies(call, pairs, params.get("base", params.get("temperature", 10000)), pairs)
    return np.where(np.arange(3)[:, None] == axes, w, 0)


@golden("rope_2d/mrope")
def mrope(call, params, inputs):
    axes = np.repeat(np.arange(len(params["sections"])) % 3, params["sections"])
    ids = inputs["position_ids"]
    table = rotation(call, ids.reshape(3, -1).T, by_axis(call, params, axes))
    return {name: values.reshape(*ids.shape[1:], -1) for name, values in table.items()}


@golden("rope_2d/mrope_interleaved_image")
def mrope_interleaved_image(call, params, inputs):
    axes = np.zeros(params["dim"] // 2, np.int32)
    axes[1 : params["sections"][1] * 3 : 3] = 1
    axes[2 : params["sections"][2] * 3 : 3] = 2
    places = cells([np.zeros(1), *(np.arange(n, dtype=np.float64) for n in params["shape"])])
    table = rotation(call, places, by_axis(call, params, axes))
    return {"out": np.concatenate([table["sin"], table["cos"]], 1)}


# ---- Learned tables ----------------------------------------------------------------------------------------------


def add_rows(call, table, index, x=None):
    table, index = np.ascontiguousarray(table), np.ascontiguousarray(index, np.int32)
    rows, dim = table.shape
    out = np.empty_like(x) if x is not None else empty(index.size, dim)
    call("wf_add_rows", out, x, table, index, out.size // (index.size * dim), index.size, rows, dim)
    return out


@golden("position_ids/roberta_position_ids")
def position_ids(call, params, inputs):
    out = np.empty_like(inputs["input_ids"])
    call("wf_position_ids", out, inputs["input_ids"], *out.shape, params["padding_idx"])
    return {"out": out}


@golden("position_ids/learned_table_add")
def learned_table_add(call, params, inputs):
    index = np.arange(inputs["x"].shape[1]) + params.get("offset", 0)
    return {"out": add_rows(call, inputs["table"], index, inputs["x"])}


@golden("seeds/seed001_positional_encoding_add")
def positional_encoding_add(call, params, inputs):
    length = inputs["x"].shape[1]
    table = interleaved(call, length, params["num_hiddens"])
    return {"out": add_rows(call, table, np.arange(length), inputs["x"])}


def row_column(call, row, column, height, width):
    rows = add_rows(call, row, np.repeat(np.arange(height), width))
    return add_rows(call, column, np.tile(np.arange(width), height), rows)


@golden("seeds/seed002_row_col_embedding")
def row_col_embedding(call, params, inputs):
    table = row_column(call, inputs["row"], inputs["col"], params["h"], params["w"])
    return {"table": table, "out": add_rows(call, table, np.arange(len(table)), inputs["x"])}


@golden("sincos_3d/separable_learned")
def separable_learned(call, params, inputs):
    row, column = inputs["temporal"], inputs["spatial"]
    return {"out": row_column(call, row, column, len(row), len(column))}


@golden("factorised/naflex_factorised")
def naflex_factorised(call, params, inputs):
    sizes = params["new"]
    lengths = [max(sizes)] * 2 if params.get("ar_preserving") else sizes
    tables = inputs["pos_embed_y"], inputs["pos_embed_x"]
    tables = [resize(call, table, length, 0)[:size] for table, length, size in zip(tables, lengths, sizes)]
    return {"out": row_column(call, *tables, *sizes)}


@golden("factorised/pix2struct_row_col")
def pix2struct_row_col(call, params, inputs):
    out = add_rows(call, inputs["row"], inputs["row_ids"], inputs["x"])
    return {"out": add_rows(call, inputs["col"], inputs["col_ids"], out)}


@golden("factorised/detr_learned")
def detr_learned(call, params, inputs):
    h, w = params["h"], params["w"]
    row = add_rows(call, inputs["row"], np.repeat(np.arange(h), w))
    column = add_rows(call, inputs["col"], np.tile(np.arange(w), h))
    return {"out": np.concatenate([column, row], 1).T.reshape(-1, h, w)}


def resize(call, table, length, flags, step=0.0):
    """Resizes the first axis."""
    table = np.ascontiguousarray(table)
    if table.shape[0] == length:
        return table
    out = empty(length, *table.shape[1:])
    inner = math.prod(table.shape[1:])
    call("wf_resample_axis", out, table, 1, table.shape[0], length, inner, f64(step), flags)
    return out


def resize_grid(call, table, to, flags, offset=0.0):
    """Resizes a grid [h, w, D]; both axes even if one keeps its size, as offsets and fixed corners move samples."""
    h, w, dim = table.shape
    if (h, w) == tuple(to):
        return table
    steps = [n / (m + offset) if offset else 0.0 for n, m in zip((h, w), to)]
    table = np.ascontiguousarray(table)
    rows, out = empty(to[0], w, dim), empty(*to, dim)
    call("wf_resample_axis", rows, table, 1, h, to[0], w * dim, f64(steps[0]), flags)
    call("wf_resample_axis", out, rows, to[0], w, to[1], dim, f64(steps[1]), flags)
    return out


def resize_table(call, table, sizes, to, prefix, flags, offset=0.0):
    dim = table.shape[1]
    grid = resize_grid(call, table[prefix:].reshape(*sizes, dim), to, flags, offset)
    return np.concatenate([table[:prefix], grid.reshape(-1, dim)])


@golden("abs_resample/timm_resample_abs_pos_embed")
def timm_resample(call, params, inputs):
    flags = (CUBIC if params["interpolation"] == "bicubic" else 0) + (ANTIALIAS if params["antialias"] else 0)
    sizes = params["old_size"], params["new_size"], params["num_prefix_tokens"]
    return {"out": resize_table(call, inputs["table"], *sizes, flags)}


@golden("abs_resample/timm_resample_abs_pos_embed_nhwc")
def timm_resample_nhwc(call, params, inputs):
    return {"out": resize_grid(call, inputs["table"][0], params["new"], CUBIC + ANTIALIAS)[None]}


def square(flags):
    def entry(call, params, inputs):
        sizes = [params["old"]] * 2, params["new"], params["prefix"]
        return {"out": resize_table(call, inputs["table"], *sizes, flags, params.get("interpolate_offset", 0.0))}

    return entry


TABLE["abs_resample/hf_vit_interpolate_pos_encoding"] = TABLE["abs_resample/dinov2_offset_0p1"] = square(CUBIC)
TABLE["abs_resample/torchvision_interpolate_embeddings"] = square(CUBIC + ALIGN_CORNERS)


@golden("abs_resample/siglip2_resize")
def siglip2_resize(call, params, inputs):
    table = inputs["table_hwc"]
    rows = []
    for size in params["shapes"]:
        grid = resize_grid(call, table, size, ANTIALIAS).reshape(-1, table.shape[2])
        rows.append(np.concatenate([grid, np.repeat(grid[:1], params["max_length"] - len(grid), 0)]))
    return {"out": np.stack(rows)}


@golden("abs_resample/resize_1d")
def resize_1d(call, params, inputs):
    return {"out": resize(call, inputs["table"], params["n_out"], ALIGN_CORNERS if params["align_corners"] else 0)}


def pool_tokens(call, x, table):
    batch, channels, h, w = x.shape
    out = empty(batch, 1 + h * w, channels)
    call("wf_pool_tokens", out, x, np.ascontiguousarray(table), batch, channels, h * w)
    return out


@golden("seeds/seed003_clip_positional_embedding")
def clip_positional_embedding(call, params, inputs):
    return {"out": pool_tokens(call, inputs["x_nchw"], inputs["positional_embedding"])}


@golden("attention_pool/clip_attention_pool")
def clip_attention_pool(call, params, inputs):
    heads, x = params["heads"], inputs["x"]
    table = resize_table(call, inputs["pos_embed"], params["feat_size"], x.shape[2:], 1, CUBIC + ANTIALIAS)
    tokens = pool_tokens(call, x, table)

    def project(rows, name):
        weight = inputs[name + ".weight"]
        out = empty(*rows.shape[:-1], weight.shape[0])
        sizes = out.size // weight.shape[0], rows.shape[-1], weight.shape[0]
        call("wf_project", out, np.ascontiguousarray(rows), weight, inputs[name + ".bias"], *sizes)
        return out

    query, key, value = project(tokens[:, :1], "q"), project(tokens, "k"), project(tokens, "v")
    batch, count, width = key.shape
    probabilities, context = empty(batch, heads, 1, count), empty(batch, width)
    sizes = batch, heads, 1, count, width // heads, 0, 0, BTHD, f64(math.sqrt(heads / width))
    call("wf_biased_attention", probabilities, context, query, key, value, None, None, *sizes)
    return {"tokens": tokens, "out": project(context, "proj")}


# ---- Fourier features and convolutions ---------------------------------------------------------------------------


def feature_table(call, coordinates, bands, copies, targets, width):
    """bands: for each axis its own; targets: columns of (sine, cosine) of axis and band."""
    axes, count = bands.shape
    w = np.zeros((axes, axes * count))
    columns = np.full((axes * count, 4), -1)
    for axis in range(axes):
        w[axis, axis * count : (axis + 1) * count] = bands[axis]
        for k in range(count):
            columns[axis * count + k, ::2] = targets(axis, k)
    return sinusoids(call, coordinates, w, columns, width, copies)


@golden("fourier/perceiver")
def perceiver(call, params, inputs):
    shape, count, copy = params["shape"], params["num_bands"], int(params["concat_pos"])
    axes, single = len(shape), params["sine_only"]
    bands = np.stack([math.pi * even(1, top / 2, count) for top in params["max_resolution"]])
    width = axes * (copy + count * (1 if single else 2))

    def targets(axis, k):
        sine = copy * axes + axis * count + k
        return sine, -1 if single else sine + axes * count

    copies = range(axes) if copy else [-1] * axes
    return {"out": feature_table(call, cells([even(-1, 1, n) for n in shape]), bands, copies, targets, width)}


@golden("fourier/timm_fourier_pixel")
def timm_fourier_pixel(call, params, inputs):
    shape, count, top = params["shape"], params["num_bands"], params["max_res"] / 2
    copy = int(params.get("include_grid", True))
    bands = math.pi * (even(1, top, count) if params["linear_bands"] else ratios(call, 1, top, count))
    width = copy + 2 * count
    copies = [axis * width if copy else -1 for axis in range(2)]
    first = lambda axis, k: axis * width + copy + k
    targets = lambda axis, k: (first(axis, k), first(axis, k) + count)
    coordinates = cells([even(-1, 1, n) for n in shape])
    out = feature_table(call, coordinates, np.stack([bands] * 2), copies, targets, 2 * width)
    return {"out": out.reshape(*shape, 2, width)}


@golden("fourier/nerf")
def nerf(call, params, inputs):
    count, copy = params["L"], int(params["include_input"])
    bands = 2.0 ** np.arange(count) if params.get("log_sampling", True) else even(1, 2.0 ** (count - 1), count)
    axes = inputs["x"].shape[-1]
    sine = lambda axis, k: (copy + 2 * k) * axes + axis
    targets = lambda axis, k: (sine(axis, k), sine(axis, k) + axes)
    copies = range(axes) if copy else [-1] * axes
    bands = np.stack([bands] * axes)
    return {"out": feature_table(call, inputs["x"], bands, copies, targets, axes * (copy + 2 * count))}


@golden("fourier/sam_random_fourier")
def sam_random_fourier(call, params, inputs):
    coordinates, matrix = 2 * inputs["coords01"].astype(np.float64) - 1, inputs["gaussian"]
    pairs = matrix.shape[1]
    targets = line_targets(pairs, 2 * pairs, True)
    out = sinusoids(call, coordinates, 2 * math.pi * matrix.astype(np.float64), targets, 2 * pairs)
    return {"out": out.reshape(*coordinates.shape[:-1], 2 * pairs)}


@golden("conv_position/wav2vec2_conv_pos")
def wav2vec2_conv_pos(call, params, inputs):
    x, v, groups = inputs["x"], inputs["weight_v"], params["groups"]
    channels, width, taps = v.shape
    folded, packed = np.empty_like(v), empty(groups, -(-width // 8) * 8, width, taps)
    call("wf_fold_weight_norm", folded, v, inputs["weight_g"], *v.shape, 0)
    call("wf_pack_convolution", packed, folded, channels, taps, groups)
    out = np.empty_like(x)
    call("wf_convolutional_position", out, x, packed, inputs["bias"], *x.shape, taps, groups, 0)
    return {"out": out, "folded_weight": folded}


@golden("conv_position/cpvt_peg")
def cpvt_peg(call, params, inputs):
    x, weight, stride = inputs["x"], inputs["weight"], params.get("stride", 1)
    h, w = params["h"], params["w"]
    out = empty(x.shape[0], -(-h // stride) * -(-w // stride), x.shape[2])
    sizes = x.shape[0], h, w, x.shape[2], weight.shape[2], stride, int(stride == 1)
    call("wf_conditional_position", out, x, weight, inputs.get("bias"), *sizes)
    return {"out": out}
