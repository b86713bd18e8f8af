"""Writes bindings/architectures/timm_table.js: what timm's Vision Transformers are, by name. Needs `pip install timm` (it
brings torch); neither is needed to build, test or run wasmformer.

    python tests/architectures/timm_table.py > bindings/architectures/timm_table.js
    python tests/architectures/timm_table.py --files > tests/architectures/timm_files.json

Models are built without memory for weights (device meta), and facts are read off them: not off their names. A fact that
has timm's default is left out. With --files, what a file of each model holds, numbers of layers folded, for the test.
"""
import json
import re
import sys
import warnings

import timm
import torch
from timm.models.deit import VisionTransformerDistilled
from timm.models.vision_transformer import VisionTransformer

PREFIXES = ("vit_", "deit_", "deit3_", "flexivit_", "eva_large_", "test_vit")
# timm's defaults, by the names of the arguments of VisionTransformer; `eps` is the norms'.
DEFAULTS = {
    "img_size": [224, 224], "global_pool": "token", "embed_dim": 768, "num_heads": 12, "class_token": True, "no_embed_class": False, "reg_tokens": 0, "pre_norm": False,
    "final_norm": True, "fc_norm": None, "pool_include_prefix": False, "dynamic_img_size": False,
    "act_layer": "gelu", "eps": 1e-6, "distilled": False,
}
ARGS = "import('./timm_args.js').Args"
ACTIVATIONS = {"GELU": "gelu", "GELUTanh": "gelu_tanh", "QuickGELU": "quick_gelu", "ReLU": "relu", "SiLU": "silu"}


def name(module):
    return type(module).__name__


def kind_of(model):
    """Why a model is not plain, or None."""
    if type(model) not in (VisionTransformer, VisionTransformerDistilled):
        return f"its class is {name(model)}"
    block = model.blocks[0]
    for what, module, expected in [
        ("embeds patches by", model.patch_embed, "PatchEmbed"), ("is made of", block, "Block"),
        ("attends by", getattr(block, "attn", None), "Attention"), ("has the network", getattr(block, "mlp", None), "Mlp"),
        ("normalises by", getattr(block, "norm1", None), "LayerNorm"),
    ]:
        if name(module) != expected:
            return f"it {what} {name(module)}"
    if name(model.attn_pool) not in ("NoneType", "AttentionPoolLatent"):
        return f"it pools by {name(model.attn_pool)}"
    for what, module in [("the patches", model.patch_embed.norm), ("attention's values", block.attn.norm),
                         ("the network's inside", block.mlp.norm)]:
        if name(module) != "Identity":
            return f"it normalises {what}"
    return None if model.pos_embed is not None else "it has no positions"


def facts_of(model):
    block = model.blocks[0]
    norms = {module.eps for module in model.modules() if name(module) == "LayerNorm"}
    assert len(norms) == 1, norms
    has = {key: name(getattr(model, key)) != "Identity" for key in ("norm", "fc_norm", "norm_pre")}
    # fc_norm is what the pooling decides unless the model says otherwise.
    usual = model.global_pool in ("avg", "avgmax", "max")
    facts = {
        "img_size": list(model.patch_embed.img_size), "global_pool": model.global_pool, "embed_dim": model.embed_dim,
        "num_heads": block.attn.num_heads,
        "class_token": model.has_class_token, "no_embed_class": model.no_embed_class, "reg_tokens": model.num_reg_tokens,
        "pre_norm": has["norm_pre"], "final_norm": has["norm"] or has["fc_norm"],
        "fc_norm": None if has["fc_norm"] == usual else has["fc_norm"],
        "pool_include_prefix": model.pool_include_prefix, "dynamic_img_size": model.dynamic_img_size,
        "act_layer": ACTIVATIONS[name(block.mlp.act)], "eps": norms.pop(),
        "distilled": type(model) is VisionTransformerDistilled,
    }
    if not facts["final_norm"]:
        facts["fc_norm"] = None
    # Sizes that are squares are one number.
    return {key: value[0] if isinstance(value, list) and value[0] == value[1] else value
            for key, value in facts.items() if value != DEFAULTS[key]}


