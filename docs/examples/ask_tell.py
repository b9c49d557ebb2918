"""Searches with `layerwise study` from a program that trains by itself. Plain Python: copy it beside your training script.

    best = search(space, train, "--trials", "30", "--journal", "rates.jsonl")

`train(values, run)` trains with the values, a dict by name, and returns the reward: the highest is best. `run` is the answer of
the study: its "trial", the "fidelity" to reach, and of a repeat the "seed". The protocol: docs/search-command.md.
"""
import json
import os
import shlex
import subprocess
import tempfile


def search(space, train, *options):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "space.json"), "w") as file:
            json.dump(space, file)
        layerwise = os.environ.get("LAYERWISE", "npx layerwise")
        command = f'{layerwise} study --space "{file.name}" {shlex.join(options)}'
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
        with subprocess.Popen(command, shell=True, **pipes) as study:
            tell = lambda line: print(json.dumps(line), file=study.stdin, flush=True)

            def ask(line):
                tell(line)
                answer = json.loads(study.stdout.readline() or '{"error": "the study has ended, see above"}')
                if "error" in answer:
                    raise RuntimeError(answer["error"])
                return answer

            while "done" not in (run := ask({"ask": 1})):
                try:
                    values = dict(zip(space, run["values"]))
                    tell({"tell": run["trial"], "reward": float(train(values, run)), "fidelity": run["fidelity"]})
                except (RuntimeError, ValueError, ArithmeticError) as error:  # out of memory, say: worth a note, not an end
                    tell({"tell": run["trial"], "state": "failed", "message": str(error)})
            return ask({"best": 1})
