"""Objectives without a table: a function f(u, v, …) -> its cost, gradient, Hessian and minimum.

A function of numbers that broadcasts over arrays is all that is needed; its gradient is given, or
found by central differences. The classical test functions are here by name. Each brings its own
start and view, because what is worth seeing of it is known: (0, 0) is a stationary point of a
saddle, and no place to begin.

Sources: Rosenbrock (1960), "An automatic method for finding the greatest or least value of a
function"; Himmelblau (1972), *Applied nonlinear programming*; Beale (1958), "On an iterative method
for finding a local minimum of a function of more than one variable"; Booth and Rastrigin as in
Jamil & Yang (2013), "A literature survey of benchmark functions for global optimization problems".
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.checks import within
from gdviz.core.arguments import checked_start
from gdviz.core.moments import Array, frozen
from gdviz.core.optimum import Optimum, Others
from gdviz.core.registry import named
from gdviz.core.text import plain
from gdviz.core.wording import closest, counted

__all__ = ["FUNCTIONS", "Function", "arguments_of", "function_of"]

BEYOND = 1_000  # times the view: what is farther out has left everything that could be drawn
SAME = 1e-6  # of the view: points nearer to each other are one
SLIGHT = 1e-6  # of the largest curvature: below, a direction is flat
STRAIGHT = 1e-3  # of the slope is what curvature takes off it over a long step: then it is a line
NOTHING = 1e-9  # of the view: a number that the search cannot tell from 0
NEARBY = 0.02  # of the view: the longest step towards a minimum, so that it is that of the basin
MOST_STEPS = 2_000
SHORT_STEPS = 300  # of a search for a minimum, before longer ones are tried
MOST_SOUGHT = 10  # parameters among which a minimum is looked for: each step needs their Hessian
MOST_NAMED = 6  # parameters that are told one by one
ROUNDING = 1e-9  # of a cost: a gap no wider is none

Point = tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Function:
    """A function of d numbers as an objective.

    Attributes
    ----------
    formula : callable
        ``formula(u, v, …)`` of d arrays of one shape -> an array of that shape.
    names : tuple of d str
        Default: the names that the formula gives its arguments.
    partials : callable, optional
        ``partials(u, v, …)`` -> the d partial derivatives. Default: central differences.
    start : (d,) sequence, optional
        Where a descent begins if nothing else is said. Default: 1 for all.
    view : d pairs, optional
        What a picture shows of each number. Default: 2 around the start.
    minima, saddles, maxima : points
        Those that are known, for pictures and for words.
    name : str
        What it is called.
    registered : str or None
        Its name and options in :data:`FUNCTIONS`.
    whole : bool
        Whether formula and partials take θ (d,) or (..., d) as one array, such as the weights of a
        network. It needs a start; the default names are w0, w1, …

    Raises
    ------
    ValueError
        If the formula takes no numbers, or start and view do not fit it.

    Examples
    --------
    >>> bowl = Function(lambda u, v: u**2 + 3 * v**2)
    >>> float(bowl.cost(np.array([1.0, 1.0]))), bowl.gradient(np.array([1.0, 1.0])).round(6)
    (4.0, array([2., 6.]))
    """

    formula: Callable[..., Any]
    names: tuple[str, ...] = ()
    partials: Callable[..., Sequence[Any]] | None = None
    start: Any = None
    view: Any = None
    minima: tuple[Point, ...] = field(default=(), repr=False)
    saddles: tuple[Point, ...] = field(default=(), repr=False)
    maxima: tuple[Point, ...] = field(default=(), repr=False)
    name: str = ""
    registered: str | None = None
    whole: bool = False

    convex = False
    n_samples = 1
    constant = float("nan")

    def __post_init__(self) -> None:
        if not callable(self.formula):
            raise _no_formula(self.formula)
        given: Any = self.names
        names = (given,) if isinstance(given, str) else tuple(given)
        if self.whole and self.start is None:
            raise ValueError("a function of θ as a whole needs a start, which says how long θ is")
        if self.whole and not names:
            names = tuple(f"w{j}" for j in range(np.size(self.start)))
        object.__setattr__(self, "names", names or arguments_of(self.formula))
        d = len(self.names)
        start = np.ones(d) if self.start is None else checked_start(self.start, self.names)
        view = self.view
        if view is None:
            view = np.column_stack([start - 2, start + 2])
        view = np.array(view, dtype=np.float64)
        pairs = counted(d, "pair")
        if view.shape != (d, 2) or not (np.isfinite(view).all() and (view.T[0] < view.T[1]).all()):
            raise ValueError(f"the view needs {pairs} of numbers that increase, not {self.view}")
        object.__setattr__(self, "start", frozen(start))
        object.__setattr__(self, "view", frozen(view))
        object.__setattr__(self, "name", self.name or _called(self.formula))
        _check_parts(self)
        value = self.cost(start[None])
        if not np.isfinite(value).all():
            raise ValueError(f"{self} is {value[0]} at its start, which is no finite number")

    def __reduce__(self) -> tuple[Any, ...]:
        # By name, because most formulas are lambdas, which cannot be pickled.
        if self.registered is not None:
            return function_of, (self.registered,)
        return type(self), tuple(getattr(self, one.name) for one in fields(self))

    def __str__(self) -> str:
        if len(self.names) > MOST_NAMED:
            return f"{self.name} of {len(self.names):,} parameters"
        return f"{self.name}({', '.join(self.names)})"

    @property
    def labels(self) -> tuple[str, ...]:
        """Names as they stand on the axes."""
        return self.names

    @property
    def sizes(self) -> Array:
        """Half of the view, (d,)."""
        return np.asarray(np.ptp(self.view, axis=1) / 2)

    def within(self, theta: Array) -> NDArray[np.bool_]:
        """Say which points are near enough to the view to be drawn. theta (..., d) -> (...)."""
        away = np.abs(theta - self.view.mean(axis=1))
        return np.asarray((away <= BEYOND * self.sizes).all(axis=-1))

    def cost(self, theta: Array) -> Array:
        """Value of the function. theta (..., d) -> (...)."""
        theta = np.asarray(theta, dtype=np.float64)
        with np.errstate(all="ignore"):
            value = self._evaluate(theta)
        return np.array(np.broadcast_to(value, theta.shape[:-1]), dtype=np.float64)

    @cached_property
    def _evaluate(self) -> Callable[..., Any]:
        """θ (..., d) -> (...); a formula of single numbers or points is called for each of them."""
        if self.whole:
            each = np.vectorize(self.formula, signature="(d)->()", otypes=[np.float64])
            return self.formula if self._broadcasts(each) else each
        formula, two = self.formula, np.stack([self.start, self.start])
        try:
            with np.errstate(all="ignore"):
                np.broadcast_to(formula(*two.T), (2,)).astype(np.float64)
        except (TypeError, ValueError):
            formula = np.vectorize(formula, otypes=[np.float64])
        return lambda theta: formula(*np.moveaxis(theta, -1, 0))

    def _broadcasts(self, each: Callable[..., Any]) -> bool:
        """Say whether the formula, given several θ at once, returns the value of each."""
        some = self.start + np.linspace(0, 0.1, 3)[:, None] * self.sizes
        try:
            with np.errstate(all="ignore"):
                at_once = np.array(self.formula(some), dtype=np.float64)
        except Exception:  # whatever a network says to two more of its weights
            return False
        with np.errstate(all="ignore"):
            return at_once.shape == (3,) and np.allclose(at_once, each(some), equal_nan=True)

    def gradient(self, theta: Array) -> Array:
        """Gradient. theta (..., d) -> (..., d)."""
        theta = np.asarray(theta, dtype=np.float64)
        if self.partials is None:
            return self.differences(theta)
        with np.errstate(all="ignore"):
            if self.whole:
                return np.asarray(np.vectorize(self.partials, signature="(d)->(d)")(theta))
            parts = self.partials(*np.moveaxis(theta, -1, 0))
        return np.stack([np.broadcast_to(part, theta.shape[:-1]) for part in parts], axis=-1)

    def differences(self, theta: Array) -> Array:
        """Gradient by central differences. theta (..., d) -> (..., d)."""
        step = np.cbrt(np.finfo(float).eps) * np.maximum(np.abs(theta), 0.1 * self.sizes)
        found = np.empty_like(theta)
        for j in range(len(self.names)):
            away = np.zeros_like(theta)
            away[..., j] = step[..., j]
            # What was really added, after rounding.
            width = (theta + away)[..., j] - (theta - away)[..., j]
            found[..., j] = (self.cost(theta + away) - self.cost(theta - away)) / width
        return found

    def hessian(self, theta: Array) -> Array:
        """Hessian by differences of the gradient. theta (d,) -> (d, d)."""
        size = np.cbrt(np.finfo(float).eps) if self.partials else np.finfo(float).eps ** 0.2
        step = size * np.maximum(np.abs(theta), 0.1 * self.sizes)
        around = theta + np.stack([np.diag(step), -np.diag(step)])
        ahead, behind = self.gradient(around)
        found = (ahead - behind) / (2 * step[:, None])
        return np.asarray((found + found.T) / 2)

    def lowest(self, fixed: Mapping[int, float], near: Array) -> Optimum:
        """Return the minimum of the basin that θ (d,) lies in, some entries held.

        Where the function falls for ever there is none, and the direction is told. Among more than
        ten that may move it is not looked for, and the cost at θ stands in its place.
        """
        free = [j for j in range(len(near)) if j not in fixed]
        at = np.array(near, dtype=np.float64)
        at[list(fixed)] = list(fixed.values())
        sought = len(free) <= MOST_SOUGHT
        theta = self._minimum(at, free) if sought else at
        known = np.reshape(self.minima, (-1, len(near)))
        there = (np.abs(theta - known) < SAME * self.sizes).all(axis=1)
        if not fixed and there.any():
            theta = known[there][0]  # exactly, not but for what the search leaves
        theta = np.where(np.abs(theta) < NOTHING * self.sizes, 0.0, theta)
        cost = float(self.cost(theta))
        directions = np.empty((len(near), 0))
        found = Optimum(
            theta=theta,
            cost=cost,
            noise=ROUNDING * max(abs(cost), float(np.abs(self.cost(at)))),
            evaluate=self.cost,
            others=Others(directions, np.empty((0, 0)), np.empty(0)),
            name="minimum",
        )
        if not sought:
            told = f"Among {len(free):,} parameters no minimum is looked for."
            return replace(found, falls=np.zeros(len(near)), told=told)
        if not self.within(theta):
            falls = (theta - at) / np.linalg.norm(theta - at)
            told = f"{self.name} has no minimum this way: it falls for ever."
            return replace(found, falls=falls, told=told)
        return self._told(found) if not fixed else found

    def _told(self, found: Optimum) -> Optimum:
        """Say of a minimum that is not the lowest known that it is local, and by how much."""
        minima = np.reshape(self.minima, (-1, len(self.names)))
        known = float(self.cost(minima).min(initial=found.cost))
        gap = found.cost - known
        if gap <= max(found.noise, ROUNDING):
            return found
        told = (
            f"This minimum is local: it lies {plain(float(f'{gap:.4g}'))} above the lowest known, "
            f"{plain(float(f'{known:.4g}'))}."
        )
        return replace(found, name="local minimum", told=told)

    def _minimum(self, start: Array, free: list[int]) -> Array:
        """Return the minimum (d,) that a descent from a start (d,) leads to, not a saddle.

        Where the slope is 0 and the function falls to both sides alike, nothing tells which.
        """
        theta = self._basin(start, free)
        for _ in range(len(free) + 1):
            H = self.hessian(theta)[np.ix_(free, free)]
            if not (self.within(theta) and np.isfinite(H).all()):
                break
            curved, ways = np.linalg.eigh(H)
            if curved[0] >= -SLIGHT * np.abs(curved).max():
                break
            away = np.zeros_like(theta)
            away[free] = self._longest / 4 * ways[:, 0] * (1 if ways[:, 0].sum() >= 0 else -1)
            sides = np.stack([theta + away, theta - away])
            theta = self._basin(sides[int(np.argmin(self.cost(sides)))], free)
        return theta

    @property
    def _longest(self) -> float:
        """Longest step of the search for a minimum, short enough to stay in the basin."""
        return NEARBY * float(np.linalg.norm(2 * self.sizes))

    def _basin(self, start: Array, free: list[int]) -> Array:
        """Return the minimum (d,) that short steps lead to; a point out of sight where none is.

        Newton's method within a trust region that is never large (Moré & Sorensen 1983).
        """
        from scipy.optimize import minimize

        def full(x: Array) -> Array:
            theta = start.copy()
            theta[free] = x
            return theta

        def bounded(x: Array) -> float:
            value = float(self.cost(full(x)))
            return value if np.isfinite(value) else np.inf

        x, longest = start[free], self._longest
        while True:  # longer steps, where nothing stops it
            found = minimize(
                bounded,
                x,
                jac=lambda x: self.gradient(full(x))[free],
                hess=lambda x: self.hessian(full(x))[np.ix_(free, free)],
                method="trust-exact",
                options={
                    "initial_trust_radius": longest / 4,
                    "max_trust_radius": longest,
                    "gtol": 1e-10 * float(self.steepness),
                    "maxiter": SHORT_STEPS,
                },
            )
            x = found.x
            if found.status != 1 or not self.within(full(x)):
                return full(x)
            longest *= 4

    @cached_property
    def steepness(self) -> float:
        """Length of the gradient at the start, or 1 where it is 0."""
        return float(np.linalg.norm(self.gradient(self.start))) or 1.0

    def steepest(self, start: Array, free: list[int]) -> float:
        """Largest curvature, |λ|max, that a cautious descent from the start meets on its way.

        Each step is as long as the curvature where it begins allows, and short beside the view.
        """
        theta, most = np.array(start, dtype=np.float64), 0.0
        for _ in range(MOST_STEPS):
            g = np.zeros_like(theta)
            g[free] = self.gradient(theta)[free]
            H = self.hessian(theta)[np.ix_(free, free)]
            if not (np.isfinite(g).all() and np.isfinite(H).all()):
                break
            curvature, size = float(np.linalg.norm(H, 2)), float(np.linalg.norm(g))
            most = max(most, curvature)
            if curvature * self._longest < STRAIGHT * size:
                most = max(most, size / self._longest)  # no rate is too large for a straight line
            step = min(1 / curvature if curvature else np.inf, self._longest / (size or np.inf))
            if not 1e-6 * self._longest < step * size < np.inf:
                break
            theta = theta - step * g
            if not self.within(theta):
                return most
        end = self._minimum(theta, free)  # where it would go to in the end
        H = self.hessian(end)[np.ix_(free, free)]
        return max(most, float(np.linalg.norm(H, 2))) if np.isfinite(H).all() else most


def _no_formula(given: Any) -> TypeError:
    """Return the TypeError for a formula that is no callable; it names the registered one."""
    told = f"a Function is made of a callable, not of {given!r}"
    text = str(given).strip().lower().removeprefix("function:")
    if text.partition(":")[0] not in FUNCTIONS:
        return TypeError(f"{told}{closest(text, FUNCTIONS)}")
    return TypeError(f'{told}; descend on it by gdviz.fit("function:{text}")')


def _check_parts(function: Function) -> None:
    """Raise ValueError where names, known points, partials or values are not as many as needed."""
    names, d = function.names, len(function.names)
    if len({*names}) < d:
        raise ValueError(f"names are given twice: {', '.join(names)}")
    for kind in ("minima", "saddles", "maxima"):
        for point in getattr(function, kind):
            if np.shape(point) != (d,):
                raise ValueError(f"{kind} are points of {counted(d, 'number')}, and {point} is not")
    value = _shape_at_start(function)
    if value != ():
        raise ValueError(
            f"the formula gives an array {value} of {counted(d, 'number')}; it has to give one"
        )
    if function.partials is None or function.whole:
        return
    if len(function.partials(*function.start)) != d:
        raise ValueError(f"partials have to be {d}, one for each of {', '.join(names)}")


def _shape_at_start(function: Function) -> tuple[int, ...]:
    """Shape of what the formula gives at the start."""
    if function.whole:
        with np.errstate(all="ignore"):
            return np.shape(function.formula(function.start))
    try:
        return np.shape(function.formula(*function.start))
    except TypeError as error:
        d = len(function.names)
        raise ValueError(f"the formula does not take {counted(d, 'number')}: {error}") from None


def arguments_of(formula: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of the arguments that a formula has to be given."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        known = [*inspect.signature(formula).parameters.values()]
    except (TypeError, ValueError):
        known = []
    names = tuple(p.name for p in known if p.kind in kinds and p.default is p.empty)
    if not names:
        raise ValueError('the arguments of the formula have no names; give them, names=("u", "v")')
    return names


def _called(formula: Callable[..., Any]) -> str:
    name = getattr(formula, "__name__", "f")
    return "f" if name == "<lambda>" else str(name)


def function_of(given: Any) -> Function:
    """Return the function that a text names, such as "valley:condition=50", or the one given.

    Raises
    ------
    ValueError
        If no function has that name and those options.
    """
    if isinstance(given, Function):
        return given
    made = named(FUNCTIONS, given, "function")()
    text = given.strip().lower()
    return replace(made, name=text.partition(":")[0], registered=text)


# The classical ones -------------------------------------------------------------------------------


def valley(condition: float = 20.0) -> Function:
    """A long valley, ½(u² + κv²): its steepest direction is κ times as curved as its flattest."""
    within("condition", condition, 0, 1e6)
    return Function(
        lambda u, v: (u**2 + condition * v**2) / 2,
        partials=lambda u, v: (u, condition * v),
        start=(-4.0, 1.0),
        view=((-5, 5), (-2.5, 2.5)),
        minima=((0.0, 0.0),),
    )


def rosenbrock(a: float = 1.0, b: float = 100.0) -> Function:
    """Rosenbrock's curved valley, (a − u)² + b(v − u²)²; its minimum is (a, a²)."""
    within("a", a, -1e3, 1e3)
    within("b", b, 0, 1e6)
    wide = max(abs(a), 1.0)
    return Function(
        lambda u, v: (a - u) ** 2 + b * (v - u**2) ** 2,
        partials=lambda u, v: (
            -2 * (a - u) - 4 * b * u * (v - u**2),
            2 * b * (v - u**2),
        ),
        start=(-1.5 * wide, 2.0 * wide**2),
        view=((-2 * wide, 2 * wide), (-(wide**2), 3 * wide**2)),
        minima=((a, a * a),),
    )


