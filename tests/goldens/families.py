"""Reference outputs of families and heads that data/models lacks, into data/families: tiny models of transformers, random weights.

Each runs in float32 and in float64; an output's tol is the largest of ten times their difference, 2e-6 of the largest value, and
three times the worst relative difference of any output, rounded up to one digit. Needs torch, transformers and safetensors.
"""
import json
import math
import shutil
import warnings
import zlib
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file

OUT = Path(__file__).parent / "data" / "families"
BERT = dict(vocab_size=64, hidden_size=24, num_hidden_layers=2, num_attention_heads=4, intermediate_size=36,
            max_position_embeddings=40)
OTHER = dict(BERT, hidden_size=32, num_attention_heads=2, intermediate_size=20, layer_norm_eps=1e-5, num_hidden_layers=3)
ROBERTA = dict(pad_token_id=1, bos_token_id=0, eos_token_id=2)
T5 = dict(vocab_size=64, d_model=24, d_kv=8, d_ff=36, num_layers=2, num_heads=3, relative_attention_num_buckets=8,
          relative_attention_max_distance=20)
DEBERTA = dict(BERT, relative_attention=True, pos_att_type=["c2p", "p2c"], type_vocab_size=0)
MODERN = dict(BERT, local_attention=16, global_attn_every_n_layers=2, pad_token_id=0, bos_token_id=1, eos_token_id=2,
              cls_token_id=1, sep_token_id=2)
EURO = dict(BERT, num_key_value_heads=2, head_dim=6, pad_token_id=0, bos_token_id=1, eos_token_id=2, mask_token_id=3)
ESM = dict(BERT, vocab_size=33, mask_token_id=32, pad_token_id=1, token_dropout=True)
SEQUENCE, TOKENS, WORDS, QUESTIONS = ("ForSequenceClassification", "ForTokenClassification", "ForMaskedLM",
                                      "ForQuestionAnswering")

