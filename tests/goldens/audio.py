"""Reference outputs of sound families that data/models lacks, into data/audio, as families.py makes those of texts.

Rows that the mask leaves out are zeros. Needs torch, transformers and safetensors.
"""
import shutil
import warnings
import zlib
from pathlib import Path

import torch
import transformers

from families import draw, write_case, write_index

OUT = Path(__file__).parent / "data" / "audio"
WAVE = dict(vocab_size=20, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=40, conv_dim=[12, 16, 16],
            conv_stride=[5, 3, 2], conv_kernel=[10, 3, 2], num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=4,
            classifier_proj_size=12)
LARGE = dict(WAVE, feat_extract_norm="layer", do_stable_layer_norm=True, conv_bias=True, hidden_act="relu", num_conv_pos_embeddings=7)
DATA = {key: value for key, value in WAVE.items() if key != "num_conv_pos_embeddings"}
WHISPER = dict(vocab_size=40, d_model=24, encoder_layers=2, encoder_attention_heads=3, encoder_ffn_dim=36, decoder_layers=1,
               decoder_attention_heads=1, decoder_ffn_dim=8, num_mel_bins=12, max_source_positions=15, max_target_positions=8,
               classifier_proj_size=10, pad_token_id=0, bos_token_id=1, eos_token_id=2, decoder_start_token_id=1,
               suppress_tokens=None, begin_suppress_tokens=None)
CTC, SEQUENCE, FRAMES, CLASSES = "ForCTC", "ForSequenceClassification", "ForAudioFrameClassification", "ForAudioClassification"

# name: the class without its end, the end, options of its config, samples of the sounds, the shorter one padded
CASES = {
    "wav2vec2_classes": ("Wav2Vec2", SEQUENCE, dict(LARGE, num_labels=3), (900, 500)),
    "wav2vec2_frames": ("Wav2Vec2", FRAMES, dict(WAVE, num_labels=3), (700,)),
    "wav2vec2_masked": ("Wav2Vec2", "Model", dict(WAVE), (800, 430)),
    "hubert": ("Hubert", "Model", dict(WAVE, feat_proj_layer_norm=False), (800,)),
    "hubert_ctc": ("Hubert", CTC, dict(LARGE), (900, 450)),
    "wavlm": ("WavLM", "Model", dict(WAVE, num_buckets=16, max_bucket_distance=24), (1000,)),
    "wavlm_ctc": ("WavLM", CTC, dict(LARGE, num_buckets=8, max_bucket_distance=40), (900, 600)),
    # A distance whose bucket is decided by the last bit of float32.
    "wavlm_edge": ("WavLM", "Model", dict(WAVE, num_buckets=332, max_bucket_distance=1000, num_hidden_layers=1, num_attention_heads=2,
                                          hidden_size=16, intermediate_size=8, conv_dim=[4], conv_kernel=[3], conv_stride=[2]), (1041,)),
    "data2vec_audio": ("Data2VecAudio", "Model", dict(DATA, conv_pos_kernel_size=5, num_conv_pos_embeddings=3), (900, 500)),
    "data2vec_audio_ctc": ("Data2VecAudio", CTC, dict(DATA, conv_pos_kernel_size=6, conv_bias=True), (700,)),
    "whisper_classes": ("Whisper", CLASSES, dict(WHISPER, num_labels=4, activation_function="relu"), None),
}


def outputs_of(model, given):
    out = model(**given, output_hidden_states=True, output_attentions=True)
    names = ("last_hidden_state", "extract_features", "logits")
    named = {key: out[key] for key in names if out.get(key) is not None}
    for i, maps in enumerate(out.attentions):
        if maps.shape[-1] < 200:
            named[f"attentions.{i}"] = maps
    named["layer.in"] = out.hidden_states[0]
    for i, state in enumerate(out.hidden_states[1:-1]):
        named[f"layer.{i}"] = state
    named = {key: value.double() for key, value in named.items()}
    if "attention_mask" in given:
        for b, length in enumerate(model._get_feat_extract_output_lengths(given["attention_mask"].sum(-1)).tolist()):
            for key, value in named.items():
                if value.dim() == 4:
                    value[b, :, length:] = 0
                    value[b, ..., length:] = 0
                elif value.dim() == 3:
                    value[b, length:] = 0
    return named


def inputs_of(config, lengths):
    if lengths is None:
        return dict(input_features=torch.randn(2, config.num_mel_bins, 2 * config.max_source_positions))
    given = dict(input_values=torch.randn(len(lengths), max(lengths)))
    if len(lengths) > 1:
        mask = torch.stack([(torch.arange(max(lengths)) < length).long() for length in lengths])
        given = dict(input_values=given["input_values"] * mask, attention_mask=mask)
    return given


@torch.no_grad()
def main():
    shutil.rmtree(OUT, ignore_errors=True)
    cases = []
    for name, (kind, end, options, lengths) in CASES.items():
        torch.manual_seed(zlib.crc32(name.encode()))
        config = getattr(transformers, f"{kind}Config")(**options)
        config._attn_implementation = "eager"
        model = getattr(transformers, kind + end)(config).eval()
        draw(model)
        cases.append(dict(write_case(OUT / name, model, inputs_of(config, lengths), outputs_of), compare="all"))
    write_index(OUT, cases)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
