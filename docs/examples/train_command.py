"""A training that `layerwise search` starts for every trial; yours has the same shape, with your model in the place of two numbers.

    npx layerwise search --command 'python train_command.py' --space space.json --full 9 --out search

It learns one task after another: the model is a point, each task pulls it to a place of its own. The protocol, field by field,
is docs/search-command.md.
"""
import json
import os
import signal
import sys

trial = json.loads(os.environ["LAYERWISE_TRIAL"])
checkpoint = os.path.join(trial["folder"], "checkpoint.json")
stop = []
signal.signal(signal.SIGTERM, lambda *_: stop.append(True))


def pull(point, goal):
    """One epoch: each coordinate goes a share of its way, which is what a learning rate decides."""
    return [x - min(1, 1000 * trial["values"][f"lr{i}"]) * (x - goal[i]) for i, x in enumerate(point)]


def nearness(point, goal):
    return 1 / (1 + sum((x - y) ** 2 for x, y in zip(point, goal)))


ORIGINAL, SHIFTED = (1.0, 0.0), (0.0, 1.0)
state = {"epoch": 0, "point": [0.0, 0.0]}  # of a network: its weights, the optimizer's state, where the data stands
if os.path.exists(checkpoint):  # the trial was promoted, or it was stopped on its way
    with open(checkpoint) as file:
        state = json.load(file)

while True:
    epoch, point = state["epoch"], state["point"]
    if epoch > 0:
        after = pull(point, SHIFTED)  # the second task, learnt from where the first stands now
        line = {"step": epoch, "original": nearness(after, ORIGINAL), "shifted": nearness(after, SHIFTED)}
        print(json.dumps(line), flush=True)
    if epoch == trial["to"]:
        break
    if stop:
        sys.exit(128 + signal.SIGTERM)  # "I was asked to": the trial goes on later, from the checkpoint
    state = {"epoch": epoch + 1, "point": pull(point, ORIGINAL)}
    with open(checkpoint + ".new", "w") as file:
        json.dump(state, file)
    os.replace(checkpoint + ".new", checkpoint)  # never half a checkpoint