# name: the class without its end, the end, options of its config, the side of padding
CASES = {
    "ernie": ("Ernie", "Model", dict(BERT, type_vocab_size=2), "right"),
    "ernie_words": ("Ernie", WORDS, dict(OTHER, hidden_act="relu", type_vocab_size=4), "left"),
    "ernie_sequence": ("Ernie", SEQUENCE, dict(BERT, num_labels=3), "right"),
    "ernie_tasks": ("Ernie", "Model", dict(BERT, type_vocab_size=2, use_task_id=True, task_type_vocab_size=3), "right"),
    "ernie_tasks_sequence": ("Ernie", SEQUENCE, dict(OTHER, type_vocab_size=4, use_task_id=True, num_labels=3), "right"),
    "camembert": ("Camembert", "Model", dict(BERT, **ROBERTA, type_vocab_size=1), "right"),
    "camembert_tokens": ("Camembert", TOKENS, dict(OTHER, **ROBERTA, type_vocab_size=1, num_labels=5), "right"),
    "camembert_words": ("Camembert", WORDS, dict(BERT, **ROBERTA, type_vocab_size=1), "right"),
    "data2vec_text": ("Data2VecText", "Model", dict(BERT, **ROBERTA, type_vocab_size=1), "right"),
    "data2vec_text_questions": ("Data2VecText", QUESTIONS, dict(OTHER, **ROBERTA, type_vocab_size=1), "right"),
    "roberta_prelayernorm": ("RobertaPreLayerNorm", "Model", dict(BERT, **ROBERTA, type_vocab_size=1), "right"),
    "roberta_prelayernorm_sequence": ("RobertaPreLayerNorm", SEQUENCE, dict(OTHER, **ROBERTA, num_labels=3), "right"),
    "roberta_prelayernorm_words": ("RobertaPreLayerNorm", WORDS, dict(OTHER, **ROBERTA, hidden_act="relu"), "right"),
    "roformer": ("RoFormer", "Model", dict(BERT), "right"),
    "roformer_words": ("RoFormer", WORDS, dict(OTHER, embedding_size=16), "left"),
    "roformer_sequence": ("RoFormer", SEQUENCE, dict(OTHER, hidden_act="relu", num_labels=3), "right"),
    "jina_v3": ("JinaEmbeddingsV3", "Model", dict(BERT, **ROBERTA, type_vocab_size=1), "right"),
    "jina_v3_sequence": ("JinaEmbeddingsV3", SEQUENCE, dict(OTHER, **ROBERTA, num_labels=3, rope_parameters=dict(
        rope_type="linear", factor=2.5, rope_theta=5000.0)), "right"),
    "jina_v3_words": ("JinaEmbeddingsV3", WORDS, dict(OTHER, **ROBERTA, hidden_act="relu", type_vocab_size=2), "right"),
    "nomic_bert_words": ("NomicBert", WORDS, dict(OTHER, hidden_act="gelu", type_vocab_size=1), "right"),
    "nomic_bert_sequence": ("NomicBert", SEQUENCE, dict(BERT, num_labels=3, rope_parameters=dict(
        rope_type="yarn", factor=2.0, rope_theta=1000.0, original_max_position_embeddings=20)), "right"),
    "nomic_bert_tokens": ("NomicBert", TOKENS, dict(BERT, num_labels=5), "right"),
    "gte": ("Gte", "Model", dict(BERT, type_vocab_size=2), "right"),
    "gte_words": ("Gte", WORDS, dict(OTHER, hidden_act="relu"), "left"),
    "gte_sequence": ("Gte", SEQUENCE, dict(BERT, num_labels=3, rope_parameters=dict(
        rope_type="default", rope_theta=5000.0)), "right"),
    "gte_tokens": ("Gte", TOKENS, dict(OTHER, num_labels=5), "right"),
    "mt5": ("MT5", "EncoderModel", dict(T5, feed_forward_proj="gated-gelu"), "right"),
    "mt5_relu": ("MT5", "EncoderModel", dict(T5, num_heads=2, num_layers=3, feed_forward_proj="relu"), "left"),
    "t5_tokens": ("T5", TOKENS, dict(T5, num_labels=5, feed_forward_proj="gelu"), "right"),
    "umt5": ("UMT5", "EncoderModel", dict(T5, feed_forward_proj="gated-gelu"), "right"),
    "umt5_silu": ("UMT5", "EncoderModel", dict(T5, num_heads=2, num_layers=3, feed_forward_proj="gated-silu"), "left"),
    "distilbert_questions": ("DistilBert", QUESTIONS, dict(vocab_size=64, dim=24, n_layers=2, n_heads=4, hidden_dim=36,
                                                           max_position_embeddings=40), "right"),
    "roberta_words": ("Roberta", WORDS, dict(OTHER, **ROBERTA, type_vocab_size=1), "right"),
    "xlm_roberta_questions": ("XLMRoberta", QUESTIONS, dict(BERT, **ROBERTA, type_vocab_size=1), "right"),
    "mpnet_sequence": ("MPNet", SEQUENCE, dict(OTHER, **ROBERTA, num_labels=3), "right"),
    "mpnet_words": ("MPNet", WORDS, dict(BERT, **ROBERTA), "right"),
    "albert_words": ("Albert", WORDS, dict(OTHER, embedding_size=16, num_hidden_groups=1), "right"),
    "albert_questions": ("Albert", QUESTIONS, dict(BERT, embedding_size=8, num_hidden_groups=2), "right"),
    "albert_inner": ("Albert", "Model", dict(BERT, embedding_size=8, num_hidden_groups=2, num_hidden_layers=3,
                                        inner_group_num=2), "right"),
    "electra_words": ("Electra", WORDS, dict(OTHER, embedding_size=16), "right"),
    "electra_tokens": ("Electra", TOKENS, dict(BERT, embedding_size=24, num_labels=5), "right"),
    "deberta_tokens": ("Deberta", TOKENS, dict(DEBERTA, num_labels=5), "right"),
    "deberta_v2_words": ("DebertaV2", WORDS, dict(DEBERTA, position_buckets=8, share_att_key=True,
                                                  norm_rel_ebd="layer_norm"), "right"),
    "deberta_v2_convolution": ("DebertaV2", "Model", dict(DEBERTA, position_buckets=8, conv_kernel_size=3, conv_act="gelu"),
                               "right"),
    "deberta_v2_convolution_tokens": ("DebertaV2", TOKENS, dict(DEBERTA, conv_kernel_size=5, num_labels=5), "right"),
    "modernbert_sequence": ("ModernBert", SEQUENCE, dict(MODERN, num_labels=3, classifier_pooling="mean"), "right"),
    "modernbert_tokens": ("ModernBert", TOKENS, dict(MODERN, num_labels=5, norm_bias=True), "right"),
    "modernbert_questions": ("ModernBert", QUESTIONS, dict(MODERN, classifier_bias=True), "left"),
    "eurobert_sequence": ("EuroBert", SEQUENCE, dict(EURO, num_labels=3, classifier_pooling="mean"), "right"),
    "eurobert_late": ("EuroBert", SEQUENCE, dict(EURO, num_labels=3, classifier_pooling="late"), "right"),
    "eurobert_bos": ("EuroBert", SEQUENCE, dict(EURO, num_labels=3, classifier_pooling="bos", mlp_bias=True), "right"),
    "eurobert_tokens": ("EuroBert", TOKENS, dict(EURO, num_labels=5), "right"),
    "eurobert_words": ("EuroBert", WORDS, dict(EURO), "right"),
    "esm_sequence": ("Esm", SEQUENCE, dict(ESM, num_labels=3, position_embedding_type="absolute"), "right"),
    "esm_words": ("Esm", WORDS, dict(ESM, position_embedding_type="rotary"), "right"),
}


def rounded_up(value):
    unit = 10 ** math.floor(math.log10(value))
    return float(f"{math.ceil(value / unit * (1 - 1e-9)) * unit:.0e}")


