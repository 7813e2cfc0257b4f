"""A convex loss on a table -> its optimum, where there is no closed form.

Newton's method within a trust region (Moré & Sorensen 1983, scipy's ``trust-exact``) finds it, in
coordinates in which the columns of the table are orthonormal, so that their units do not matter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gdviz.core.dataset import Dataset
from gdviz.core.least_squares import LeastSquares, least_squares
from gdviz.core.losses import Loss
from gdviz.core.moments import Array, frozen
from gdviz.core.registry import display_name
from gdviz.core.text import plain

BLOCK = 1000  # records at a time

__all__ = ["Optimum", "Others", "called", "goal_name", "optimum"]


@dataclass(frozen=True, eq=False)
class Optimum:
    """The optimum of a cost, as :class:`LeastSquares` is that of a squared loss.

    Attributes
    ----------
    theta : (p + 1,) array
        An optimum: of many, the nearest to the start; where there is none, a point far out.
    cost : float
        The least that the cost can be, or can come near to.
    noise : float
        What rounding and an unfinished search alone can make of a gap of zero.
    evaluate : callable
        The cost itself, theta (..., p + 1) -> (...).
    others : Others
        All the optima that there are besides.
    falls : (p + 1,) array or None
        Where there is no optimum, a direction of length 1 in which the cost falls for ever; 0 for
        all where none was looked for.
    name : str
        What the optimum is called.
    told : str
        What else is to be said of it.
    """

    theta: Array
    cost: float
    noise: float
    evaluate: Callable[[Array], Array]
    others: "Others"
    falls: Array | None = None
    name: str = "optimum"
    told: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "theta", frozen(self.theta))

    @property
    def exists(self) -> bool:
        """Whether there is an optimum; there is none where a line tells two classes apart."""
        return self.falls is None

    @property
    def unique(self) -> bool:
        """Whether there is one optimum and no other."""
        return self.exists and not self.others.directions.shape[1]

    def nearest(self, theta: Array) -> Array:
        """Return the optimum that is nearest to theta (p + 1,)."""
        away = theta - self.theta
        return np.asarray(self.theta + self.others.along(away[None])[0])

    def offset(self, theta: Array) -> Array:
        """θ minus the optimum that is nearest to it. theta (k, p + 1) -> (k, p + 1)."""
        away = theta - self.theta
        return np.asarray(away - self.others.along(away))

    def gap(self, theta: Array) -> Array:
        """Cost above the least there is. theta (..., p + 1) -> (...,), never negative."""
        return np.maximum(self.evaluate(theta) - self.cost, 0)

    def remark(self) -> str:
        """Say that there is no optimum, or more than one; empty if there is one."""
        if self.unique or self.told:
            return self.told
        if self.exists:
            return f"The {self.name} is not unique. The one shown is the nearest to the start."
        grow = "for ever while the weights grow"
        if self.cost > 0:
            return (
                "The two classes can be told apart but for rows on the boundary between them, so "
                f"no weights are best: the cost sinks towards {plain(self.cost)} {grow}."
            )
        return (
            "The two classes can be told apart without error, so no weights are best: "
            f"the cost sinks towards 0 {grow}."
        )


def goal_name(best: LeastSquares | Optimum) -> str:
    """Return the name of the optimum in words; "no optimum" or the like where there is none."""
    if isinstance(best, Optimum) and best.falls is not None:
        return "no optimum" if best.falls.any() else "minimum not known"
    return best.name


@dataclass(frozen=True, eq=False)
class Others:
    """The optima around one of them: it plus directions @ u, wherever normals @ u >= bounds.

    directions (p + 1, d), orthonormal; normals (m, d); bounds (m,), none above 0.
    """

    directions: Array
    normals: Array
    bounds: Array

    def __post_init__(self) -> None:
        for name in ("directions", "normals", "bounds"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    def along(self, away: Array) -> Array:
        """How far the optimum nearest to θ is from this one; away (k, p + 1) is how far θ is."""
        u = away @ self.directions
        if len(self.bounds):
            for first in range(0, len(u), BLOCK):
                part = u[first : first + BLOCK]  # rows outside the bounds are looked at one by one
                outside = (part @ self.normals.T < self.bounds).any(axis=1)
                for i in np.flatnonzero(outside):
                    part[i] = self._nearest(part[i])
        return np.asarray(u @ self.directions.T)

    def seen_from(self, moved: Array) -> "Others":
        """Return the same optima, told from another of them that lies `moved` (p + 1,) away."""
        return replace(self, bounds=self.bounds - self.normals @ (moved @ self.directions))

    def through(self, matrix: Array) -> "Others":
        """Return the same optima in other coordinates, θ' = matrix @ θ. matrix (p + 1, p + 1)."""
        directions, R = np.linalg.qr(matrix @ self.directions)
        return Others(directions, np.linalg.solve(R.T, self.normals.T).T, self.bounds)

    def _nearest(self, u: Array) -> Array:
        """Return the point within the bounds that is nearest to u (d,).

        By non-negative least squares: Lawson & Hanson (1974), "Solving least squares problems",
        chapter 23, least distance programming.
        """
        short = self.bounds - self.normals @ u
        if (short <= 0).all():
            return u
        from scipy.optimize import lsq_linear, nnls

        E = np.vstack([self.normals.T, short])
        goal = np.append(np.zeros(len(u)), 1.0)
        try:
            y = nnls(E, goal)[0]
        except np.linalg.LinAlgError:  # scipy before 1.14, where E is nearly singular
            y = lsq_linear(E, goal, (0, np.inf), method="bvls").x
        left = E @ y - goal
        return np.asarray(u - left[:-1] / left[-1])


