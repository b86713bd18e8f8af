"""Trains the page's four text models: who did what in made-up sentences, by four ways of telling where a word stands.

    python train_roles.py [KIND…]        with torch, transformers, safetensors; three minutes of one core a kind

Seeds are fixed. Writes folders of the Hugging Face hub beside this file, roles/none, learned, sines (BertForTokenClassification)
and rotary (RoFormerForTokenClassification), as float16; fresh.tsv, 500 sentences with the role of each word; and into measured.json
what the rounded weights get right. README.md is their card."""
import json
import math
import random
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForTokenClassification, RoFormerConfig, RoFormerForTokenClassification

ROLES = ["none", "who", "did", "whom", "where", "when"]
BEINGS = """dog cat bird horse cow fox wolf bear lion mouse rabbit duck goat sheep pig tiger monkey frog snake owl
boy girl man woman child baby king queen teacher doctor farmer baker sailor soldier pilot singer painter writer driver nurse
judge student thief witch giant friend neighbour hunter captain""".split()
THINGS = """ball book stone apple cake letter box key lamp chair table cup plate knife rope drum flag coat hat shoe ring coin
map clock bottle basket ladder bell brush candle cart kite toy picture stick wheel bag""".split()
PLACES = """garden house river forest castle church market school bridge tower barn field lake mill park street village
kitchen station harbour cave hill shop wall tree""".split()
VERBS = """chased followed watched pushed pulled helped carried washed painted kicked touched lifted dropped moved cleaned
called thanked visited loved hated feared admired attacked blamed greeted guarded hugged kissed noticed praised punished rescued
scared searched served shaved soaked tickled trained trapped warned welcomed copied covered crossed dragged joined marked
picked""".split()
INTRANSITIVES = "slept laughed danced cried jumped smiled waited walked arrived coughed sneezed shouted vanished fell ran sat".split()
ADJECTIVES = """old young small big angry happy sad brave clever lazy tall short fat thin red green blue black white quick slow
strong gentle hungry""".split()
PREPOSITIONS = "in near behind under beside at".split()
TIMES = ["yesterday", "before lunch", "on monday"]
OTHERS = "the a was by it that yesterday before lunch on monday".split()
NOUNS = BEINGS + THINGS + PLACES
CONTENT = set(NOUNS + VERBS + INTRANSITIVES + ADJECTIVES)
WORDS = NOUNS + VERBS + INTRANSITIVES + ADJECTIVES + PREPOSITIONS + OTHERS
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
VOCABULARY = SPECIAL + WORDS
IDS = {word: i for i, word in enumerate(VOCABULARY)}
assert len(set(WORDS)) == len(WORDS)

WIDTH, HEADS, INNER, LAYERS, LENGTH, STEPS = 32, 4, 64, 2, 40, 4000
KINDS = ["none", "learned", "sines", "rotary"]
FOLDER = Path(__file__).parent / "roles"


def noun_phrase(rng, role, nouns=NOUNS):
    words = [rng.choice(["the", "the", "a"])] + ([rng.choice(ADJECTIVES)] if rng.random() < 0.3 else []) + [rng.choice(nouns)]
    return [(word, role) for word in words]


def place(rng):
    # Any noun may be a place; most often it is one.
    nouns = PLACES if rng.random() < 0.7 else NOUNS
    return [(rng.choice(PREPOSITIONS), "where")] + noun_phrase(rng, "where", nouns)


def time(rng):
    return [(word, "when") for word in rng.choice(TIMES).split()]


def subject(rng, role):
    phrase, x = noun_phrase(rng, role), rng.random()
    if x < 0.12:
        return phrase + place(rng)
    if x < 0.24:
        return phrase + [("that", "none"), (rng.choice(VERBS), "did")] + noun_phrase(rng, "whom")
    if x < 0.36:
        return phrase + [("that", "none")] + noun_phrase(rng, "who") + [(rng.choice(VERBS), "did")]
    return phrase


def clause(rng):
    verb = lambda: [(rng.choice(VERBS), "did")]
    was, that, it = [("was", "did")], [("that", "none")], [("it", "none")]
    by = lambda: [("by", "who")] + noun_phrase(rng, "who")
    x = rng.random()
    if x < 0.36:
        return subject(rng, "who") + verb() + noun_phrase(rng, "whom")
    if x < 0.62:
        return subject(rng, "whom") + was + verb() + by()
    if x < 0.70:
        return subject(rng, "whom") + was + verb()
    if x < 0.80:
        return subject(rng, "who") + [(rng.choice(INTRANSITIVES), "did")]
    if x < 0.86:
        return it + [("was", "none")] + noun_phrase(rng, "who") + that + verb() + noun_phrase(rng, "whom")
    if x < 0.92:
        return it + [("was", "none")] + noun_phrase(rng, "whom") + that + noun_phrase(rng, "who") + verb()
    return it + [("was", "none")] + noun_phrase(rng, "whom") + that + was + verb() + by()


def sentence(rng, least=1, most=16):
    while True:
        x, front = rng.random(), []
        if x < 0.15:
            front = place(rng)
        elif x < 0.30:
            front = time(rng)
        words = front + clause(rng)
        if rng.random() < 0.4:
            words += place(rng)
        if not (0.15 <= x < 0.30) and rng.random() < 0.35:
            words += time(rng)
        if least <= len(words) <= most:
            return words


