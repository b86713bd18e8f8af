"""Reference outputs of CLIP's and SigLIP's towers that data/models lacks, into data/towers: tiny models of transformers, random
weights. Tolerances as in families.py. Needs torch, transformers and safetensors.
"""
import json
import shutil
import warnings
import zlib
from pathlib import Path

import torch
import transformers
from families import rounded_up
from safetensors.torch import save_file

OUT = Path(__file__).parent / "data" / "towers"
LAYERS = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=4, intermediate_size=36)
OTHER = dict(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=20, layer_norm_eps=1e-3)
TEXT = dict(LAYERS, vocab_size=64, max_position_embeddings=16, pad_token_id=1, bos_token_id=0, eos_token_id=2)
PICTURE = dict(LAYERS, image_size=24, patch_size=8)
LABELS = dict(id2label={0: "cat", 1: "dog", 2: "emu"}, label2id={"cat": 0, "dog": 1, "emu": 2})

# name: the class, options of its config, the side of padding, the size of images (None: no such input), whether config.json
# has no more than the options
CASES = {
    "clip_text": ("CLIPTextModel", TEXT, "right", None, False),
    "clip_text_proj": ("CLIPTextModelWithProjection", dict(TEXT, **{**OTHER, "hidden_act": "gelu"}, eos_token_id=60,
                                                         projection_dim=20), "left", None, False),
    "clip_text_no_end": ("CLIPTextModelWithProjection", dict(TEXT, eos_token_id=63, projection_dim=28), "right", None, False),
    "clip_vision": ("CLIPVisionModel", dict(PICTURE, hidden_act="gelu"), None, (24, 24), False),
    "clip_vision_resized": ("CLIPVisionModelWithProjection", dict(PICTURE, **OTHER, projection_dim=20), None, (40, 16), False),
    "clip": ("CLIPModel", dict(
        text_config=dict(TEXT, eos_token_id=60, projection_dim=8), vision_config=dict(PICTURE, **{**OTHER, "hidden_act": "gelu"}),
        projection_dim=20), "right", (24, 24), False),
    "clip_defaults": ("CLIPModel", dict(
        text_config=dict(hidden_size=16, intermediate_size=20, num_hidden_layers=1, vocab_size=64),
        vision_config=dict(hidden_size=12, intermediate_size=28, num_hidden_layers=1, image_size=64, num_channels=1)), "right",
        (64, 64), True),
    "clip_first_files": ("CLIPModel", dict(
        text_config=dict(TEXT, hidden_size=512, num_attention_heads=2), vision_config=dict(hidden_act="relu"), projection_dim=12,
        text_config_dict=dict(TEXT), vision_config_dict=dict(PICTURE)), "right", (24, 24), True),
    "clip_classes": ("CLIPForImageClassification", dict(text_config=TEXT, vision_config=PICTURE, **LABELS), None, (24, 24), False),
    "siglip_text": ("SiglipTextModel", dict(TEXT, projection_size=20), "whole", None, False),
    "siglip_text_masked": ("SiglipTextModel", dict(TEXT, **OTHER, hidden_act="gelu"), "left", None, False),
    "siglip_vision": ("SiglipVisionModel", dict(PICTURE, **OTHER, hidden_act="gelu"), None, (24, 24), False),
    "siglip_vision_resized": ("SiglipVisionModel", PICTURE, None, (16, 40), False),
    "siglip_vision_no_head": ("SiglipVisionModel", dict(PICTURE, vision_use_head=False), None, (24, 24), False),
    "siglip": ("SiglipModel", dict(text_config=dict(TEXT, projection_size=32), vision_config=dict(PICTURE, **OTHER)), "whole",
               (24, 24), False),
    "siglip_defaults": ("SiglipModel", dict(
        text_config=dict(hidden_size=24, intermediate_size=28, num_hidden_layers=1, vocab_size=64),
        vision_config=dict(hidden_size=24, intermediate_size=28, num_hidden_layers=1, image_size=32)), "whole", (32, 32), True),
    "siglip_classes": ("SiglipForImageClassification", dict(text_config=TEXT, vision_config=PICTURE, **LABELS), None, (24, 24),
                       False),
}


def inputs_of(config, side, size):
    """Three texts of 12, 9 and 5 tokens, padded, each with an end; "whole": padding without a mask. Two pictures."""
    given = {}
    if side:
        lengths, most = (12, 9, 5), 12
        ids = torch.full((3, most), 1)
        mask = torch.zeros(3, most, dtype=torch.long)
        for row, length in enumerate(lengths):
            place = slice(most - length, most) if side == "left" else slice(0, length)
            ids[row, place] = torch.randint(4, 60, (length,))
            ids[row, place.stop - 2] = 60
            mask[row, place] = 1
        given = dict(input_ids=ids) if side == "whole" else dict(input_ids=ids, attention_mask=mask)
    if size:
        pictures = getattr(config, "vision_config", config)
        given["pixel_values"] = torch.randn(2, pictures.num_channels, *size).half().float()
    return given


