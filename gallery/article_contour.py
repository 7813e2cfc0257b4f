"""The article's second animation: the plane beside the contours of the cost."""

import sys

import gdviz
from gdviz.renderers import contour, plane

table = gdviz.read_table("gallery/data/article_multiple.csv")
history = gdviz.fit(
    table, learning_rate=0.001, epochs=400, theta0=[-1, 3, 3], fixed_intercept="ols"
)

square = ((-15, 5), (-15, 5))
lines = contour(history, ranges=square, levels=[80, 150, 300, 600, 2000], size=100)
scene = plane(history, ranges=((-3, 8), (-4, 6))) | lines
scene.save(sys.argv[1], frames="0:50,50:100:5,100:400:25", fps=10, size=(10, 8), dpi=60)