def optimum(
    dataset: Dataset, loss: Loss, fixed: Mapping[int, float], start: Array
) -> LeastSquares | Optimum:
    """Return the lowest point of a loss over the entries of θ that are not fixed.

    Parameters
    ----------
    fixed : mapping from an index of θ to the value it is held at
    start : (p + 1,) array
        Where there are many lowest points, the one nearest to it is returned.
    """
    if loss.squared:
        return least_squares(dataset, fixed, loss.moments(dataset))
    free = [j for j in range(len(start)) if j not in fixed]
    steep, flat = _directions(dataset, free)
    if loss.penalty:  # it bends where the predictions do not change
        steep, flat = np.hstack([steep, flat]), flat[:, :0]
    held = start.copy()
    held[free] = 0
    theta = _newton(dataset, loss, held, steep)
    falls, cost = _falling(theta, dataset, loss, steep)
    found = Optimum(
        theta=theta,
        cost=cost,
        noise=1e-12 * float(loss.cost(start, dataset)),
        evaluate=lambda theta: loss.cost(theta, dataset),
        others=_others(theta, dataset, loss, steep, flat),
        falls=falls,
    )
    nearest = found.nearest(start)  # where a descent from the start arrives
    return replace(found, theta=nearest, others=found.others.seen_from(nearest - theta))


def called(loss: str | Loss) -> str:
    """Return the name of the optimum of a loss."""
    if not isinstance(loss, str):
        return "optimum"
    if loss.partition(":")[0] == "mse":
        return "least squares"
    return f"{display_name(loss)} optimum"


def _newton(dataset: Dataset, loss: Loss, held: Array, directions: Array) -> Array:
    """θ (p + 1,) of least cost, from the least-squares fit on, in units of its error."""
    from scipy.optimize import minimize  # here, because squares need none of it: 0.1 s

    t = loss.target(dataset.y)
    error = t - held[0] - dataset.X @ held[1:]
    predictions = directions[0] + dataset.X @ directions[1:]
    origin = held + directions @ (predictions.T @ error / len(t))
    left = t - origin[0] - dataset.X @ origin[1:]
    unit = 1.0 if loss.labels else float(np.sqrt(np.mean(left**2))) or 1.0
    D, least = unit * directions, float(loss.cost(origin, dataset)) or 1.0

    def slope(v: Array) -> Array:
        return np.asarray(D.T @ loss.gradient(origin + D @ v, dataset) / least)

    def bend(v: Array) -> Array:
        return np.asarray(D.T @ loss.hessian(origin + D @ v, dataset) @ D / least)

    found = minimize(
        lambda v: loss.cost(origin + D @ v, dataset) / least,
        np.zeros(D.shape[1]),
        jac=slope,
        hess=bend,
        method="trust-exact",
        options={"gtol": 1e-10, "maxiter": 2000},
    )
    # It ends where rounding hides what the cost would fall by; the slope may know another step.
    nearer = found.x - np.linalg.lstsq(bend(found.x), slope(found.x))[0]
    lower = np.linalg.norm(slope(nearer)) < np.linalg.norm(slope(found.x))
    return np.asarray(origin + D @ (nearer if lower else found.x))


