"""Reference numbers for the WordPiece vocabulary (libs/compute/model/src/wordpiece-training.spec.ts): libs/compute/model/fixtures/wordpiece.json.

    npm run build && python3 tools/reference/wordpiece.py

Needs tokenizers. The texts are our own. Two things are written: the pieces that the library's own trainer makes of them, and the
ids that the library gives for awkward texts when it reads the tokenizer.json that we write for our pieces of the same text.
"""

import json
import pathlib
import subprocess
import tempfile

from tokenizers import BertWordPieceTokenizer, Tokenizer

ROOT = pathlib.Path(__file__).resolve().parents[2]
SIZE = 180
TEXTS = [
    "The miller walked down to the river before the sun was up, and the river was higher than the day before.",
    "Higher still was the mill; the wheel turned slowly, slower than the miller liked, and nobody was waiting.",
    "“Walking is slow work,” said the miller's daughter. “Riding is quicker, but the rider tires the horse.”",
    "They rode, they walked, they waited: the walk was long, the ride longer, and the waiting longest of all.",
    "Café owners in Übersee are naïve about tea; 42 cups cost 3.50 euros, or £3, in the year 1999 (they say).",
    "The baker baked, the walker walked, the rider rode and the writer wrote about bakers, walkers and riders.",
]
PROBES = [
    "The rider walked slowly.",
    "Unwalkable weather!",
    "A café in ÜBERSEE, 1942?",
    "e-mail@example.org costs $5 + tax",
    "山 is a mountain\tand\u00a0this is not",
    "zebras quiz the xylophonist",
    "ΣΊΣΥΦΟΣ pushed\u200b it",
    "[MASK] walked the [SEP] ride",
    "",
]


def our_folder(folder: pathlib.Path) -> list[str]:
    """Trains and writes with our own library."""
    code = """
      import { countBertWords, trainWordPiece, writeWordPieceFiles } from './libs/compute/model/dist/index.js';
      const [folder, size, texts] = process.argv.slice(1);
      const pieces = trainWordPiece(countBertWords(JSON.parse(texts)), { size: Number(size) });
      await writeWordPieceFiles(folder, pieces, 64);
    """
    arguments = ["node", "--input-type=module", "-e", code, str(folder), str(SIZE), json.dumps(TEXTS)]
    subprocess.run(arguments, check=True, cwd=ROOT)
    return (folder / "vocab.txt").read_text(encoding="utf8").splitlines()


def their_pieces(folder: pathlib.Path) -> list[str]:
    file = folder / "texts.txt"
    file.write_text("\n".join(TEXTS), encoding="utf8")
    tokenizer = BertWordPieceTokenizer(lowercase=True)
    tokenizer.train([str(file)], vocab_size=SIZE, min_frequency=2, show_progress=False)
    return [piece for piece, _ in sorted(tokenizer.get_vocab().items(), key=lambda pair: pair[1])]


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    ours = our_folder(folder)
    reader = Tokenizer.from_file(str(folder / "tokenizer.json"))
    numbers = {
        "size": SIZE,
        "texts": TEXTS,
        "pieces": ours,
        "trainerPieces": their_pieces(folder),
        "probes": [{"text": text, "ids": reader.encode(text).ids} for text in PROBES],
    }
    print(len(set(ours) & set(numbers["trainerPieces"])), "of", len(ours), "pieces are the trainer's")
target = ROOT / "libs/compute/model/fixtures/wordpiece.json"
target.write_text(json.dumps(numbers, ensure_ascii=False, indent=1) + "\n", encoding="utf8")
