#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Check the code lists of this folder (pip install rdflib); exit 1 on any fault."""
import re, sys, unicodedata
from collections import defaultdict
from pathlib import Path
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, SKOS

BASE = "https://w3id.org/pes/code/"
APPLIES = URIRef("https://w3id.org/pes/ns#appliesTo")
WORDS = {"skill": (2, 8), "sector": (2, 8), "category": (1, 8), "label": (1, 8)}  # how many altLabels a concept of the list has
SETTLED = {  # the lists whose notations are settled: these, no more, no fewer
    "accord-answer": "confirms declines is-the-same takes-part",
    "event-state": "cancelled planned postponed",
    "project-stage": "being-set-up ended idea launched seeking-partners",
    "reach": "departmental international local national regional",
    "relation-kind": "financial-support member-of member-of-network occasional-supplier partner regular-supplier "
                     "technical-support",
    "target-public": "associations companies individuals public-bodies",
}
faults, ambiguous, applies, concepts = [], [], [], set()

def fold(text):
    text = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("’", "'"))
    return " ".join("".join(c for c in text if not unicodedata.combining(c)).split())

def check(path):
    name, scheme = path.stem, URIRef(BASE + path.stem)
    def ensure(good, node, why):
        good or faults.append(f"{path.name}: {str(node).removeprefix(BASE)}: {why}")
    def one_each(node, prop):
        languages = sorted(getattr(o, "language", None) or "" for o in graph.objects(node, prop))
        ensure(languages == ["en", "fr"], node, f"{prop.rsplit('/')[-1]}: not one @fr and one @en")
    head = path.read_text("utf-8").startswith("# SPDX-License-Identifier: AGPL-3.0-or-later\n# ")
    ensure(head, name, "no licence line and comment at the top")
    try:
        graph = Graph().parse(path, format="turtle")
    except Exception as error:
        return ensure(False, name, f"does not parse: {error}")
    ensure([*graph.subjects(RDF.type, SKOS.ConceptScheme)] == [scheme], scheme, "not the one scheme of the file")
    one_each(scheme, DCTERMS.title), one_each(scheme, DCTERMS.description)
    ensure(not any(isinstance(term, BNode) for triple in graph for term in triple), name, "blank node")
    members = set(graph.subjects(RDF.type, SKOS.Concept))
    ensure(set(graph.subjects()) == members | {scheme}, name, "a subject that is no concept")
    concepts.update(members)
    slugs = " ".join(sorted(node.removeprefix(f"{BASE}{name}/") for node in members))
    ensure(slugs == SETTLED.get(name, slugs), name, f"not the settled notations: {SETTLED.get(name)}")
    labels, words, deepest = defaultdict(list), defaultdict(list), 0
    for node in sorted(members):
        slug = node.removeprefix(f"{BASE}{name}/")
        notations = [*graph.objects(node, SKOS.notation)]
        plain = [n for n in notations if not n.datatype] == [Literal(slug)]
        ensure(plain and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug), node, "plain notation is not the slug of the IRI")
        ensure([*graph.objects(node, SKOS.inScheme)] == [scheme], node, "not in its scheme alone")
        one_each(node, SKOS.prefLabel)
        pref, alt = [*graph.objects(node, SKOS.prefLabel)], [*graph.objects(node, SKOS.altLabel)]
        low, high = WORDS.get(name, (0, 99))
        ensure(low <= len(alt) <= high, node, f"{len(alt)} altLabels, wanted {low} to {high}")
        ensure(all(label.language == "fr" for label in alt), node, "altLabel: not @fr")
        said = [fold(label) for label in alt + [label for label in pref if label.language == "fr"]]
        ensure(len(said) == len(set(said)), node, "an altLabel says a label of the concept again")
        for key in [(label.language, fold(label)) for label in pref] + notations:
            labels[key].append(node)
        for word in said:
            words[word].append(slug)
        up, depth = node, 1
        while (parents := [*graph.objects(up, SKOS.broader)]) and depth <= 3:
            ensure(len(parents) == 1 and parents[0] in members, node, "broader: several, or not in the scheme")
            up, depth = parents[0], depth + 1
        ensure(depth <= 3, node, "broader: a cycle, or deeper than 3")
        ensure(((node, SKOS.topConceptOf, scheme) in graph) == (depth == 1), node, "topConceptOf against broader")
        deepest = max(deepest, depth)
    for key, nodes in labels.items():
        ensure(len(nodes) == 1, nodes[0], f"{key} used by {len(nodes)} concepts")
    ambiguous.extend(f"  {name}: {word}: {', '.join(at)}" for word, at in words.items() if len(at) > 1)
    applies.extend(graph.subject_objects(APPLIES))
    tops, total = len([*graph.subjects(SKOS.topConceptOf, scheme)]), len(members)
    print(f"{name:18} {total:4} concepts, {tops:3} top, {deepest} deep, {len(words) - total:5} altLabels")

files = sorted(Path(__file__).parent.glob("*.ttl"))
for file in files:
    check(file)
faults += [f"{name}.ttl: is missing" for name in sorted({*WORDS, *SETTLED} - {file.stem for file in files})]
faults += [f"{node}: appliesTo {target} does not exist" for node, target in applies if target not in concepts]
print(f"{len(concepts)} concepts, {len(ambiguous)} words that lead to several concepts of a list", *ambiguous, sep="\n")
print(*faults, f"{len(faults)} faults", sep="\n")
sys.exit(bool(faults))
