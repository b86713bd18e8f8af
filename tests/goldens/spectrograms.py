"""Reference outputs of audio encoders that read spectra as pictures, into data/spectrograms, as vision.py makes those of pictures.

Needs torch, transformers and safetensors.
"""
import shutil
import warnings
import zlib
from pathlib import Path

import torch
import transformers

from families import draw, write_case, write_index
from vision import outputs_of

OUT = Path(__file__).parent / "data" / "spectrograms"
AST = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=4, intermediate_size=36, num_mel_bins=12, max_length=26,
           patch_size=6, frequency_stride=3, time_stride=4)
OTHER = dict(AST, hidden_size=32, num_attention_heads=2, num_hidden_layers=3, hidden_act="relu", layer_norm_eps=1e-5, max_length=31,
             qkv_bias=False, num_labels=3)

# name: the class' end, options of its config
CASES = {
    "ast": ("Model", AST),
    "ast_sides": ("Model", dict(OTHER, patch_size=4, frequency_stride=4, time_stride=9)),
    "ast_classes": ("ForAudioClassification", OTHER),
}


@torch.no_grad()
def main():
    shutil.rmtree(OUT, ignore_errors=True)
    cases = []
    for name, (end, options) in CASES.items():
        torch.manual_seed(zlib.crc32(name.encode()))
        config = transformers.ASTConfig(**options)
        config._attn_implementation = "eager"
        model = getattr(transformers, f"AST{end}")(config).eval()
        draw(model)
        given = dict(input_values=torch.randn(2, config.max_length, config.num_mel_bins))
        cases.append(dict(write_case(OUT / name, model, given, outputs_of({})), compare="all"))
    write_index(OUT, cases)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
