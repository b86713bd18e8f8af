"""What forward hooks of PyTorch see inside a model, into data/traces: every value that `forward(inputs, {trace: true})` gives.

Tiny models of transformers with random weights, one sequence each. Modules tell their inputs and outputs, attention functions what they
are called with; of these the scores are one product more. Tolerances as in families.py. Needs torch, transformers and safetensors.
"""
import shutil
import sys
import warnings
import zlib
from pathlib import Path

import torch
import transformers

from families import BERT, DEBERTA, EURO, MODERN, ROBERTA, T5, draw, write_case, write_index

OUT = Path(__file__).parent / "data" / "traces"
VIT = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=4, intermediate_size=36, image_size=28, patch_size=4)
DINO = {key: value for key, value in VIT.items() if key != "intermediate_size"}
GEMMA = dict(BERT, num_key_value_heads=2, head_dim=8, query_pre_attn_scalar=6, sliding_window=8, layer_types=["sliding_attention",
             "full_attention"], pad_token_id=0, bos_token_id=2, eos_token_id=1, use_bidirectional_attention=True)

# Modules, with @ for the layer's number. An = before a name: its input; a : behind it: which part of its output, of how many.
BERT_LAYER = dict(
    layer="encoder.layer.@", query="attention.self.query", key="attention.self.key", value="attention.self.value",
    context="=attention.output.dense", attention_output="attention.output.dense", attention_sum="=attention.output.LayerNorm",
    attention_norm="attention.output.LayerNorm", intermediate="intermediate.dense", activated="=output.dense",
    feed_forward="output.dense", feed_forward_sum="=output.LayerNorm", feed_forward_norm="output.LayerNorm")
BERT_STEM = dict(word="embeddings.word_embeddings", type="embeddings.token_type_embeddings",
                 position="embeddings.position_embeddings", sum="=embeddings.LayerNorm", norm="embeddings.LayerNorm",
                 output="embeddings")
PATCHES = dict(patch="embeddings.patch_embeddings.projection", sum="embeddings", output="embeddings")
VIT_LAYER = dict(
    layer="layers.@", before_attention="layernorm_before", query="attention.q_proj", key="attention.k_proj",
    value="attention.v_proj", context="=attention.o_proj", attention_output="attention.o_proj",
    attention_sum="=layernorm_after", before_feed_forward="layernorm_after", intermediate="mlp.fc1", activated="=mlp.fc2",
    feed_forward="mlp.fc2", feed_forward_sum="")
LLAMA_LAYER = dict(
    layer="layers.@", before_attention="input_layernorm", query="self_attn.q_proj", key="self_attn.k_proj",
    value="self_attn.v_proj", context="=self_attn.o_proj", attention_output="self_attn.o_proj",
    attention_sum="=post_attention_layernorm", before_feed_forward="post_attention_layernorm", intermediate="mlp.gate_proj",
    up="mlp.up_proj", activated="=mlp.down_proj", feed_forward="mlp.down_proj", feed_forward_sum="")
T5_LAYER = dict(
    layer="encoder.block.@", before_attention="layer.0.layer_norm", query="layer.0.SelfAttention.q", key="layer.0.SelfAttention.k",
    value="layer.0.SelfAttention.v", context="=layer.0.SelfAttention.o", attention_output="layer.0.SelfAttention.o",
    attention_sum="=layer.1.layer_norm", before_feed_forward="layer.1.layer_norm", activated="=layer.1.DenseReluDense.wo",
    feed_forward="layer.1.DenseReluDense.wo", feed_forward_sum="")
MODERN_LAYER = dict(
    layer="layers.@", before_attention="attn_norm", query="attn.Wqkv:0/3", key="attn.Wqkv:1/3", value="attn.Wqkv:2/3",
    context="=attn.Wo", attention_output="attn.Wo", attention_sum="=mlp_norm", before_feed_forward="mlp_norm",
    intermediate="mlp.Wi:0/2", up="mlp.Wi:1/2", activated="=mlp.Wo", feed_forward="mlp.Wo", feed_forward_sum="")
