"""Makes libs/data/embeddings/fixtures: what PyTorch makes of texts as vectors, and the same encoder as an ONNX file.

usage: embeddings.py ENCODER_FOLDER OUTPUT_FOLDER      (needs torch, transformers, onnx, onnxscript)

expected.json holds, for single texts and for pairs, the last layer's first row (`cls`) and its mean over all tokens (`mean`), in
float64, cut to `maxLength` tokens; `sentence` is the mean scaled to length 1. onnx/model.onnx takes and gives what a sentence
encoder's export does: input_ids, attention_mask, token_type_ids -> token_embeddings, sentence_embedding. The encoder is
libs/compute/model/fixtures/bert, whose tokeniser and config.json are copied beside it.
"""

import json
import shutil
import sys
from pathlib import Path

import onnx
import torch
import transformers

MAX_LENGTH = 24
SINGLE = [
    "The old harbour was quiet tonight .",
    "",
    "a slow , warm evening by the river",
    "lamp",
    "the goats were screaming, the dogs were loud, and nobody by the river heard the slow boat leave the harbour",
    "She said the river had risen again!",
    "brûlée 川 σ 7%",
    "warm evening",
]
PAIRS = [
    ["the river rose", "the lake fell"],
    ["", "only the second has words"],
    ["only the first has words", ""],
    ["a quiet river", "the goats were screaming, the dogs were loud, and nobody by the river heard the boat"],
]


class SentenceEncoder(torch.nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids, attention_mask, token_type_ids):
        rows = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(rows.dtype)
        mean = (rows * mask).sum(1) / mask.sum(1)
        return rows, torch.nn.functional.normalize(mean, dim=-1)


def expected(model, tokenizer, rows):
    vectors = {"cls": [], "mean": [], "sentence": []}
    for row in rows:
        # Lists, because an empty second text is dropped otherwise.
        texts = [[row]] if isinstance(row, str) else [[text] for text in row]
        tokens = tokenizer(*texts, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
        with torch.no_grad():
            states, sentence = model(tokens["input_ids"], tokens["attention_mask"], tokens["token_type_ids"])
        vectors["cls"].append(states[0, 0].tolist())
        vectors["mean"].append(states[0].mean(0).tolist())
        vectors["sentence"].append(sentence[0].tolist())
    return {"texts": rows, **vectors}


def export(folder: Path, output: Path):
    model = SentenceEncoder(transformers.AutoModel.from_pretrained(folder, attn_implementation="eager").eval())
    # Three tensors: the exporter takes the same one, handed in twice, for one input.
    ids, mask = torch.ones(3, 7, dtype=torch.int64), torch.ones(3, 7, dtype=torch.int64)
    sizes = {0: torch.export.Dim("texts", min=1), 1: torch.export.Dim("length", min=1, max=40)}
    output.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        model,
        (ids, mask, torch.zeros_like(ids)),
        str(output / "model.onnx"),
        input_names=["input_ids", "attention_mask", "token_type_ids"],
        output_names=["token_embeddings", "sentence_embedding"],
        dynamic_shapes=(sizes, sizes, sizes),
        dynamo=True,
        external_data=False,
    )
    strip(output / "model.onnx")
    for name in ["config.json", "tokenizer.json", "tokenizer_config.json"]:
        shutil.copy(folder / name, output / name)


def strip(file: Path):
    """Without what PyTorch notes about its own source at every node: most of a small file."""
    model = onnx.load(file)
    del model.metadata_props[:]
    del model.graph.metadata_props[:], model.graph.value_info[:]
    for part in [*model.graph.node, *model.graph.initializer, *model.graph.input, *model.graph.output]:
        del part.metadata_props[:]
        part.doc_string = ""
    onnx.save(model, file)


def main(folder: Path, output: Path):
    torch.set_num_threads(1)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    encoder = transformers.AutoModel.from_pretrained(folder, attn_implementation="eager").double().eval()
    model = SentenceEncoder(encoder)
    numbers = {
        "maxLength": MAX_LENGTH,
        "single": expected(model, tokenizer, SINGLE),
        "pair": expected(model, tokenizer, PAIRS),
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
    }
    output.mkdir(parents=True, exist_ok=True)
    (output / "expected.json").write_text(json.dumps(numbers) + "\n", encoding="utf8")
    export(folder, output / "onnx")


main(Path(sys.argv[1]), Path(sys.argv[2]))