def himmelblau() -> Function:
    """Himmelblau's four minima, (u² + v − 11)² + (u + v² − 7)², all of them 0."""
    return Function(
        lambda u, v: (u**2 + v - 11) ** 2 + (u + v**2 - 7) ** 2,
        partials=lambda u, v: (
            4 * u * (u**2 + v - 11) + 2 * (u + v**2 - 7),
            2 * (u**2 + v - 11) + 4 * v * (u + v**2 - 7),
        ),
        start=(-0.5, -2.5),
        view=((-5.5, 5.5), (-5.5, 5.5)),
        minima=(
            (3.0, 2.0),
            (-2.8051180869527448, 3.1313125182505730),
            (-3.7793102533777469, -3.2831859912861694),
            (3.5844283403304917, -1.8481265269644036),
        ),
        saddles=(
            (-3.0730257508764970, -0.0813530442824200),
            (-0.1279613467398720, -1.9537149802445200),
            (0.0866775045554610, 2.8842547012227600),
            (3.3851541839528500, 0.0738518793336860),
        ),
        maxima=((-0.2708445906673846, -0.9230385564835850),),
    )


def beale() -> Function:
    """Beale's flat valley between steep walls; its minimum is (3, ½)."""

    def parts(u: Any, v: Any) -> tuple[Any, ...]:
        return 1.5 - u + u * v, 2.25 - u + u * v**2, 2.625 - u + u * v**3

    def partials(u: Any, v: Any) -> tuple[Any, Any]:
        a, b, c = parts(u, v)
        return (
            2 * (a * (v - 1) + b * (v**2 - 1) + c * (v**3 - 1)),
            2 * u * (a + 2 * b * v + 3 * c * v**2),
        )

    return Function(
        lambda u, v: sum(part**2 for part in parts(u, v)),
        names=("u", "v"),
        partials=partials,
        start=(1.0, 1.5),
        view=((-0.5, 4.5), (-2.0, 2.0)),
        minima=((3.0, 0.5),),
        saddles=((0.0, 1.0),),
    )


