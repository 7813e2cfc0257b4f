"""A descent in words: table, loss, optimizer, what was held; names as they stand in the table."""

from gdviz.core.history.record import History
from gdviz.core.registry import display_name
from gdviz.core.schedules import rate_words
from gdviz.core.text import plain
from gdviz.core.wording import counted

__all__ = ["held_words", "method", "spoken", "stepping"]


def method(history: History) -> list[str]:
    """Return a descent in parts: table and loss, or the function; then how steps were made."""
    steps = stepping(history.optimizer, history.learning_rate, history.batch_size)
    if not history.has_table:
        return [str(history.objective), steps]
    data = history.dataset
    rows = counted(data.n_samples, "row")
    table = f"{data.source}, {rows}" if data.source else rows
    loss = spoken(history.loss) if isinstance(history.loss, str) else "custom loss"
    return [table, loss, steps]


def stepping(
    optimizer: str | None, learning_rate: float | str | None, batch_size: int | None
) -> str:
    """Say how steps are made, as far as it is given.

    >>> stepping("gd", 0.01, None), stepping(None, None, 8)
    ('gradient descent, learning rate 0.01', 'batches of 8')
    """
    said = [
        "" if optimizer is None else spoken(optimizer),
        "" if learning_rate is None else rate_words(learning_rate, digits=3),
        "" if batch_size is None else f"batches of {batch_size:,}",
    ]
    return ", ".join(filter(None, said))


def spoken(registered: str) -> str:
    """Say the name of a loss or optimizer, and its options.

    >>> spoken("lion:beta1=0.95,weight_decay=1"), spoken("huber:delta=2000")
    ('lion, beta1 0.95, weight decay 1', 'Huber, delta 2,000')
    """
    options = registered.partition(":")[2]
    given = [option.strip() for option in options.split(",")] if options else []
    return ", ".join([display_name(registered), *map(_spoken_option, given)])


def _spoken_option(given: str) -> str:
    name, _, value = given.replace("_", " ").partition("=")
    try:
        return f"{name} {plain(float(value))}"
    except ValueError:  # a word
        return f"{name} {value}".rstrip()


def held_words(history: History) -> list[str]:
    """Say what is held, and where: each of up to two, or how many; nothing where all move."""
    held = sorted(history.fixed)
    if len(held) > 2 and not history.has_table:
        return [f"{len(held):,} parameters held"]
    if len(held) > 2:
        which = f"{'intercept and ' * (0 in held)}{counted(len(held) - (0 in held), 'weight')}"
        return [f"{which} held{' at the optimum' * _held_at_optimum(history)}"]
    labels = history.objective.labels
    weight = "weight of " * history.has_table
    return [
        f"{weight * (j > 0)}{labels[j]} held at {plain(float(history.theta[0, j]))}" for j in held
    ]


def _held_at_optimum(history: History) -> bool:
    """Whether what moves can get as low as if all moved."""
    best = history.objective.lowest({}, history.theta[0])
    return best.exists and history.best.cost <= (1 + 1e-9) * best.cost + best.noise
