#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Judge the samples by the shapes (pip install rdflib pyshacl): good ones conform, spoilt ones do not; exit 1 otherwise.

With files as arguments, tell what the shapes find in each of them.
"""
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
import rdflib
from pyshacl import validate
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import SH, SKOS

HERE, PES = Path(__file__).parent, Namespace("https://w3id.org/pes/ns#")
SHAPES, CODES = Graph().parse(HERE / "shapes.ttl"), Graph()
for file in sorted((HERE / "codes").glob("*.ttl")):
    # All that the shapes look up in the lists.
    CODES += (triple for triple in Graph().parse(file) if triple[1] in (SKOS.inScheme, PES.appliesTo))

def judge(path):
    """Whether a record conforms, and what is wrong with it."""
    rdflib.NORMALIZE_LITERALS = False  # a literal is judged as it is written; the validator sets this back
    data = Graph().parse(path, format="turtle") + CODES
    conforms, _, text = validate(data, shacl_graph=SHAPES, inplace=True)
    return conforms, text

def check(folder, expected, pool):
    files = sorted((HERE / "samples" / folder).glob("*.ttl"))
    wrong = [(path, text) for path, (conforms, text) in zip(files, pool.map(judge, files)) if conforms != expected]
    for path, text in wrong:
        print(f"{path.relative_to(HERE)} conforms, and should not" if expected is False else f"{path.relative_to(HERE)}: {text}")
    print(f"{len(files)} {folder} samples, {len(wrong)} judged otherwise")
    return bool(files) and not wrong

if __name__ == "__main__":
    if sys.argv[1:]:
        found = [judge(Path(name)) for name in sys.argv[1:]]
        print(*(text for _, text in found), sep="\n")
        sys.exit(not all(conforms for conforms, _ in found))
    with ProcessPoolExecutor() as pool:
        sys.exit(not all([check("good", True, pool), check("spoilt", False, pool)]))
