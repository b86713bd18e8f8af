"""Reference outputs for texts of 8,192 tokens, into data/long: tiny models of transformers with random weights, run in float64.

Some rows of the last hidden state are kept, first and last ones among them. tol is ten times what the same model in float32
differs by, 2e-6 of the largest value at least, rounded up to one digit. Needs torch, transformers and safetensors.
"""
import json
import math
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file

LENGTH = 8192
ROWS = 64
OUT = Path(__file__).parent / "data" / "long"
COMMON = dict(vocab_size=64, num_hidden_layers=2, pad_token_id=0)
SMALL = dict(COMMON, hidden_size=16, num_attention_heads=2, intermediate_size=24)
TOKENS = dict(bos_token_id=1, eos_token_id=2)
YARN = dict(rope_type="yarn", factor=8.0, original_max_position_embeddings=1024, rope_theta=10000.0)
LLAMA = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
             original_max_position_embeddings=1024, rope_theta=10000.0)
DYNAMIC = dict(rope_type="dynamic", factor=4.0, rope_theta=10000.0)

CASES = {
    "modernbert": ("ModernBert", dict(SMALL, **TOKENS, local_attention=128, global_attn_every_n_layers=2,
                                      max_position_embeddings=LENGTH)),
    "eurobert_yarn": ("EuroBert", dict(SMALL, **TOKENS, rope_parameters=YARN, max_position_embeddings=LENGTH)),
    "eurobert_llama3": ("EuroBert", dict(SMALL, **TOKENS, rope_parameters=LLAMA, max_position_embeddings=LENGTH)),
    "gemma3": ("Gemma3Text", dict(SMALL, **TOKENS, num_key_value_heads=1, head_dim=8, query_pre_attn_scalar=8,
                                  sliding_window=256, layer_types=["sliding_attention", "full_attention"],
                                  use_bidirectional_attention=True, max_position_embeddings=LENGTH)),
    "t5": ("T5Encoder", dict(vocab_size=64, d_model=16, d_kv=8, d_ff=24, num_layers=2, num_heads=2, pad_token_id=0,
                             relative_attention_num_buckets=32, relative_attention_max_distance=128)),
    "deberta_v3": ("DebertaV2", dict(SMALL, relative_attention=True, pos_att_type=["c2p", "p2c"], share_att_key=True,
                                     position_buckets=256, norm_rel_ebd="layer_norm", position_biased_input=False,
                                     max_position_embeddings=512, type_vocab_size=0)),
}


def config_and_model(name):
    config = getattr(transformers, ("T5" if name == "T5Encoder" else name) + "Config")
    return config, getattr(transformers, name + "Model")


def rounded_up(value):
    unit = 10 ** math.floor(math.log10(value))
    return math.ceil(value / unit) * unit


@torch.no_grad()
def main():
    index = []
    for name, (kind, options) in CASES.items():
        torch.manual_seed(len(name))
        config_class, model_class = config_and_model(kind)
        config = config_class(**options)
        config._attn_implementation = "eager"
        model = model_class(config).eval()
        for parameter, weight in model.named_parameters():
            is_norm = "norm" in parameter.lower() and weight.dim() == 1
            weight.copy_(torch.randn_like(weight) * (0.1 if is_norm else 0.35))
            if is_norm and parameter.endswith("weight") and "Gemma" not in kind:
                weight.add_(1.0)
        folder = OUT / name
        model.save_pretrained(folder)
        ids = torch.randint(3, 64, (1, LENGTH))
        rows = torch.cat([torch.arange(8), torch.randint(8, LENGTH - 8, (ROWS - 16,)).sort().values,
                          torch.arange(LENGTH - 8, LENGTH)])
        single = model(input_ids=ids).last_hidden_state[0, rows].double()
        double = model.double()(input_ids=ids).last_hidden_state[0, rows]
        largest = double.abs().max().item()
        tol = rounded_up(max(10 * (single - double).abs().max().item(), 2e-6 * largest))
        save_file({"in.input_ids": ids.to(torch.int32), "rows": rows.to(torch.int32),
                   "out.rows": double.float().contiguous()}, folder / "case.safetensors")
        index.append(dict(name=name, tol=float(f"{tol:.0e}"), f32_vs_f64=(single - double).abs().max().item(),
                          largest=largest))
        print(index[-1], flush=True)
    versions = dict(torch=torch.__version__.split("+")[0], transformers=transformers.__version__)
    (OUT / "index.json").write_text(json.dumps(dict(versions=versions, length=LENGTH, cases=index), indent=1) + "\n")


if __name__ == "__main__":
    main()