def booth() -> Function:
    """Booth's bowl, (u + 2v − 7)² + (2u + v − 5)²; its minimum is (1, 3)."""
    return Function(
        lambda u, v: (u + 2 * v - 7) ** 2 + (2 * u + v - 5) ** 2,
        partials=lambda u, v: (
            2 * (u + 2 * v - 7) + 4 * (2 * u + v - 5),
            4 * (u + 2 * v - 7) + 2 * (2 * u + v - 5),
        ),
        start=(-7.0, 3.0),
        view=((-10, 10), (-10, 10)),
        minima=((1.0, 3.0),),
    )


def rastrigin(height: float = 10.0) -> Function:
    """Rastrigin's egg box, 2h + u² + v² − h(cos 2πu + cos 2πv): minima near all whole numbers."""
    within("height", height, 0, 1e6)
    turn = 2 * np.pi
    low, high = _rastrigin_line(height)
    return Function(
        lambda u, v: 2 * height + u**2 + v**2 - height * (np.cos(turn * u) + np.cos(turn * v)),
        partials=lambda u, v: (
            2 * u + turn * height * np.sin(turn * u),
            2 * v + turn * height * np.sin(turn * v),
        ),
        start=(1.4, -1.3),
        view=((-2.5, 2.5), (-2.5, 2.5)),
        minima=tuple(product(low, low)),
        saddles=(*product(low, high), *product(high, low)),
        maxima=tuple(product(high, high)),
    )