def encode(rng, words, unknown):
    ids = [IDS["[UNK]"] if word in CONTENT and rng.random() < unknown else IDS[word] for word, _ in words]
    return [IDS["[CLS]"]] + ids + [IDS["[SEP]"]], [-100] + [ROLES.index(role) for _, role in words] + [-100]


def batch_of(pairs):
    size = max(len(ids) for ids, _ in pairs)
    fill = lambda row, value: row + [value] * (size - len(row))
    ids = torch.tensor([fill(ids, 0) for ids, _ in pairs])
    return ids, (ids != 0).long(), torch.tensor([fill(roles, -100) for _, roles in pairs])


def sines():
    """Sixteen clock hands, base 30, interleaved: the sine of hand k, then its cosine: the page's sincos1d."""
    positions = torch.arange(LENGTH).double()[:, None]
    angles = positions * 30.0 ** (-torch.arange(WIDTH // 2).double() / (WIDTH // 2))
    return torch.stack([angles.sin(), angles.cos()], -1).reshape(LENGTH, WIDTH).float()


def model_of(kind):
    shared = dict(
        vocab_size=len(VOCABULARY), hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
        intermediate_size=INNER, max_position_embeddings=LENGTH, type_vocab_size=1, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0, initializer_range=0.1, pad_token_id=0,
        id2label=dict(enumerate(ROLES)), label2id={role: i for i, role in enumerate(ROLES)})
    if kind == "rotary":
        return RoFormerForTokenClassification(RoFormerConfig(embedding_size=WIDTH, **shared))
    model = BertForTokenClassification(BertConfig(**shared))
    table = model.bert.embeddings.position_embeddings.weight
    with torch.no_grad():
        model.bert.embeddings.token_type_embeddings.weight.zero_()
        if kind == "none":
            table.zero_()
        if kind == "sines":
            table.copy_(sines())
    table.requires_grad_(kind == "learned")
    model.bert.embeddings.token_type_embeddings.weight.requires_grad_(False)
    return model


@torch.no_grad()
def measure(model, sentences, unknown=0.0):
    """How many words, words of who and whom, and whole sentences are right, each of how many."""
    model.eval()
    rng = random.Random(7)
    counts = torch.zeros(3, 2, dtype=torch.long)
    for start in range(0, len(sentences), 250):
        ids, mask, wanted = batch_of([encode(rng, words, unknown) for words in sentences[start:start + 250]])
        right, counted = model(input_ids=ids, attention_mask=mask).logits.argmax(-1) == wanted, wanted >= 0
        pair = (wanted == ROLES.index("who")) | (wanted == ROLES.index("whom"))
        whole = (right | ~counted).all(-1)
        counts += torch.tensor([[(right & of).sum(), of.sum()] for of in (counted, pair)] + [[whole.sum(), len(whole)]])
    return dict(zip(["words", "who_whom", "sentences"], counts.tolist()))


def train(kind, steps=STEPS, seed=1):
    torch.manual_seed(seed)
    rng = random.Random(seed)
    model = model_of(kind)
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=4e-3, weight_decay=0.01, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / 100, 0.5 * (1 + math.cos(math.pi * step / steps)) + 0.002))
    pool = [sentence(rng) for _ in range(60_000)]
    for step in range(steps):
        ids, mask, wanted = batch_of([encode(rng, rng.choice(pool), 0.12) for _ in range(128)])
        loss = torch.nn.functional.cross_entropy(model(input_ids=ids, attention_mask=mask).logits.flatten(0, 1), wanted.flatten(), ignore_index=-100)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        if step % 500 == 499:
            print(kind, step + 1, round(loss.item(), 5), flush=True)
    return model


def write(model, folder):
    """The weights rounded, in the file and in the model."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: tensor.half().contiguous() for name, tensor in model.state_dict().items() if tensor.is_floating_point()}
    model.load_state_dict({**model.state_dict(), **{name: tensor.float() for name, tensor in state.items() if "embed_positions" not in name}})
    kept = {name: tensor for name, tensor in state.items() if "embed_positions" not in name}
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
    config = {key: value for key, value in model.config.to_diff_dict().items() if key != "transformers_version"}
    config |= {"architectures": [type(model).__name__], "dtype": "float16"}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n")
    tokenizer = {"do_lower_case": True, "model_max_length": LENGTH, "tokenizer_class": "BertTokenizer"}
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer, indent=2) + "\n")


def fresh_sentences():
    rng = random.Random(99)
    return [sentence(rng) for _ in range(2000)], [sentence(rng, 17, 24) for _ in range(2000)]


def note(kind, model):
    fresh, longer = fresh_sentences()
    found = {"fresh": measure(model, fresh), "unknown": measure(model, fresh, 0.3), "longer": measure(model, longer),
             "file": measure(model, fresh[:500])}
    path = FOLDER / "measured.json"
    measured = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(measured | {kind: found}) + "\n")
    print(kind, found, flush=True)


def main(kinds):
    torch.set_num_threads(1)
    FOLDER.mkdir(exist_ok=True)
    lines = [" ".join(word for word, _ in words) + "\t" + "".join(str(ROLES.index(role)) for _, role in words) for words in fresh_sentences()[0][:500]]
    (FOLDER / "fresh.tsv").write_text("\n".join(lines) + "\n")
    for kind in kinds:
        model = train(kind)
        write(model, FOLDER / kind)
        note(kind, model)


if __name__ == "__main__":
    main(sys.argv[1:] or KINDS)
