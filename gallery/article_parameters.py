"""The article's first animation: the plane beside the parameters."""

import sys

import gdviz
from gdviz.renderers import parameters, plane

table = gdviz.read_table("gallery/data/article_multiple.csv")
history = gdviz.fit(table, learning_rate=0.001, epochs=20_000, theta0=[-1, 3, 3])

scene = plane(history, ranges=((-3, 8), (-4, 6))) | parameters(history)
frames = "0:50,50:100:5,100:1000:50,1000:20000:500"
scene.save(sys.argv[1], frames=frames, fps=10, size=(10, 10), dpi=60)
