"""Prints tests/audio/audio.json: recordings at other rates as torchaudio.functional.resample makes them by default, by its formula in
NumPy, WAV files of each kind as Python's wave and struct write them, and features of transformers' classes with other settings.

Run by hand (transformers 5.24, torch, numpy): python tests/audio/audio.py > tests/audio/audio.json; not part of the tests."""
import base64
import io
import json
import math
import struct
import sys
import warnings

import numpy as np
import transformers

RNG = np.random.default_rng(7)


def text(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def resampled(x, old, new, lobes=6, rolloff=0.99):
    """torchaudio's sinc_interp_hann: a kernel for each phase over the whole width, then a strided convolution."""
    common = math.gcd(old, new)
    old, new = old // common, new // common
    base = min(old, new) * rolloff
    width = math.ceil(lobes * old / base)
    at = np.arange(-width, width + old)[None, :] / old
    t = (np.arange(0, -new, -1)[:, None] / new + at) * base
    t = np.clip(t, -lobes, lobes)
    window = np.cos(t * math.pi / lobes / 2) ** 2
    kernels = np.sinc(t) * window * base / old
    padded = np.pad(x.astype(np.float64), (width, width + old))
    frames = [padded[first : first + kernels.shape[1]] @ kernels.T for first in range(0, len(x) + 1, old) if first + kernels.shape[1] <= len(padded)]
    return np.concatenate(frames)[: math.ceil(new * len(x) / old)].astype(np.float32)


def wav(kind, bits, channels, rate, data, extensible=False, extra=b"", size=None):
    each = channels * bits // 8
    fmt = struct.pack("<HHIIHH", 0xFFFE if extensible else kind, channels, rate, rate * each, each, bits)
    if extensible:
        fmt += struct.pack("<HHIH", 22, bits, 0, kind) + bytes.fromhex("000000001000800000aa00389b71")
    body = b"WAVE" + extra + b"fmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", len(data) if size is None else size) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def wavs():
    """The file, and the mean of its channels."""
    found = []
    for bits, channels, extensible in [(8, 1, False), (16, 1, False), (16, 2, True), (24, 2, False), (32, 3, False)]:
        whole = RNG.integers(-(2 ** (bits - 1)), 2 ** (bits - 1), (11, channels))
        raw = b"".join(int(v + 128 if bits == 8 else v).to_bytes(bits // 8, "little", signed=bits != 8) for v in whole.ravel())
        values = whole / 2.0 ** (bits - 1)
        found.append((f"{bits} bits, {channels} channels", wav(1, bits, channels, 16000, raw, extensible), values))
    for bits in (32, 64):
        values = RNG.standard_normal((9, 2)).astype(f"f{bits // 8}")
        found.append((f"floats of {bits} bits", wav(3, bits, 2, 16000, values.tobytes()), values.astype(np.float64)))
    values = RNG.standard_normal((5, 1)).astype("f4")
    odd = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    found.append(("another part before, of an odd size", wav(3, 32, 1, 16000, values.tobytes(), extra=odd), values))
    found.append(("a size that was not known", wav(3, 32, 1, 16000, values.tobytes(), size=0xFFFFFFFF), values))
    return [dict(name=name, file=text(np.frombuffer(data, np.uint8)), expected=text(values.mean(1).astype(np.float32))) for name, data, values in found]


FEATURES = [
    ("Whisper", dict(feature_size=128, chunk_length=1), [3000]),
    ("Whisper", dict(feature_size=20, chunk_length=1, n_fft=256, hop_length=100, sampling_rate=8000), [3000]),
    ("Whisper", dict(feature_size=10, chunk_length=1, n_fft=401, hop_length=100, sampling_rate=4000), [4400]),
    ("AST", dict(max_length=20, num_mel_bins=16), [2000]),
    ("AST", dict(max_length=5, do_normalize=False), [4000]),
    ("AST", dict(max_length=4, num_mel_bins=8, mean=-2.0, std=3.0), [399]),
    ("Wav2Vec2", dict(return_attention_mask=True), [50, 20]),
    ("Wav2Vec2", dict(do_normalize=False), [30]),
    ("Wav2Vec2", dict(), [7, 9]),
]


def features():
    found = []
    for name, options, lengths in FEATURES:
        extractor = getattr(transformers, f"{name}FeatureExtractor")(**options)
        batch = [(RNG.standard_normal(length) * 0.1 + 0.02).astype(np.float32) for length in lengths]
        more = dict(padding=True) if name == "Wav2Vec2" else {}
        out = extractor(batch, sampling_rate=extractor.sampling_rate, return_tensors="np", **more)
        config = dict(options, feature_extractor_type=f"{name}FeatureExtractor")
        expected = {}
        for key, value in out.items():
            step = max(1, value.shape[-1] // 25)
            value = value.astype(np.float32)
            expected[key] = dict(shape=list(value.shape), step=step, values=text(value[..., ::step]))
        found.append(dict(config=config, samples=[text(one) for one in batch], expected=expected))
    return found


def rates():
    found = []
    for old, new, length in [(44100, 16000, 300), (48000, 16000, 200), (8000, 16000, 60), (11025, 16000, 100), (16000, 22050, 50), (96000, 16000, 1)]:
        x = RNG.standard_normal(length).astype(np.float32)
        found.append(dict(old=old, new=new, samples=text(x), expected=text(resampled(x, old, new))))
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    keys = {}
    for name in ("Whisper", "AST", "Wav2Vec2"):
        made = getattr(transformers, f"{name}FeatureExtractor")()
        keys[name] = sorted(made.to_dict())
    json.dump(dict(rates=rates(), wavs=wavs(), features=features(), keys=keys), sys.stdout, indent=1)
    print()
