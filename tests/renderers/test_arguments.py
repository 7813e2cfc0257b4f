"""What a renderer may be given, and how misuse is answered."""

import pytest
from sklearn.linear_model import LinearRegression

import gdviz
from gdviz.renderers import RENDERERS, boundary, contour, parameters, surface
from gdviz.renderers.kinds import kinds_of, picture
from gdviz.views.kinds import usual_kinds

TABLE = gdviz.read_table("gallery/data/article_multiple.csv")
CLASSES = gdviz.Dataset.of(TABLE.X, [0, 1, 0, 1, 1, 0])
HISTORY = gdviz.fit(TABLE, epochs=3, fixed_intercept="ols")

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.mark.parametrize("kind", RENDERERS)
def test_a_fitted_estimator_is_drawn_by_its_history(kind):
    model = gdviz.GradientDescentRegressor(fixed_intercept="ols", max_iter=3)
    with pytest.raises(TypeError, match="this GradientDescentRegressor has no history_: fit it"):
        RENDERERS[kind](model)
    model.fit(TABLE.X, TABLE.y)
    assert RENDERERS[kind](model).histories[0] is model.history_


@pytest.mark.parametrize("kind", [*RENDERERS, "boundary"])
@pytest.mark.parametrize(
    ("given", "message"),
    [
        (TABLE, r"{0} draws a history, not a table: {0}\(gdviz.fit\(table\)\)"),
        (TABLE.X, r"{0} draws a history, not a ndarray: {0}\(gdviz.fit\(X, y\)\)"),
        (LinearRegression(), "this LinearRegression has no history_: fit it first"),
        (None, "{0} draws a history, not a NoneType"),
    ],
)
def test_what_has_no_history_is_refused(kind, given, message):
    draw = {**RENDERERS, "boundary": boundary}[kind]
    with pytest.raises(TypeError, match=message.format(kind)):
        draw(given)


@pytest.mark.parametrize("kind", RENDERERS)
def test_an_option_that_it_has_not(kind):
    with pytest.raises(TypeError, match=rf"{kind}\(\) has no argument zzz; its arguments are hist"):
        RENDERERS[kind](HISTORY, zzz=1)
    with pytest.raises(TypeError, match=rf"{kind}\(\) missing 1 required positional"):
        RENDERERS[kind]()
    assert RENDERERS[kind](history=HISTORY).histories[0] is HISTORY


def test_an_option_that_was_nearly_right():
    with pytest.raises(TypeError, match=r"no argument range \(did you mean ranges\?\)"):
        RENDERERS["contour"](HISTORY, range=((0, 1), (0, 1)))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("plane", (("plane",),)),
        ("Plane + contour/parameters", (("plane", "contour"), ("parameters",))),
        ("a", f"no kind 'a'; choose from {', '.join(RENDERERS)}$"),
        ("plane//contour", r"no kind ''; choose"),
        ("contuor", r"\(did you mean contour\?\)"),
    ],
)
def test_kinds_by_name(text, kinds):
    if isinstance(kinds, str):
        with pytest.raises(ValueError, match=kinds):
            kinds_of(text)
    else:
        assert kinds_of(text) == kinds


def test_an_option_goes_to_the_kinds_that_have_it():
    scene = picture(HISTORY, kinds_of("plane+contour/parameters"), size=7, elev=50)
    assert (len(scene.panels), scene.rows) == (3, (2, 1))
    assert scene.panels[0].keywords["elev"] == 50
    with pytest.raises(TypeError, match="plane and contour have no log"):
        picture(HISTORY, kinds_of("plane+contour"), log=True)


@pytest.mark.parametrize(
    ("table", "options", "kinds"),
    [
        (TABLE, {"fixed_intercept": "ols"}, "plane+contour"),
        (TABLE, {}, "parameters"),
        (CLASSES, {"loss": "cross-entropy"}, "plane+parameters"),
        (CLASSES, {"loss": "cross-entropy", "fixed_intercept": 0}, "plane+contour"),
        (TABLE, {"vary": ("intercept", "x0")}, "contour"),
        (TABLE.scaled("standard"), {"fixed_intercept": "ols"}, "plane+contour"),
        (gdviz.Dataset.of([1.0, 2, 4], [1.0, 3, 2]), {}, "parameters"),
        (gdviz.Dataset.of([1.0, 2, 4], [1.0, 3, 2]).powers(2), {"vary": ("x0", "x0^2")}, "contour"),
    ],
)
def test_what_is_usual_can_be_drawn(table, options, kinds):
    history = gdviz.fit(table, epochs=2, **options)
    assert usual_kinds(history) == kinds_of(kinds)
    picture(history, usual_kinds(history)).still(0)
    names = table.parameter_names
    moved = [names[j] for j in history.moving]
    assert moved == [*options.get("vary", names[len(history.fixed) :])]


def test_a_plane_of_many_features_is_drawn_over_the_two_that_move():
    many = gdviz.Dataset.of([[1.0, 0, 2], [2, 1, 0], [0, 1, 1], [3, 2, 2]], [1.0, 2, 3, 4])
    history = gdviz.fit(many, epochs=2, vary=("x0", "x2"))
    assert RENDERERS["plane"](history).panels[0].keywords["view"].names[:2] == ("x0", "x2")
    assert RENDERERS["plane"](history, vary=("x1", "x0")).panels[0].keywords["view"].names[:2] == (
        "x1",
        "x0",
    )


@pytest.mark.parametrize("draw", [contour, surface, parameters])
def test_what_moves_is_chosen_in_the_fit(draw):
    said = rf'{draw.__name__} draws what moved .* there, gdviz.fit\(…, vary=\("area", "age"\)\)$'
    with pytest.raises(TypeError, match=said):
        draw(gdviz.fit("gallery/data/rent.csv", epochs=3), vary=("area", "age"))
