#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Judge the samples by the shapes (pip install rdflib pyshacl): good ones conform, spoilt ones do not; exit 1 otherwise.

With files as arguments, tell what the shapes find in each of them.
"""
import logging, sys
from functools import lru_cache
from pathlib import Path
import rdflib
from pyshacl import validate
from rdflib import Graph, URIRef
from rdflib.namespace import SKOS
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.processor import SPARQLProcessor

logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # some samples are spoilt by a day that no month has
HERE = Path(__file__).parent
LOOKED_UP = {SKOS.inScheme, URIRef("https://w3id.org/pes/ns#appliesTo")}  # all that the shapes ask of the lists
SHAPES, CODES = Graph().parse(HERE / "shapes.ttl"), Graph()
for file in sorted((HERE / "codes").glob("*.ttl")):
    CODES += (triple for triple in Graph().parse(file) if triple[1] in LOOKED_UP)

# The shapes' queries are the same for each record; to parse them anew for each takes ten times as long.
query, prepared = SPARQLProcessor.query, lru_cache(None)(prepareQuery)
SPARQLProcessor.query = lambda self, text, *more, **named: query(self, prepared(text), *more, **named)

def judge(path):
    """Whether a record conforms, and what is wrong with it."""
    rdflib.NORMALIZE_LITERALS = False  # a literal is judged as it is written; the validator sets this back
    data = Graph().parse(path, format="turtle") + CODES
    try:
        conforms, _, text = validate(data, shacl_graph=SHAPES, inplace=True)
    except TypeError as error:  # two times that cannot be compared: to the standard a violation, to the validator an error
        conforms, text = False, str(error)
    return conforms, text

def check(folder, expected):
    files, wrong = sorted((HERE / "samples" / folder).glob("*.ttl")), 0
    for path in files:
        conforms, text = judge(path)
        if conforms != expected:
            wrong += 1
            print(f"{path.relative_to(HERE)}: {'conforms, and should not' if conforms else text}")
    print(f"{len(files)} {folder} samples, {wrong} judged otherwise")
    return bool(files) and not wrong

if sys.argv[1:]:
    found = [judge(Path(name)) for name in sys.argv[1:]]
    print(*(text for _, text in found), sep="\n")
    sys.exit(not all(conforms for conforms, _ in found))
sys.exit(not all([check("good", True), check("spoilt", False)]))
