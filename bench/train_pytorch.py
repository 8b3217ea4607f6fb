"""Training by PyTorch on the CPU: seconds per epoch, or seconds until MNIST's test set is read with an accuracy.

usage: python3 bench/train_pytorch.py epochs
       python3 bench/train_pytorch.py accuracy RECIPE SEED FOLDER MODEL

The first prints the medians in the columns of `cargo bench -p nn-core --bench training`. The second learns the digits in FOLDER
by one of RECIPES, saves a MODEL, and prints a line of JSON.
"""

import gzip
import json
import math
import os
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional

SAMPLES, RUNS = 60_000, 5


def perceptron(*sizes, activation=nn.ReLU):
    layers = []
    for before, after in zip(sizes, sizes[1:]):
        layers += [nn.Linear(before, after), activation()]
    return nn.Sequential(*layers[:-1])


def convolutions(*layers):
    return nn.Sequential(nn.Unflatten(1, (1, 28, 28)), *layers).to(memory_format=torch.channels_last)


def block(before, after, kernel, pool, padding):
    convolution = nn.Conv2d(before, after, kernel, padding=padding, bias=False)
    return [convolution, nn.MaxPool2d(pool), nn.BatchNorm2d(after), nn.ReLU()]


def dense_block(before, after):
    return [nn.Linear(before, after, bias=False), nn.BatchNorm1d(after), nn.ReLU()]


def linear(share, warm=0.2):
    return share / warm if share < warm else (1 - share) / (1 - warm)


def cosine(share):
    """The schedule `one-cycle` of `train`."""
    low, high, part = (0.04, 1.0, share / 0.3) if share < 0.3 else (1.0, 4e-6, (share - 0.3) / 0.7)
    return high + (low - high) * (1 + math.cos(math.pi * part)) / 2


SMALL = dict(epochs=2, batch=128, rate=0.1, schedule=linear)
WIDE = dict(epochs=2, batch=192, rate=0.12, schedule=linear)
OURS = dict(epochs=1, batch=64, rate=0.3, schedule=cosine, smoothing=0.1)
BY_BLOCKS = [*block(1, 16, 3, 2, 0), *block(16, 32, 3, 2, 0), nn.Flatten(), nn.Linear(800, 10)]
# The fastest that a search found for PyTorch, and those of `cargo xtask bench time-to-accuracy` in PyTorch.
RECIPES = {
    "perceptron": (lambda: perceptron(784, 384, 10), SMALL),
    "convolutions": (lambda: convolutions(*BY_BLOCKS), WIDE),
    "convolutions-bf16": (lambda: convolutions(*BY_BLOCKS), dict(WIDE, bf16=True)),
    "same-98": (
        lambda: convolutions(*block(1, 16, 5, 4, 0), nn.Flatten(), *dense_block(576, 64), nn.Linear(64, 10)),
        dict(OURS, samples=16_000),
    ),
    "same-99": (
        lambda: convolutions(
            *block(1, 16, 5, 4, 0), *block(16, 64, 3, 2, 1), nn.Flatten(), *dense_block(576, 256), nn.Linear(256, 10)
        ),
        OURS,
    ),
}


def learn(network, x, labels, recipe, steps=None):
    """Nesterov's momentum by hand: the first use of torch.optim in a process takes a second."""
    samples, batch = recipe.get("samples", len(x)), recipe["batch"]
    per_epoch = math.ceil(samples / batch)
    all_steps = recipe["epochs"] * per_epoch
    parameters = list(network.parameters())
    velocities = [torch.zeros_like(p) for p in parameters]
    for step in range(steps or all_steps):
        if step % per_epoch == 0:
            order = torch.randperm(samples)
        chosen = order[step % per_epoch * batch :][:batch]
        with torch.autocast("cpu", torch.bfloat16, enabled=recipe.get("bf16", False)):
            answers = network(x[chosen])
            loss = functional.cross_entropy(answers, labels[chosen], label_smoothing=recipe.get("smoothing", 0.0))
        gradients = torch.autograd.grad(loss, parameters)
        rate = recipe["rate"] * recipe["schedule"](step / all_steps)
        with torch.no_grad():
            torch._foreach_mul_(velocities, 0.9)
            torch._foreach_add_(velocities, gradients)
            torch._foreach_add_(parameters, gradients, alpha=-rate)
            torch._foreach_add_(parameters, velocities, alpha=-0.9 * rate)


def digits(folder, part):
    def read(name):
        with gzip.open(os.path.join(folder, name)) as file:
            content = bytearray(file.read())
        dimensions = content[3]
        return torch.frombuffer(content, dtype=torch.uint8, offset=4 + 4 * dimensions)

    x = read(f"{part}-images-idx3-ubyte.gz").reshape(-1, 784).float() / 255
    return (x - 0.1307) / 0.3081, read(f"{part}-labels-idx1-ubyte.gz").long()


def accuracy(name, seed, folder, model):
    make, recipe = RECIPES[name]
    (x, labels), (x_test, labels_test) = digits(folder, "train"), digits(folder, "t10k")
    learn(make(), x, labels, recipe, steps=3)  # what the first steps of a process set up counts to the process alone
    torch.manual_seed(int(seed))
    start = time.perf_counter()
    network = make()
    learn(network, x, labels, recipe)
    seconds = time.perf_counter() - start
    network.eval()
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=recipe.get("bf16", False)):
        right = sum((network(x).argmax(1) == y).sum().item() for x, y in zip(x_test.split(1000), labels_test.split(1000)))
    torch.save(network.state_dict(), model)
    print(json.dumps(dict(train_seconds=seconds, test_accuracy=right / len(labels_test))))


def epochs():
    plain = [nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    plain += [nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
    networks = {
        "784-100-50-10 tanh": perceptron(784, 100, 50, 10, activation=nn.Tanh),
        "784-512-256-10 relu": perceptron(784, 512, 256, 10),
        "conv 16, 32, dense 128 relu": convolutions(*plain, nn.Linear(1568, 128), nn.ReLU(), nn.Linear(128, 10)),
    }
    x, labels = torch.rand(SAMPLES, 784), torch.arange(SAMPLES) % 10
    print(f"{'PyTorch ' + torch.__version__:<28} {'epoch s':>9}")
    for name, network in networks.items():
        optimizer = torch.optim.SGD(network.parameters(), 0.05, momentum=0.9, fused=True)
        seconds = []
        for _ in range(RUNS):
            start = time.perf_counter()
            for chosen in torch.randperm(SAMPLES).split(128):
                optimizer.zero_grad(set_to_none=True)
                functional.cross_entropy(network(x[chosen]), labels[chosen]).backward()
                optimizer.step()
            seconds.append(time.perf_counter() - start)
        print(f"{name:<28} {statistics.median(seconds):>9.3f}", flush=True)


if sys.argv[1:] == ["epochs"]:
    epochs()
elif sys.argv[1:2] == ["accuracy"] and len(sys.argv) == 6:
    accuracy(*sys.argv[2:])
else:
    sys.exit(__doc__)