DINO_LAYER = dict(VIT_LAYER, layer="encoder.layer.@", before_attention="norm1", attention_sum="=norm2", before_feed_forward="norm2")


def changed(table, /, **names):
    return {key: name for key, name in {**table, **names}.items() if name is not None}


# name: the class, options of its config, the modules of the stem, those of a layer, what attention adds besides (rotary, bias)
CASES = {
    "bert": ("BertModel", BERT, BERT_STEM, BERT_LAYER, ()),
    "distilbert": ("DistilBertModel", dict(vocab_size=64, dim=24, n_layers=2, n_heads=4, hidden_dim=36, max_position_embeddings=40),
                   changed(BERT_STEM, type=None), dict(
        layer="transformer.layer.@", query="attention.q_lin", key="attention.k_lin", value="attention.v_lin",
        context="=attention.out_lin", attention_output="attention.out_lin", attention_sum="=sa_layer_norm",
        attention_norm="sa_layer_norm", intermediate="ffn.lin1", activated="=ffn.lin2", feed_forward="ffn.lin2",
        feed_forward_sum="=output_layer_norm", feed_forward_norm="output_layer_norm"), ()),
    "electra": ("ElectraModel", dict(BERT, embedding_size=16), dict(BERT_STEM, projected="embeddings_project",
                                                                   output="embeddings_project"), BERT_LAYER, ()),
    "roformer": ("RoFormerModel", BERT, changed(BERT_STEM, position=None), BERT_LAYER, ("rotary",)),
    "modernbert": ("ModernBertModel", dict(MODERN, local_attention=8),
                   dict(word="embeddings.tok_embeddings", sum="=embeddings.norm", norm="embeddings.norm", output="embeddings"),
                   MODERN_LAYER, ("rotary",)),
    "eurobert": ("EuroBertModel", EURO, dict(word="embed_tokens", sum="embed_tokens", output="embed_tokens"), LLAMA_LAYER,
                 ("rotary",)),
    "gemma3": ("Gemma3TextModel", GEMMA, dict(word="embed_tokens", sum="embed_tokens", output="embed_tokens"), changed(
        LLAMA_LAYER, query_normed="self_attn.q_norm", key_normed="self_attn.k_norm", inside_attention="post_attention_layernorm",
        attention_sum="=pre_feedforward_layernorm", before_feed_forward="pre_feedforward_layernorm",
        inside_feed_forward="post_feedforward_layernorm"), ("rotary",)),
    "t5": ("T5EncoderModel", dict(T5, feed_forward_proj="relu"), dict(word="encoder.embed_tokens", sum="encoder.embed_tokens", output="encoder.embed_tokens"),
           dict(T5_LAYER, intermediate="layer.1.DenseReluDense.wi"), ("bias",)),
    "t5_gated": ("T5EncoderModel", dict(T5, feed_forward_proj="gated-gelu"), dict(word="encoder.embed_tokens", sum="encoder.embed_tokens", output="encoder.embed_tokens"),
                 dict(T5_LAYER, intermediate="layer.1.DenseReluDense.wi_0", up="layer.1.DenseReluDense.wi_1"), ("bias",)),
    "mpnet": ("MPNetModel", dict(BERT, **ROBERTA), changed(BERT_STEM, type=None), dict(
        BERT_LAYER, query="attention.attn.q", key="attention.attn.k", value="attention.attn.v", context="=attention.attn.o",
        attention_output="attention.attn.o", attention_sum="=attention.LayerNorm", attention_norm="attention.LayerNorm"), ("bias",)),
    "deberta_v2": ("DebertaV2Model", dict(DEBERTA, position_buckets=4), changed(BERT_STEM, type=None), dict(
        BERT_LAYER, query="attention.self.query_proj", key="attention.self.key_proj", value="attention.self.value_proj"), ("bias",)),
    "vit": ("ViTModel", VIT, PATCHES, VIT_LAYER, ()),
    "beit": ("BeitModel", dict(VIT, use_relative_position_bias=True, layer_scale_init_value=0.3), PATCHES, VIT_LAYER, ("bias",)),
    "dinov2": ("Dinov2Model", dict(DINO, mlp_ratio=2), PATCHES, DINO_LAYER, ()),
    "dinov3": ("DINOv3ViTModel", dict(VIT, hidden_size=32, num_register_tokens=3), dict(PATCHES, patch="embeddings.patch_embeddings"),
               changed(DINO_LAYER, layer="model.layer.@", intermediate="mlp.up_proj", activated="=mlp.down_proj",
                       feed_forward="mlp.down_proj"), ("rotary",)),
    "clip_vision": ("CLIPVisionModel", VIT, dict(patch="embeddings.patch_embedding", position="embeddings.position_embedding",
                                                 sum="=pre_layrnorm", norm="pre_layrnorm", output="pre_layrnorm"), changed(
        VIT_LAYER, layer="encoder.layers.@", before_attention="layer_norm1", query="self_attn.q_proj", key="self_attn.k_proj",
        value="self_attn.v_proj", context="=self_attn.out_proj", attention_output="self_attn.out_proj", attention_sum="=layer_norm2",
        before_feed_forward="layer_norm2"), ()),
}