# Shapes by letters: D width, F inside the network, P patch, N positions, C classes, R registers, W width of a head.
SHAPES = {
    "cls_token": "1 1 D", "dist_token": "1 1 D", "reg_token": "1 R D", "pos_embed": "1 N D",
    "patch_embed.proj.weight": "D 3 P P", "patch_embed.proj.bias": "D", "head.weight": "C D", "head.bias": "C",
    "head_dist.weight": "C D", "head_dist.bias": "C", "blocks.0.attn.qkv.weight": "3D D", "blocks.0.attn.qkv.bias": "3D",
    "blocks.0.attn.q_norm.weight": "W", "blocks.0.attn.q_norm.bias": "W", "blocks.0.attn.k_norm.weight": "W",
    "blocks.0.attn.k_norm.bias": "W", "blocks.0.attn.proj.weight": "D D", "blocks.0.mlp.fc1.weight": "F D",
    "blocks.0.mlp.fc1.bias": "F", "blocks.0.mlp.fc2.weight": "D F", "attn_pool.latent": "1 1 D",
    "attn_pool.q.weight": "D D", "attn_pool.kv.weight": "2D D", "attn_pool.kv.bias": "2D", "attn_pool.proj.weight": "D D",
    "attn_pool.mlp.fc1.weight": "F D", "attn_pool.mlp.fc1.bias": "F", "attn_pool.mlp.fc2.weight": "D F",
}


def tensors_of(model):
    """Shapes by the letters of SHAPES (D where it says nothing), of layers the first, and the letters' values."""
    tensors, block = model.state_dict(), model.blocks[0]
    sizes = {
        "1": 1, "3": 3, "D": model.embed_dim, "2D": 2 * model.embed_dim, "3D": 3 * model.embed_dim, "F": block.mlp.fc1.out_features,
        "P": model.patch_embed.patch_size[0], "N": model.pos_embed.shape[1], "C": model.num_classes,
        "R": model.num_reg_tokens, "W": block.attn.head_dim,
    }
    shapes = {key: SHAPES.get(key, "D") for key in tensors if not re.match(r"blocks\.[1-9]", key)}
    for key, letters in shapes.items():
        assert [sizes[letter] for letter in letters.split()] == list(tensors[key].shape), key
        of_layers = [other for other in tensors if re.sub(r"^blocks\.\d+", "blocks.0", other) == key]
        assert len(of_layers) == (len(model.blocks) if key.startswith("blocks") else 1), key
    return shapes, {letter: sizes[letter] for letter in "DFPNCRW"} | {"depth": len(model.blocks)}


def write_shapes(models):
    """The sets of tensors that models have, and for each model the number of its set, its sizes, and what is computed."""
    sets, lines = [], []
    for architecture, model in models.items():
        shapes, sizes = tensors_of(model)
        if shapes not in sets:
            sets.append(shapes)
        block = model.blocks[0]
        facts = {"heads": block.attn.num_heads, "activation": name(block.mlp.act), "epsilon": block.norm1.eps,
                 "prefix": model.num_prefix_tokens, "pool": model.global_pool, "normed_behind_pooling": name(model.fc_norm) != "Identity"}
        lines.append(f'  "{architecture}": {json.dumps({"set": sets.index(shapes), **sizes, **facts})}')
    written = ",\n".join(f"  {json.dumps(one)}" for one in sets)
    print('{"sets": [\n' + written + '\n], "models": {\n' + ",\n".join(lines) + "\n}}")


def javascript(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key}: {javascript(item)}" for key, item in value.items()) + " }" if value else "{}"
    if isinstance(value, str):
        return f"'{value}'"
    return json.dumps(value)


def write_table(plain, refused):
    print(f"""// Written by tests/architectures/timm_table.py from timm {timm.__version__}; not to be changed by hand.
// biome-ignore-all format: a table, a line an entry

/** The arguments of timm's VisionTransformer and their defaults; `eps` is the norms'. */
export const DEFAULTS = {javascript({**DEFAULTS, 'img_size': 224})};

/** What the plain Vision Transformers of timm have instead, by name. @type {{Record<string, Partial<{ARGS}>>}} */
export const ARCHITECTURES = {{""")
    for architecture, facts in plain.items():
        print(f"  {architecture}: {javascript(facts)},")
    print("};\n\n/** Those that are not plain, by the reason. @type {Record<string, string[]>} */\nexport const REFUSED = {")
    for reason, names in refused.items():
        print(f"  {json.dumps(reason)}: [{', '.join(javascript(one) for one in names)}],")
    print("};")


def main():
    warnings.filterwarnings("ignore")
    plain, refused, models = {}, {}, {}
    for architecture in timm.list_models():
        if not architecture.startswith(PREFIXES):
            continue
        with torch.device("meta"):
            model = timm.create_model(architecture)
        reason = kind_of(model)
        if reason:
            refused.setdefault(reason, []).append(architecture)
        else:
            plain[architecture], models[architecture] = facts_of(model), model
            assert list(model.patch_embed.img_size) == list(model.pretrained_cfg["input_size"][1:]), architecture
    if "--files" in sys.argv:
        write_shapes(models)
    else:
        write_table(plain, dict(sorted(refused.items())))


if __name__ == "__main__":
    main()
