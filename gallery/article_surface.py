"""The article's third animation: the plane beside the surface of the cost."""

import sys

import gdviz
from gdviz.renderers import plane, surface

table = gdviz.read_table("gallery/data/article_multiple.csv")
history = gdviz.fit(
    table, learning_rate=0.001, epochs=400, theta0=[-1, 3, 3], fixed_intercept="ols"
)

bowl = surface(history, ranges=((-15, 5), (-15, 5)), size=100, elev=37, azim=-100)
scene = plane(history, ranges=((-3, 8), (-4, 6))) | bowl
scene.save(sys.argv[1], frames="0:50,50:100:5,100:400:25", fps=10, size=(10, 8), dpi=60)