class Watch:
    """What modules and attention functions saw in one forward."""

    def __init__(self, model):
        self.seen, self.calls, self.undo = {}, [], []
        for name, module in model.named_modules():
            self.undo.append(module.register_forward_hook(self.hook(name), with_kwargs=True).remove)
        code = sys.modules[type(model).__module__]
        if hasattr(code, "eager_attention_forward"):
            self.patch(code, "eager_attention_forward", self.attention)
        for kind, method in (("RoFormerSelfAttention", "apply_rotary_position_embeddings"),
                             ("DisentangledSelfAttention", "disentangled_attention_bias")):
            if hasattr(code, kind):
                self.patch(getattr(code, kind), method, lambda old, args, given: self.result(old(*args, **given)))

    def patch(self, owner, name, call):
        old = owner.__dict__[name]
        plain = old.__func__ if isinstance(old, staticmethod) else old
        new = lambda *args, **given: call(plain, args, given)  # noqa: E731
        setattr(owner, name, staticmethod(new) if isinstance(old, staticmethod) else new)
        self.undo.append(lambda: setattr(owner, name, old))

    def hook(self, name):
        def saw(module, args, given, output):
            first = args[0] if args else given.get("hidden_states")
            self.seen[name] = (first, output[0] if isinstance(output, tuple) else output, given, args)
        return saw

    def attention(self, old, args, given):
        module, query, key, value, *rest = args
        bias = given.get("position_bias", rest[0] if rest else given.get("attention_mask"))
        self.calls.append(dict(query=query, key=key, bias=bias, scaling=given.get("scaling")))
        return old(*args, **given)

    def result(self, output):
        self.calls.append(dict(query=output[0], key=output[1]) if isinstance(output, tuple) else dict(bias=output))
        return output

    def get(self, name):
        """By a name of the tables above; None if the module does nothing."""
        name, _, part = name.partition(":")
        inside = name.startswith("=")
        values = self.seen[name.removeprefix("=")]
        value = values[0] if inside else values[1]
        if part:
            at, count = map(int, part.split("/"))
            value = value.chunk(count, -1)[at]
        return value

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for undo in self.undo:
            undo()


def heads_of(value, width):
    """[1, T, H d] as [H, T, d]; norms of heads have theirs already."""
    if value.dim() == 4:
        return value[0]
    return value[0].unflatten(-1, (-1, width)).transpose(0, 1)


