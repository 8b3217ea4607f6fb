"""Training by JAX on the CPU: seconds per epoch, a whole epoch compiled as one loop.

usage: python3 bench/train_jax.py

Prints the medians in the columns of `cargo bench -p nn-core --bench training`. Convolutions are left out: JAX takes ten times as long
for them as PyTorch does on a CPU.
"""

import os
import statistics
import time

os.environ["JAX_PLATFORMS"] = "cpu"

import jax
from jax import lax, nn, numpy

SAMPLES, BATCH, RUNS = 60_000, 128, 5
RATE, MOMENTUM = 0.05, 0.9


def layers(key, sizes):
    for before, after in zip(sizes, sizes[1:]):
        key, now = jax.random.split(key)
        yield jax.random.normal(now, (before, after)) / before**0.5, numpy.zeros(after)


def loss(parameters, x, labels, activation):
    *hidden, (w, b) = parameters
    for weights, bias in hidden:
        x = activation(x @ weights + bias)
    logarithms = nn.log_softmax(x @ w + b)
    return -numpy.mean(numpy.take_along_axis(logarithms, labels[:, None], 1))


def trainer(activation):
    def step(state, chosen, x, labels):
        parameters, velocities = state
        gradients = jax.grad(loss)(parameters, x[chosen], labels[chosen], activation)
        velocities = jax.tree.map(lambda v, g: MOMENTUM * v + g, velocities, gradients)
        return (jax.tree.map(lambda p, v: p - RATE * v, parameters, velocities), velocities), None

    def epoch(state, key, x, labels):
        batches = jax.random.permutation(key, SAMPLES)[: SAMPLES // BATCH * BATCH].reshape(-1, BATCH)
        return lax.scan(lambda state, chosen: step(state, chosen, x, labels), state, batches)[0]

    return jax.jit(epoch)


networks = {
    "784-100-50-10 tanh": ([784, 100, 50, 10], numpy.tanh),
    "784-512-256-10 relu": ([784, 512, 256, 10], nn.relu),
}
key = jax.random.PRNGKey(1)
x, labels = jax.random.uniform(key, (SAMPLES, 784)), numpy.arange(SAMPLES) % 10
print(f"{'JAX ' + jax.__version__:<28} {'epoch s':>9}")
for name, (sizes, activation) in networks.items():
    parameters = list(layers(key, sizes))
    state, epoch, seconds = (parameters, jax.tree.map(numpy.zeros_like, parameters)), trainer(activation), []
    for run in range(RUNS + 1):
        start = time.perf_counter()
        state = jax.block_until_ready(epoch(state, jax.random.fold_in(key, run), x, labels))
        seconds.append(time.perf_counter() - start)
    print(f"{name:<28} {statistics.median(seconds[1:]):>9.3f}", flush=True)  # the first run compiles
