"""How a descent steps: an optimizer is two pure functions, ``init`` and ``update``.

``init(theta)`` gives the state before the first step. ``update(gradient, state, theta)`` gives the
step and the next state, and θₖ₊₁ = θₖ + step. The code below is the equations of the papers: g is
the gradient at θₖ, α the learning rate, and every operation is on arrays of the shape of θ.

A factory, such as ``momentum(0.01, decay=0.95)``, makes an optimizer. Where a paper gives a
learning rate it is the default; the others have none, because what is right depends on the
curvature of the cost (see ``learning_rate="auto"`` in :func:`gdviz.fit`).
"""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple, cast

import numpy as np

from gdviz.checks import not_negative, positive, within
from gdviz.core.moments import Array
from gdviz.core.registry import unmade

__all__ = [
    "OPTIMIZERS",
    "Optimizer",
    "State",
    "adagrad",
    "adam",
    "adamw",
    "checked_optimizer",
    "gradient_descent",
    "lion",
    "momentum",
    "needs_steepness",
    "nesterov",
    "reach",
    "rmsprop",
    "scheduled",
]

State = tuple[Any, ...]


class Optimizer(NamedTuple):
    """``init(theta) -> state`` and ``update(gradient, state, theta) -> (step, state)``."""

    init: Callable[[Array], State]
    update: Callable[[Array, State, Array], tuple[Array, State]]


def gradient_descent(learning_rate: float) -> Optimizer:
    """Step against the gradient: −αg (Cauchy 1847).

    >>> optimizer, theta = gradient_descent(0.1), np.zeros(2)
    >>> optimizer.update(np.array([1.0, -2.0]), optimizer.init(theta), theta)
    (array([-0.1,  0.2]), ())
    """

    def update(gradient: Array, state: State, theta: Array) -> tuple[Array, State]:
        return -learning_rate * gradient, state

    return Optimizer(lambda theta: (), update)


def momentum(learning_rate: float, decay: float = 0.9) -> Optimizer:
    """Keep a velocity, v ← βv − αg, and step by it (Polyak 1964, the heavy ball)."""
    within("decay", decay, -1, 1)

    def update(gradient: Array, state: State, theta: Array) -> tuple[Array, State]:
        (velocity,) = state
        velocity = decay * velocity - learning_rate * gradient
        return velocity, (velocity,)

    return Optimizer(lambda theta: (np.zeros_like(theta),), update)


def nesterov(learning_rate: float, decay: float = 0.9) -> Optimizer:
    """Step by the velocity that the next step will have: v ← βv − αg, step βv − αg.

    Nesterov (1983), in the form of Sutskever et al. (2013) that takes the gradient where θ is.
    """
    within("decay", decay, -1, 1)

    def update(gradient: Array, state: State, theta: Array) -> tuple[Array, State]:
        (velocity,) = state
        velocity = decay * velocity - learning_rate * gradient
        return decay * velocity - learning_rate * gradient, (velocity,)

    return Optimizer(lambda theta: (np.zeros_like(theta),), update)


def adagrad(learning_rate: float = 0.01, epsilon: float = 1e-10) -> Optimizer:
    """Divide by the root of the sum of squares, G ← G + g²: −αg / (√G + ε).

    Duchi, Hazan & Singer (2011), "Adaptive subgradient methods", JMLR 12.
    """
    positive("epsilon", epsilon)

    def update(gradient: Array, state: State, theta: Array) -> tuple[Array, State]:
        (squares,) = state
        squares = squares + gradient**2
        return -learning_rate * gradient / (np.sqrt(squares) + epsilon), (squares,)

    return Optimizer(lambda theta: (np.zeros_like(theta),), update)


def rmsprop(learning_rate: float = 0.001, decay: float = 0.9, epsilon: float = 1e-8) -> Optimizer:
    """Divide by the root of the mean of squares, v ← ρv + (1 − ρ)g²: −αg / (√v + ε).

    Tieleman & Hinton (2012), lecture 6.5 of "Neural networks for machine learning".
    """
    within("decay", decay, -1, 1)
    positive("epsilon", epsilon)

    def update(gradient: Array, state: State, theta: Array) -> tuple[Array, State]:
        (squares,) = state
        squares = decay * squares + (1 - decay) * gradient**2
        return -learning_rate * gradient / (np.sqrt(squares) + epsilon), (squares,)

    return Optimizer(lambda theta: (np.zeros_like(theta),), update)


def adam(
    learning_rate: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8
) -> Optimizer:
    """Momentum over RMSprop, both corrected for their start at zero: −α m̂ / (√v̂ + ε).

    m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ).
    Kingma & Ba (2015), "Adam: a method for stochastic optimization", algorithm 1.
    """
    within("beta1", beta1, -1, 1)
    within("beta2", beta2, -1, 1)
    positive("epsilon", epsilon)

    def update(gradient: Array, state: State, theta: Array) -> tuple[Array, State]:
        t, mean, squares = state
        t = t + 1
        mean = beta1 * mean + (1 - beta1) * gradient
        squares = beta2 * squares + (1 - beta2) * gradient**2
        unbiased, spread = mean / (1 - beta1**t), np.sqrt(squares / (1 - beta2**t))
        return -learning_rate * unbiased / (spread + epsilon), (t, mean, squares)

    return Optimizer(lambda theta: (0, np.zeros_like(theta), np.zeros_like(theta)), update)