def _rastrigin_line(height: float) -> tuple[list[float], list[float]]:
    """Minima and maxima of u² − h cos 2πu between −8 and 8, which is farther than a view widens."""
    from scipy.optimize import brentq

    turn, minima, maxima = 2 * np.pi, [0.0], []

    def slope(u: float) -> float:
        return float(2 * u + turn * height * np.sin(turn * u))

    # It rises at k + ½ and at k + 1. Between them its slope is least where the curvature is 0: if
    # it falls anywhere, then there, with a maximum before and a minimum behind.
    flat = np.arccos(-min(2 / (turn**2 * height), 1.0)) / turn
    for k in range(8):
        lowest = k + 1 - flat
        if slope(lowest) < 0:
            top, bottom = brentq(slope, k + 0.5, lowest), brentq(slope, lowest, k + 1)
            maxima += [-top, top]
            minima += [-bottom, bottom]
    return sorted(minima), sorted(maxima)


def saddle() -> Function:
    """A saddle between two minima, ½u² − ½v² + ¼v⁴: at (0, 0) the slope is 0, too."""
    return Function(
        lambda u, v: u**2 / 2 - v**2 / 2 + v**4 / 4,
        partials=lambda u, v: (u, v**3 - v),
        start=(-1.6, 0.001),
        view=((-2, 2), (-1.6, 1.6)),
        minima=((0.0, 1.0), (0.0, -1.0)),
        saddles=((0.0, 0.0),),
    )