def rows_of(out, prefix):
    """The last of transformers' states may be behind the final norm; those between layers never are."""
    named = {f"{prefix}in": out.hidden_states[0]}
    return named | {f"{prefix}{i}": state for i, state in enumerate(out.hidden_states[1:-1])}


def outputs_of(model, given):
    pixels = given.get("pixel_values")
    more = dict(interpolate_pos_encoding=True) if pixels is not None else {}
    texts = {key: value for key, value in given.items() if key != "pixel_values"}
    seen = dict(output_hidden_states=True, output_attentions=True)
    if pixels is None or not texts:
        # A model for classes has no such option.
        classes = "ImageClassification" in type(model).__name__
        out = model(**given, **({} if classes else more), **seen)
        found = {key: out[key] for key in ("pooler_output", "text_embeds", "image_embeds", "logits", "last_hidden_state")
                 if out.get(key) is not None}
        found |= {f"attentions.{i}": maps for i, maps in enumerate(out.attentions)} | rows_of(out, "layer.")
    else:
        out = model(**given, **more)
        found = {key: out[key] for key in ("text_embeds", "image_embeds", "logits_per_text", "logits_per_image")}
        for tower, inputs in (("text_model", texts), ("vision_model", dict(pixel_values=pixels))):
            for key in ("last_hidden_state", "pooler_output"):
                found[f"{tower}_output.{key}"] = out[f"{tower}_output"][key]
            found |= rows_of(getattr(model, tower)(**inputs, **seen), f"layer.{tower}.encoder.layers.")
    return {key: value.double() for key, value in found.items()}


@torch.no_grad()
def main():
    shutil.rmtree(OUT, ignore_errors=True)
    cases = []
    for name, (kind, options, side, size, is_bare) in CASES.items():
        torch.manual_seed(zlib.crc32(name.encode()))
        cls = getattr(transformers, kind)
        config = cls.config_class(**json.loads(json.dumps(options)))
        for one in (config, getattr(config, "text_config", None), getattr(config, "vision_config", None)):
            if one is not None:
                one._attn_implementation = "eager"
        model = cls(config).eval()
        for parameter, weight in model.named_parameters():
            if parameter in ("logit_scale", "logit_bias"):
                weight.fill_(1.25 if parameter == "logit_scale" else -2.5)
                continue
            is_norm = "norm" in parameter.lower() or "layrnorm" in parameter
            weight.copy_(torch.randn_like(weight) * (0.1 if weight.dim() == 1 else 0.3))
            if is_norm and parameter.endswith("weight"):
                weight.add_(1.0)
        folder = OUT / name
        model.save_pretrained(folder)
        if is_bare:
            bare = dict(architectures=[kind], model_type=config.model_type, **options)
            (folder / "config.json").write_text(json.dumps(bare, indent=1) + "\n")
            cls.from_pretrained(folder)
        given = inputs_of(config, side, size)
        single = outputs_of(model, given)
        double = outputs_of(model.double(), {key: value.double() if value.is_floating_point() else value
                                             for key, value in given.items()})
        mask = given.get("attention_mask", torch.zeros(0, 0)).bool()

        def valid(key, value):
            """Padding is not computed: of rows of tokens those of valid ones count."""
            if key.startswith("attentions") and mask.numel():
                return value.transpose(1, 2)[mask]
            return value[mask] if value.shape[:2] == mask.shape else value

        pairs = {key: (valid(key, single[key]), valid(key, value)) for key, value in double.items()}
        differences = {key: (a - b).abs().max().item() for key, (a, b) in pairs.items()}
        largest = {key: b.abs().max().item() for key, (_, b) in pairs.items()}
        worst = max(differences[key] / largest[key] for key in pairs)
        outputs = {}
        for key in pairs:
            tol = rounded_up(max(10 * differences[key], 2e-6 * largest[key], 3 * worst * largest[key]))
            outputs[key] = dict(shape=list(double[key].shape), f32_vs_f64=differences[key], tol=tol)
        tensors = {f"in.{key}": value.contiguous() if value.is_floating_point() else value.to(torch.int32).contiguous()
                   for key, value in given.items()}
        tensors |= {f"out.{key}": value.float().contiguous() for key, value in double.items()}
        save_file(tensors, folder / "case.safetensors")
        cases.append(dict(name=name, architecture=config.model_type, inputs=sorted(given),
                          compare="valid" if mask.numel() else "all", outputs=outputs))
        print(name, max(differences.values()), flush=True)
    versions = dict(torch=torch.__version__.split("+")[0], transformers=transformers.__version__)
    (OUT / "index.json").write_text(json.dumps(dict(versions=versions, cases=cases), indent=1) + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