def adamw(
    learning_rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    weight_decay: float = 0.01,
) -> Optimizer:
    """Adam, and beside it a decay of all θ, decoupled from the gradient: −α (m̂ / (√v̂ + ε) + λθ).

    Loshchilov & Hutter (2019), "Decoupled weight decay regularization", algorithm 2, the decay in
    units of the learning rate as in PyTorch. The intercept decays like the weights.

    Where it comes to rest is not the optimum of the cost with a penalty: Adam's part of a step is
    no longer than 1, so it goes to the lowest cost that has every |θⱼ| ≤ 1/λ (Xie & Li 2024,
    "Implicit bias of AdamW"). Of an optimum beyond that it stops short.
    """
    not_negative("weight_decay", weight_decay)
    inner = adam(1.0, beta1, beta2, epsilon)

    def update(gradient: Array, state: State, theta: Array) -> tuple[Array, State]:
        adam_step, state = inner.update(gradient, state, theta)
        return learning_rate * (adam_step - weight_decay * theta), state

    return Optimizer(inner.init, update)


def lion(
    learning_rate: float = 1e-4, beta1: float = 0.9, beta2: float = 0.99, weight_decay: float = 0.0
) -> Optimizer:
    """Step by the sign of a momentum alone: −α (sign(β₁m + (1 − β₁)g) + λθ), m ← β₂m + (1 − β₂)g.

    Chen et al. (2023), "Symbolic discovery of optimization algorithms", program 1; the numbers are
    those of its authors' code.

    Every step is as long as the rate in every direction, so it settles no closer than that. With
    a decay it goes to the lowest cost that has every |θⱼ| ≤ 1/λ, as AdamW (Chen, L. et al. 2024,
    "Lion secretly solves constrained optimization").
    """
    within("beta1", beta1, -1, 1)
    within("beta2", beta2, -1, 1)
    not_negative("weight_decay", weight_decay)

    def update(gradient: Array, state: State, theta: Array) -> tuple[Array, State]:
        (mean,) = state
        direction = np.sign(beta1 * mean + (1 - beta1) * gradient)
        mean = beta2 * mean + (1 - beta2) * gradient
        return -learning_rate * (direction + weight_decay * theta), (mean,)

    return Optimizer(lambda theta: (np.zeros_like(theta),), update)


def scheduled(factory: Callable[..., Optimizer], schedule: Callable[[int], float]) -> Optimizer:
    """Return the optimizer whose learning rate at step k = 0, 1, … is schedule(k).

    The step k is what `factory` makes of that rate, and the state goes from one to the next. So the
    velocity of a momentum holds each gradient at the rate of its own step, as in Sutskever et al.
    (2013); PyTorch's holds the gradients, and all of it is stepped by at the rate of the day.

    >>> optimizer, theta = scheduled(gradient_descent, lambda k: 1 / (k + 1)), np.zeros(1)
    >>> step, state = optimizer.update(np.ones(1), optimizer.init(theta), theta)
    >>> step, optimizer.update(np.ones(1), state, theta)[0]
    (array([-1.]), array([-0.5]))
    """

    def init(theta: Array) -> State:
        return 0, factory(schedule(0)).init(theta)

    def update(gradient: Array, state: State, theta: Array) -> tuple[Array, State]:
        k, inner = state
        step, inner = factory(schedule(k)).update(gradient, inner, theta)
        return step, (k + 1, inner)

    return Optimizer(init, update)


def checked_optimizer(given: object) -> Optimizer:
    """Return what a factory made; a TypeError says what is to be changed in anything else.

    >>> checked_optimizer(Optimizer(lambda theta: (), lambda gradient, state: (-gradient, state)))
    Traceback (most recent call last):
    ...
    TypeError: the optimizer's update must take theta, too: it is update(gradient, state), and ...
    """
    if not callable(getattr(given, "init", None)) or not callable(getattr(given, "update", None)):
        raise unmade("optimizer", given)
    optimizer = cast(Optimizer, given)
    takes = inspect.signature(optimizer.update)
    try:
        takes.bind("gradient", "state", "theta")
    except TypeError:
        raise TypeError(
            f"the optimizer's update must take theta, too: it is update{takes}, and has to be "
            "update(gradient, state, theta) -> (step, state)"
        ) from None
    return optimizer


def needs_steepness(text: str) -> bool:
    """Whether what rate an optimizer takes depends on how steep the cost is.

    It does where its paper has no rate; the others divide by the size of the gradient.

    >>> needs_steepness("momentum:decay=0.5"), needs_steepness("Adam")
    (True, False)
    """
    factory = OPTIMIZERS.get(text.strip().lower().partition(":")[0])
    if factory is None:
        return False
    default = inspect.signature(factory).parameters["learning_rate"].default
    return default is inspect.Parameter.empty


def reach(factory: Callable[..., Optimizer]) -> float:
    """Farthest from 0 that a parameter can come to rest: 1/λ with a weight decay, else infinite.

    >>> reach(adamw), reach(lion)
    (100.0, inf)
    """
    decay = inspect.signature(factory).parameters.get("weight_decay")
    return 1 / float(decay.default) if decay and decay.default > 0 else np.inf


OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    "gd": gradient_descent,
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adamw,
    "lion": lion,
}