def plateau() -> Function:
    """A plateau around a well, 1 − exp(−½(u² + v²)): far out there is hardly a slope."""

    def partials(u: Any, v: Any) -> tuple[Any, Any]:
        depth = np.exp(-(u**2 + v**2) / 2)
        return u * depth, v * depth

    return Function(
        lambda u, v: -np.expm1(-(u**2 + v**2) / 2),
        names=("u", "v"),
        partials=partials,
        start=(-2.6, 1.6),
        view=((-4, 4), (-3, 3)),
        minima=((0.0, 0.0),),
    )


def two_wells() -> Function:
    """Two wells on a line, ¼x⁴ − ½x² + 0.15x, the left one the deeper."""
    return Function(
        lambda x: x**4 / 4 - x**2 / 2 + 0.15 * x,
        partials=lambda x: (x**3 - x + 0.15,),
        start=(1.8,),
        view=((-1.9, 1.9),),
        minima=tuple((float(x.real),) for x in np.sort(np.roots([1, 0, -1, 0.15]))[[0, 2]]),
    )


FUNCTIONS: dict[str, Callable[..., Function]] = {
    "valley": valley,
    "rosenbrock": rosenbrock,
    "himmelblau": himmelblau,
    "beale": beale,
    "booth": booth,
    "rastrigin": rastrigin,
    "saddle": saddle,
    "plateau": plateau,
    "two-wells": two_wells,
}