def stem_of(model, watch, names, rows):
    values = {}
    for key, name in names.items():
        value = watch.get(name)
        if key == "patch":
            value = value.flatten(2).transpose(1, 2) if value.dim() == 4 else value
        values[key] = value.reshape(-1, value.shape[-1])
    if "patch" in values:
        embeddings = model.embeddings
        tokens = [getattr(embeddings, name).reshape(-1, values["patch"].shape[-1])
                  for name in ("cls_token", "class_embedding", "register_tokens") if getattr(embeddings, name, None) is not None]
        values["prefix"] = torch.cat(tokens)
        positions = getattr(embeddings, "position_embeddings", None)
        if positions is not None:
            values["position"] = positions[0]
    return {key: value[:rows] for key, value in values.items()}


def layer_of(model, watch, names, number, adds, maps):
    at = names["layer"].replace("@", str(number))
    values = {}
    width = None
    for key, name in names.items():
        if key == "layer":
            continue
        inside = "=" if name.startswith("=") else ""
        name = name.removeprefix("=")
        full = f"{at}.{name}" if name else at
        if isinstance(model.get_submodule(full.partition(":")[0]), torch.nn.Identity):
            continue
        value = watch.get(inside + full)
        if key in ("query", "key", "value", "query_normed", "key_normed"):
            width = width or model.config_head_width
            value = heads_of(value, width)
        else:
            value = value[0]
        values[key] = value
    query, key = values.get("query_normed", values["query"]), values.get("key_normed", values["key"])
    call = watch.calls[number] if watch.calls else {}
    if "rotary" in adds:
        query, key = call["query"][0], call["key"][0]
        values.update(query_rotated=query, key_rotated=key)
    scaling = call.get("scaling") or model.config_scaling
    values["scores"] = query @ key.repeat_interleave(query.shape[0] // key.shape[0], 0).transpose(-1, -2) * scaling
    if "bias" in adds:
        attn = watch.seen.get(f"{at}.attention.attn")
        bias = call["bias"] if "bias" in call else attn[2].get("position_bias", attn[3][2] if len(attn[3]) > 2 else None)
        values["bias"] = bias.reshape(values["scores"].shape)
    values["attention"] = maps[0]
    values["output"] = watch.get(at)[0]
    return values


def outputs_of(names, layer, adds):
    def of(model, given):
        with Watch(model) as watch:
            out = model(**given, output_attentions=True)
        rows = given["input_ids"].shape[1] if "input_ids" in given else None
        traced = {f"embeddings.{key}": value for key, value in stem_of(model, watch, names, rows).items()}
        for number, maps in enumerate(out.attentions):
            values = layer_of(model, watch, layer, number, adds, maps)
            traced |= {f"layers.{number}.{key}": value for key, value in values.items()}
        return {"last_hidden_state": out.last_hidden_state.double()} | {
            f"trace.{key}": value.double() for key, value in traced.items()}

    return of


@torch.no_grad()
def main():
    shutil.rmtree(OUT, ignore_errors=True)
    cases = []
    for name, (kind, options, names, layer, adds) in CASES.items():
        torch.manual_seed(zlib.crc32(name.encode()))
        code = getattr(transformers, kind)
        config = code.config_class(**options)
        config._attn_implementation = "eager"
        model = code(config).eval()
        draw(model)
        config_of = lambda *keys: next(getattr(config, key) for key in keys if getattr(config, key, None))  # noqa: E731
        heads = config_of("num_attention_heads", "num_heads", "n_heads")
        model.config_head_width = config_of("head_dim", "d_kv") if hasattr(config, "d_kv") or getattr(config, "head_dim", None) \
            else config_of("hidden_size", "dim") // heads
        terms = 1 + len(getattr(config, "pos_att_type", None) or [])
        model.config_scaling = (model.config_head_width * terms) ** -0.5
        if "patch" in names:
            given = dict(pixel_values=torch.randn(1, config.num_channels, 28, 28))
        else:
            given = dict(input_ids=torch.randint(4, config.vocab_size, (1, 11)))
            if "type" in names:
                given["token_type_ids"] = torch.randint(0, config.type_vocab_size, (1, 11))
        cases.append(dict(write_case(OUT / name, model, given, outputs_of(names, layer, adds)), compare="all"))
    write_index(OUT, cases)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
