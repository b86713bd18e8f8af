"""Reference outputs of vision families that data/models lacks, into data/vision, as families.py makes those of texts.

Needs torch, transformers and safetensors.
"""
import shutil
import warnings
import zlib
from pathlib import Path

import torch
import transformers

from families import draw, write_case, write_index

OUT = Path(__file__).parent / "data" / "vision"
VIT = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=4, intermediate_size=36, image_size=16, patch_size=4)
OTHER = dict(VIT, hidden_size=32, num_attention_heads=2, num_hidden_layers=3, hidden_act="relu", layer_norm_eps=1e-5, num_channels=1)
DINO = {key: value for key, value in VIT.items() if key != "intermediate_size"}
CLASSES = "ForImageClassification"
BEIT = dict(VIT, use_relative_position_bias=True, layer_scale_init_value=0.3)

SWIN = dict(image_size=24, patch_size=2, embed_dim=8, depths=[2, 1, 2], num_heads=[2, 2, 1], window_size=3, mlp_ratio=2.5)

# name: the class without its end, the end, options of its config, [height, width] of the images, options of the call
CASES = {
    "beit_shared": ("Beit", "Model", dict(VIT, use_shared_relative_position_bias=True, use_absolute_position_embeddings=True),
                    (16, 16), {}),
    "beit_first": ("Beit", CLASSES, dict(OTHER, use_relative_position_bias=True, use_mean_pooling=False, num_labels=3,
                                         layer_scale_init_value=0.0), (20, 12), {}),
    "beit_masked": ("Beit", "ForMaskedImageModeling", dict(BEIT, vocab_size=20, use_mask_token=True), (20, 16), {}),
    # Tables of oblong images are resized as those of a square.
    "beit_oblong": ("Beit", "Model", dict(BEIT, image_size=[12, 20]), (12, 20), {}),
    "beit_oblong_positions": ("Beit", "Model", dict(VIT, image_size=[8, 32], use_absolute_position_embeddings=True), (8, 32), {}),
    "data2vec_vision": ("Data2VecVision", "Model", dict(BEIT), (24, 16), {}),
    "data2vec_vision_classes": ("Data2VecVision", CLASSES, dict(BEIT, num_labels=5, use_mean_pooling=False), (16, 16), {}),
    "dinov2_gated": ("Dinov2", "Model", dict(DINO, mlp_ratio=2, use_swiglu_ffn=True, qkv_bias=False), (28, 12), {}),
    "dinov2_oblong": ("Dinov2", CLASSES, dict(DINO, image_size=[8, 32], num_labels=3), (20, 12), {}),
    "dinov2_no_registers": ("Dinov2WithRegisters", "Model", dict(DINO, num_register_tokens=0), (16, 16), {}),
    "dinov2_registers_resized": ("Dinov2WithRegisters", CLASSES, dict(DINO, mlp_ratio=3, num_register_tokens=2, num_labels=3),
                                 (12, 20), {}),
    "dinov3_gated": ("DINOv3ViT", "Model", dict(VIT, hidden_size=32, use_gated_mlp=True, num_register_tokens=3, key_bias=True, mlp_bias=False,
                                                rope_theta=50.0), (12, 28), {}),
    "swin_heads": ("Swin", CLASSES, dict(SWIN, num_labels=3, use_absolute_embeddings=True, qkv_bias=False), (24, 24), {}),
    "swinv2_trained": ("Swinv2", "Model", dict(SWIN, pretrained_window_sizes=[6, 4, 0]), (24, 24), {}),
    "swinv2_resized": ("Swinv2", CLASSES, dict(SWIN, window_size=4, num_labels=3, hidden_act="relu"), (27, 34), {}),
    "vit_msn": ("ViTMSN", "Model", dict(VIT), (16, 16), {}),
    "vit_msn_classes": ("ViTMSN", CLASSES, dict(OTHER, num_labels=3, qkv_bias=False), (24, 12), dict(interpolate_pos_encoding=True)),
    "vit_mae_oblong": ("ViTMAE", "ForPreTraining", dict(VIT, image_size=[8, 32], mask_ratio=0.0, decoder_hidden_size=16,
                                                        decoder_num_hidden_layers=1, decoder_num_attention_heads=2,
                                                        decoder_intermediate_size=20), (16, 20),
                       dict(interpolate_pos_encoding=True, noise=torch.arange(20.0).repeat(2, 1))),
    "ijepa_classes": ("IJepa", CLASSES, dict(OTHER, num_labels=3), (24, 12), dict(interpolate_pos_encoding=True)),
}


def outputs_of(call):
    def of(model, given):
        encoder = model.vit if hasattr(model, "decoder") else model
        out = encoder(**given, **call, output_hidden_states=True, output_attentions=True)
        named = {key: out[key] for key in ("last_hidden_state", "pooler_output", "logits") if out.get(key) is not None}
        for i, maps in enumerate(out.attentions):
            named[f"attentions.{i}"] = maps
        named["layer.in"] = out.hidden_states[0]
        for i, state in enumerate(out.hidden_states[1:-1]):
            named[f"layer.{i}"] = state
        return {key: value.double() for key, value in named.items()}

    return of


@torch.no_grad()
def main():
    shutil.rmtree(OUT, ignore_errors=True)
    cases = []
    for name, (kind, end, options, size, call) in CASES.items():
        torch.manual_seed(zlib.crc32(name.encode()))
        config = getattr(transformers, f"{kind}Config")(**options)
        config._attn_implementation = "eager"
        model = getattr(transformers, kind + end)(config).eval()
        draw(model)
        given = dict(pixel_values=torch.randn(2, config.num_channels, *size))
        cases.append(dict(write_case(OUT / name, model, given, outputs_of(call)), compare="all"))
    write_index(OUT, cases)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
