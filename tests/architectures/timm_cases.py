"""Writes the small random models of tests/architectures/timm/ with what timm makes of pixels: NAME.safetensors holds the
weights, `in.pixel_values` and `out.*`, and as metadata the config.json that timm writes. Needs `pip install timm`.

    python tests/architectures/timm_cases.py
"""
import json
import tempfile
import warnings
from pathlib import Path

import timm
import torch
from PIL import Image
from safetensors.torch import save_file
from timm.data import create_transform, resolve_data_config
from timm.models import save_for_hf
from timm.models.vision_transformer import checkpoint_filter_fn

SMALL = {"embed_dim": 16, "depth": 1, "num_heads": 2, "mlp_ratio": 2, "img_size": 16, "patch_size": 4, "num_classes": 3}
# name: architecture, arguments beside those of SMALL, image if it is not the trained one
CASES = {
    "dynamic_up": ("vit_tiny_patch16_224", {"dynamic_img_size": True, "depth": 2}, (20, 28)),
    "dynamic_down": ("vit_tiny_patch16_224", {"dynamic_img_size": True}, (8, 12)),
    "wide": ("deit3_small_patch16_224", {"img_size": (16, 24)}, None),
    "oblong_patches": ("vit_tiny_patch16_224", {"patch_size": (4, 8), "dynamic_img_size": True}, (12, 32)),
    "clip": ("vit_base_patch16_clip_quickgelu_224", {}, None),
    "dinov2_registers": ("vit_base_patch14_reg4_dinov2", {"num_classes": 0}, None),
    "average_without_norm": ("vit_medium_patch16_gap_256", {}, None),
    "average_of_registers": ("vit_mediumd_patch16_reg4_gap_256", {"dynamic_img_size": True}, (12, 20)),
    "average_beside_class": ("eva_large_patch14_196", {}, None),
    "placed_registers": ("vit_so150m2_patch16_reg1_gap_256", {"dynamic_img_size": True, "num_classes": 0}, (8, 24)),
    "normed_heads": ("vit_tiny_patch16_224", {"qk_norm": True}, None),
    "largest_of_all": ("vit_tiny_patch16_224", {"global_pool": "max", "pool_include_prefix": True, "act_layer": "relu"}, None),
    "normed_token": ("vit_tiny_patch16_224", {"fc_norm": True, "act_layer": "silu"}, None),
    "no_norm": ("vit_base_patch16_radio_v3", {}, None),
    "tanh_gelu": ("vit_so400m_patch16_siglip_gap_256", {}, None),
    "attention": ("vit_base_patch16_siglip_224", {}, None),
    "attention_alone": ("vit_so400m_patch16_siglip_256", {"num_classes": 0, "depth": 2}, None),
    "attention_behind_registers": ("vit_so150m_patch16_reg4_map_256", {"dynamic_img_size": True}, (12, 20)),
    "attention_with_prefix": ("test_vit3", {"fc_norm": True}, None),
    "distilled": ("deit_tiny_distilled_patch16_224", {"dynamic_img_size": True}, (12, 24)),
}

SWIN = {"embed_dim": 8, "depths": (2, 1, 2), "num_heads": (2, 1, 4), "img_size": 24, "patch_size": 2, "num_classes": 3}
# The same of Swins, whose images are all of the trained size.
SWINS = {
    "swin": ("swin_tiny_patch4_window7_224", {"window_size": 3}),
    "swin_windows": ("swin_s3_tiny_224", {"window_size": (3, 6, 4), "num_classes": 0, "qkv_bias": False}),
    "swinv2": ("swinv2_tiny_window8_256", {"window_size": 4}),
    "swinv2_trained": ("swinv2_base_window12to16_192to256", {"window_size": 3, "mlp_ratio": 2.5, "act_layer": "relu"}),
    "swinv2_named": ("swinv2_base_window12to16_192to256", {"num_classes": 0, "depths": (1, 2), "num_heads": (2, 2), "img_size": 64}),
}


def randomize(model):
    generator = torch.Generator().manual_seed(7)
    for name, weight in model.named_parameters():
        near = 1.0 if weight.ndim == 1 and name.endswith(("weight", "gamma")) else 0.0
        values = torch.randn(weight.shape, generator=generator) * (0.3 if near or weight.ndim == 1 else 0.25) + near
        weight.data = values.half().float()


def config_of(model, args=None):
    with tempfile.TemporaryDirectory() as folder:
        save_for_hf(model, folder, safe_serialization=True, **({"model_args": args} if args else {}))
        return json.loads((Path(folder) / "config.json").read_text())


def outputs_of(model, pixels):
    model = model.double().eval()
    with torch.no_grad():
        rows = model.forward_features(pixels.double())
        pooled = model.forward_head(rows, pre_logits=True)
        outputs = {"last_hidden_state": rows.flatten(1, -2), "pooled": pooled}
        if model.num_classes:
            outputs["logits"] = model.forward_head(rows)
    return {f"out.{name}": value.float().contiguous() for name, value in outputs.items()}


def picture_outputs(model, config):
    """A picture [height, width, 3], and what the model makes of it behind timm's own preparation."""
    picture = torch.randint(0, 256, (40, 29, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(3))
    prepare = create_transform(**resolve_data_config(pretrained_cfg=config["pretrained_cfg"]))
    pixels = prepare(Image.fromarray(picture.numpy()))[None]
    return {"in.picture": picture, "out.of_picture": outputs_of(model, pixels)["out.pooled"]}


def write(name, config, weights, pixels, outputs):
    folder = Path(__file__).parent / "timm"
    folder.mkdir(exist_ok=True)
    tensors = {**{key: value.float().contiguous() for key, value in weights.items()}, "in.pixel_values": pixels, **outputs}
    save_file(tensors, folder / f"{name}.safetensors", {"config": json.dumps(config)})


def main():
    warnings.filterwarnings("ignore")
    for name, (architecture, args, image) in CASES.items():
        model = timm.create_model(architecture, **{**SMALL, **args})
        randomize(model)
        config = config_of(model)
        weights = {key: value.clone() for key, value in model.state_dict().items()}
        size = image or model.patch_embed.img_size
        pixels = torch.randn((1, 3, *size), generator=torch.Generator().manual_seed(9)).half().float()
        of_picture = picture_outputs(model, config) if name == "wide" else {}
        write(name, config, weights, pixels, {**outputs_of(model, pixels), **of_picture})
    for name, (architecture, args) in SWINS.items():
        args = {**SWIN, **args}
        model = timm.create_model(architecture, **args)
        randomize(model)
        config = config_of(model, {key: value for key, value in args.items() if key != "num_classes"})
        weights = {key: value.clone() for key, value in model.state_dict().items()}
        pixels = torch.randn((2, 3, *model.patch_embed.img_size), generator=torch.Generator().manual_seed(9)).half().float()
        write(name, config, weights, pixels, outputs_of(model, pixels))
    # A file of another size than the model that reads it: timm resamples its positions.
    args = {**SMALL, "img_size": 24}
    model = timm.create_model("vit_tiny_patch16_224", **args)
    randomize(model)
    weights = {key: value.clone() for key, value in model.state_dict().items()}
    reader = timm.create_model("vit_tiny_patch16_224", **SMALL)
    config = config_of(reader)
    reader.load_state_dict(checkpoint_filter_fn(weights, reader))
    pixels = torch.randn((1, 3, 16, 16), generator=torch.Generator().manual_seed(9)).half().float()
    write("larger_file", config, weights, pixels, outputs_of(reader, pixels))


if __name__ == "__main__":
    main()