def inputs_of(config, end, side):
    """Three texts of 12, 9 and 5 tokens, padded."""
    lengths, most = (12, 9, 5), 12
    pad = config.pad_token_id or 0
    ids = torch.full((3, most), pad)
    mask = torch.zeros(3, most, dtype=torch.long)
    for row, length in enumerate(lengths):
        place = slice(most - length, most) if side == "left" else slice(0, length)
        ids[row, place] = torch.randint(4, config.vocab_size, (length,))
        mask[row, place] = 1
    given = dict(input_ids=ids, attention_mask=mask)
    if getattr(config, "type_vocab_size", 0) > 1 and config.model_type not in ("modernbert", "eurobert", "esm"):
        given["token_type_ids"] = torch.randint(0, config.type_vocab_size, (3, most)) * mask
    # Without them all tokens are of task 0, which is what heads are tested with.
    if getattr(config, "use_task_id", False) and end == "Model":
        given["task_type_ids"] = torch.randint(0, config.task_type_vocab_size, (3, most)) * mask
    return given


def outputs_of(model, given):
    out = model(**given, output_hidden_states=True, output_attentions=True)
    base = getattr(model, model.base_model_prefix, model)
    named = {key: out[key] for key in ("pooler_output", "logits", "start_logits", "end_logits") if out.get(key) is not None}
    if "last_hidden_state" in out:
        named["last_hidden_state"] = out.last_hidden_state
    else:
        found = base(**given)
        named["last_hidden_state"] = found.last_hidden_state
    for i, maps in enumerate(out.attentions):
        named[f"attentions.{i}"] = maps
    # The last of transformers' states may be behind the final norm; those between layers never are.
    named["layer.in"] = out.hidden_states[0]
    for i, state in enumerate(out.hidden_states[1:-1]):
        named[f"layer.{i}"] = state
    return {key: value.double() for key, value in named.items()}


def draw(model):
    """Random weights, norms around 1."""
    for name, weight in model.named_parameters():
        if not weight.requires_grad:
            continue  # a table that is computed
        is_norm = "norm" in name.lower() and weight.dim() == 1
        weight.copy_(torch.randn_like(weight) * (0.1 if weight.dim() == 1 else 0.3))
        if is_norm and name.endswith("weight"):
            weight.add_(1.0)
    model.tie_weights()


def write_case(folder, model, given, outputs_of, valid=lambda key, value: value):
    """The model's files, case.safetensors and an entry of index.json. outputs_of: of a model and its inputs, named; valid: the
    part of an output that counts."""
    model.save_pretrained(folder)
    single = outputs_of(model, given)
    double = outputs_of(model.double(), {k: v.double() if v.is_floating_point() else v for k, v in given.items()})
    pairs = {key: (valid(key, single[key]), valid(key, value)) for key, value in double.items()}
    differences = {key: (a - b).abs().max().item() for key, (a, b) in pairs.items()}
    largest = {key: b.abs().max().item() for key, (_, b) in pairs.items()}
    worst = max(differences[key] / largest[key] for key in pairs)
    outputs = {}
    for key in pairs:
        tol = rounded_up(max(10 * differences[key], 2e-6 * largest[key], 3 * worst * largest[key]))
        outputs[key] = dict(shape=list(double[key].shape), f32_vs_f64=differences[key], tol=tol)
    stored = {k: v.float() if v.is_floating_point() else v.to(torch.int32) for k, v in given.items()}
    tensors = {f"in.{key}": value.contiguous() for key, value in stored.items()}
    tensors |= {f"out.{key}": value.float().contiguous() for key, value in double.items()}
    save_file(tensors, folder / "case.safetensors")
    print(folder.name, max(differences.values()), flush=True)
    return dict(name=folder.name, architecture=model.config.model_type, inputs=sorted(given), outputs=outputs)


def write_index(folder, cases):
    versions = dict(torch=torch.__version__.split("+")[0], transformers=transformers.__version__)
    (folder / "index.json").write_text(json.dumps(dict(versions=versions, cases=cases), indent=1) + "\n")


@torch.no_grad()
def main():
    shutil.rmtree(OUT, ignore_errors=True)
    cases = []
    for name, (kind, end, options, side) in CASES.items():
        torch.manual_seed(zlib.crc32(name.encode()))
        config = getattr(transformers, f"{kind}Config")(**options)
        config._attn_implementation = "eager"
        model = getattr(transformers, kind + end)(config).eval()
        draw(model)
        given = inputs_of(config, end, side)
        mask = given["attention_mask"].bool()

        def valid(key, value, mask=mask):
            """Padding is not computed: of rows of tokens those of valid ones count."""
            if key.startswith("attentions"):
                return value.transpose(1, 2)[mask]
            return value[mask] if value.shape[:2] == mask.shape else value

        cases.append(dict(write_case(OUT / name, model, given, outputs_of, valid), compare="valid"))
    write_index(OUT, cases)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