def _directions(dataset: Dataset, free: list[int]) -> tuple[Array, Array]:
    """Directions of θ (p + 1, m) along which the predictions are orthonormal, (1/n) ẑᵀẑ = I.

    And those (p + 1, d), orthonormal themselves, along which they do not change.
    """
    A = dataset.moments.rows[:, :-1][:, free]
    size = np.linalg.norm(A, axis=0)
    size[size == 0] = 1
    _, s, Vt = np.linalg.svd(A / size)
    real = int(np.sum(s > max(A.shape) * np.finfo(float).eps * s[0]))
    steep, flat = np.zeros((2, dataset.n_features + 1, len(free)))
    steep[free] = Vt.T / size[:, None]
    flat[free] = steep[free]
    return steep[:, :real] / s[:real], np.linalg.qr(flat[:, real:])[0]


def _others(theta: Array, dataset: Dataset, loss: Loss, steep: Array, flat: Array) -> Others:
    """All optima around one, θ (p + 1,): where the cost does not change.

    A row at whose prediction the cost is curved holds that prediction where it is. One where it is
    straight (a residual beyond the δ of Huber's loss) may move on as long as it stays straight.
    """
    delta = np.inf if loss.linear_beyond is None else loss.linear_beyond
    r = theta[0] + dataset.X @ theta[1:] - loss.target(dataset.y)
    straight = np.abs(r) * (1 + 1e-9) > delta
    if not straight.any():
        return Others(flat, np.empty((0, flat.shape[1])), np.empty(0))
    A = np.column_stack([np.ones(len(r)), dataset.X])
    rigid = A[~straight] @ steep
    if loss.penalty:
        rigid = np.vstack([rigid, steep[1:]])
    directions = np.linalg.qr(np.hstack([steep @ _null_space(rigid), flat]))[0]
    normals = np.sign(r[straight])[:, None] * (A[straight] @ directions)
    return Others(directions, normals, np.minimum(delta - np.abs(r[straight]), 0))


def _null_space(rows: Array) -> Array:
    """Directions (m, d), orthonormal, that rows (k, m) do not see."""
    _, s, Vt = np.linalg.svd(np.vstack([rows, np.zeros((rows.shape[1], rows.shape[1]))]))
    return np.asarray(Vt[s <= 1e-9 * s.max(initial=0)].T)


def _falling(
    theta: Array, dataset: Dataset, loss: Loss, steep: Array
) -> tuple[Array | None, float]:
    """Direction (p + 1,) in which the cost falls for ever, if there is one, and the least cost.

    Labels have no best weights where a line has every row on its label's side, or on the line
    itself: Albert & Anderson (1984), "On the existence of maximum likelihood estimates in logistic
    regression models", Biometrika 71, on complete and quasi-complete separation.
    """
    least = float(loss.cost(theta, dataset))
    if not loss.labels or loss.penalty:
        return None, least
    z, t = theta[0] + dataset.X @ theta[1:], loss.target(dataset.y)
    margins = np.where(t == 1, 1.0, -1.0)[:, None] * (steep[0] + dataset.X @ steep[1:])
    if _overlap(margins, np.abs(loss.slope(z, t))):
        return None, least
    direction, beyond = _separating(margins)
    if not beyond.any():
        return None, least
    falls = steep @ direction
    # The cost of the other rows is all that is left; the search has made it as small as it gets.
    return falls / np.linalg.norm(falls), float(np.sum(loss.value(z, t)[~beyond]) / len(z))


def _overlap(margins: Array, pull: Array) -> bool:
    """Whether a point at which rows pull this much (n,) proves that no line separates them.

    margins (n, m), orthonormal columns. Along a line that does, every row would pull the same way,
    so the pulls could not cancel out (Stiemke's lemma).
    """
    together = float(np.linalg.norm(pull @ margins)) / len(pull)
    return together * float(np.linalg.norm(margins, axis=1).max()) < float(pull.min())


def _separating(margins: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Direction (m,) that leaves no row of margins (n, m) behind, and the rows that it brings on.

    Of all such directions one that brings on as many rows as any: each linear programme looks for
    one that brings on rows that the last one left where they were.
    """
    from scipy.optimize import linprog

    direction, beyond = np.zeros(margins.shape[1]), np.zeros(len(margins), dtype=bool)
    while not beyond.all():
        rest = margins[~beyond]
        found = linprog(-rest.mean(axis=0), A_ub=-rest, b_ub=np.zeros(len(rest)), bounds=(-1, 1))
        ahead = margins @ found.x
        more = ~beyond & (ahead > 1e-6 * np.abs(ahead).max(initial=1e-3))
        if not more.any():
            break
        # So small a part of it that the rows that are ahead already stay so.
        least = (margins[beyond] @ direction).min(initial=np.inf)
        part = min(1.0, 0.5 * least / max(float(-ahead.min()), 1e-300))
        direction, beyond = direction + part * found.x, beyond | more
    return direction, beyond
