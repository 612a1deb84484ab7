#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes duplicates-noise.csv: pairs of structures that are one, spoilt in one way each, and pairs that only look alike.

The structures are invented, the communes are real, the telephone numbers are of the ranges that ARCEP keeps for fiction,
the addresses on the web end in .example, the SIREN begin with 00 and the RNA numbers with W99, which nobody has.
The same seed gives the same bytes.  docs/JUDGING.md says the columns.

    python3 tests/judged/make_noise.py            writes the file anew
    python3 tests/judged/make_noise.py --check    says whether it is what would be written
    python3 tests/judged/make_noise.py --seed X   prints other pairs of the same kinds
"""

import argparse
import csv
import hashlib
import io
import math
import sys
import unicodedata
from pathlib import Path

SEED = "judged-1"
EACH = 15
FILE = Path(__file__).with_name("duplicates-noise.csv")
FIELDS = (
    "name legal-name acronym siret siren rna commune postcode street phone email web legal-form latitude longitude"
).split()

# Town, its postcodes, latitude, longitude; a commune beside it, postcode, latitude, longitude.
TOWNS = [
    line.split(";")
    for line in """\
Vence;06140;43.7225;7.1118;Saint-Paul-de-Vence;06570;43.7000;7.1167
Grasse;06130,06520;43.6578;6.9254;Peymeinade;06530;43.6424;6.8758
Manosque;04100;43.8288;5.7869;Pierrevert;04860;43.8114;5.7496
Gap;05000;44.5586;6.0787;La Bâtie-Neuve;05230;44.5668;6.1959
Arles;13104,13123;43.6768;4.6303;Fontvieille;13990;43.7281;4.7095
Aubagne;13400;43.2928;5.5707;Carnoux-en-Provence;13470;43.2564;5.5644
Draguignan;83300;43.5369;6.4646;Trans-en-Provence;83720;43.5033;6.4864
Apt;84400;43.8764;5.3963;Saint-Saturnin-lès-Apt;84490;43.9333;5.3833
Avignon;84000,84140;43.9483;4.8089;Villeneuve-lès-Avignon;30400;43.9684;4.7963
Nîmes;30000,30900;43.8338;4.3596;Caissargues;30132;43.7951;4.3796
Millau;12100;44.0977;3.0778;Creissels;12100;44.0859;3.0607
Albi;81000;43.9298;2.1480;Le Sequestre;81990;43.9108;2.1180
Foix;09000;42.9605;1.6079;Varilhes;09120;43.0451;1.6280
Perpignan;66000,66100;42.6976;2.8954;Cabestany;66330;42.6813;2.9412
Auch;32000;43.6454;0.5879;Pavie;32550;43.6097;0.5914
Bayonne;64100;43.4932;-1.4730;Saint-Pierre-d'Irube;64990;43.4739;-1.4526
Dax;40100;43.7103;-1.0537;Saint-Paul-lès-Dax;40990;43.7257;-1.0528
Périgueux;24000;45.1869;0.7144;Champcevinel;24750;45.2158;0.7256
Limoges;87000,87100;45.8336;1.2476;Isle;87170;45.8046;1.2262
Guéret;23000;46.1718;1.8717;Saint-Sulpice-le-Guérétois;23000;46.2003;1.8287
Poitiers;86000;46.5826;0.3435;Biard;86580;46.5773;0.3055
Niort;79000;46.3231;-0.4588;Bessines;79000;46.3021;-0.5163
Nantes;44000,44100;47.2172;-1.5534;Saint-Sébastien-sur-Loire;44230;47.2077;-1.5033
Vannes;56000;47.6579;-2.7557;Saint-Avé;56890;47.6908;-2.7465
Quimper;29000;48.0000;-4.1000;Ergué-Gabéric;29500;47.9956;-4.0222
Guingamp;22200;48.5625;-3.1510;Ploumagoar;22970;48.5451;-3.1323
Rennes;35000,35200;48.1120;-1.6743;Chantepie;35135;48.0889;-1.6152
Laval;53000;48.0732;-0.7634;Bonchamp-lès-Laval;53960;48.0736;-0.7000
Caen;14000;49.1859;-0.3591;Saint-Germain-la-Blanche-Herbe;14280;49.1833;-0.4043
Rouen;76000,76100;49.4431;1.0993;Bihorel;76420;49.4547;1.1223
Amiens;80000,80080;49.9000;2.3000;Rivery;80136;49.9033;2.3224
Lille;59000,59160;50.6330;3.0586;La Madeleine;59110;50.6460;3.0758
Laon;02000;49.5631;3.6271;Athies-sous-Laon;02840;49.5737;3.6842
Reims;51100;49.2653;4.0285;Bétheny;51450;49.2850;4.0549
Épinal;88000;48.1832;6.4530;Chantraine;88000;48.1716;6.4354
Mulhouse;68100,68200;47.7520;7.3287;Pfastatt;68120;47.7692;7.3030
Besançon;25000;47.2488;6.0182;École-Valentin;25480;47.2667;5.9833
Dijon;21000;47.3167;5.0167;Talant;21240;47.3369;5.0089
Bourges;18000;47.0833;2.4000;Saint-Doulchard;18230;47.1037;2.3520
Tours;37000,37100;47.3948;0.7040;La Riche;37520;47.3900;0.6707
Annecy;74000,74370;45.9088;6.1257;Epagny Metz-Tessy;74330;45.9358;6.0830
Grenoble;38000,38100;45.1787;5.7148;Seyssinet-Pariset;38170;45.1767;5.6939
Crest;26400;44.7264;5.0152;Aouste-sur-Sye;26400;44.7181;5.0542
Roanne;42300;46.0362;4.0680;Riorges;42153;46.0438;4.0426
Thiers;63300;45.8565;3.5476;La Monnerie-le-Montel;63650;45.8711;3.6011
Aurillac;15000;44.9254;2.4398;Arpajon-sur-Cère;15130;44.9039;2.4566""".split("\n")
]

HEADS = (
    "L’Atelier|La Fabrique|Le Jardin|L’Épicerie|La Recyclerie|La Maison|Le Café|La Compagnie|La Ferme|Le Tiers-lieu|"
    "La Ressourcerie|La Crèche|La Halle|Le Fournil|Le Garage solidaire|La Librairie|Le Verger|La Conserverie|"
    "La Ludothèque|Le Théâtre|La Brasserie|Le Chantier|La Bergerie|L’École buissonnière"
).split("|")
# What a name goes on with, and the same with one word that makes it another name.
TAILS = [
    pair.split("/")
    for pair in (
        "du Héron bleu/du Héron gris|des Trois Loriots/des Trois Moineaux|de la Dent creuse/de la Dent blanche|"
        "des Mille Écorces/des Mille Fougères|du Vieux Sémaphore/du Petit Sémaphore|de l’Alambic rouge/de l’Alambic vert|"
        "des Quatre Bises/des Quatre Rosées|du Renard pêcheur/du Renard dormeur|de la Combe aux Fées/de la Combe aux Loups|"
        "des Sabots légers/des Sabots ferrés|du Grand Saint-Aubrin/du Grand Saint-Ermel|de Sainte-Clarette/de Sainte-Mélise|"
        "des Cerisiers tordus/des Pruniers tordus|du Moulin d’Esquive/du Lavoir d’Esquive|de la Lune rousse/de la Lune pleine|"
        "des Châtaignes bavardes/des Noisettes bavardes|du Puits sans corde/du Pont sans corde|de l’Étoile filée/de l’Aiguille filée|"
        "des Hautes Passerelles/des Basses Passerelles|du Bélier têtu/du Mulet têtu|de la Nacelle jaune/de la Péniche jaune|"
        "des Hirondelles tardives/des Cigognes tardives|du Clos Malaquais/du Bois Malaquais|de la Bobine à vapeur/de la Bêche à vapeur"
    ).split("|")
]
# Longer names, of which people use the initials: each initial with two words.
FIRST = {"R": ["Réseau", "Regroupement"], "C": ["Collectif", "Comité"], "G": ["Groupement", "Groupe"]}
ACTS = {
    "E": ["Entraide", "Éducation"],
    "F": ["Formation", "Fabrication"],
    "P": ["Partage", "Patrimoine"],
    "M": ["Mobilité", "Musique"],
    "I": ["Insertion", "Initiatives"],
    "H": ["Habitat", "Handicap"],
    "S": ["Solidarité", "Sport"],
    "T": ["Transmission", "Transition"],
}
LANDS = {
    "V": ["du Val d’Ombelle", "des Versants d’Ovière"],
    "P": ["du Pays des Grives", "des Plateaux de Gisance"],
    "B": ["du Bas-Merlon", "des Bords de Morelle"],
    "M": ["du Mont Tirelle", "des Marais de Toubet"],
}
STREETS = (
    "rue du Lavoir|place de la Halle|chemin des Écoles|rue des Tanneurs|avenue de la Gare|impasse du Four|rue du Pont Neuf|"
    "boulevard des Platanes|rue Sainte-Anne|quai des Bateliers|allée des Tilleuls|rue du Général-Moulin"
).split("|")
PHONES = ["019900", "026191", "035301", "046571", "053649", "063998"]
FORMS = ["declared-association", "scic-sas", "scop-sarl", "sas", "informal", ""]


class Dice:
    """The same throws for the same seed, on every Python."""

    def __init__(self, seed):
        self.seed, self.thrown = seed, 0

    def below(self, bound):
        self.thrown += 1
        digest = hashlib.sha256(f"{self.seed}:{self.thrown}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % bound

    def of(self, things):
        return things[self.below(len(things))]

    def two(self, things):
        at = self.below(len(things))
        return things[at], things[(at + 1 + self.below(len(things) - 1)) % len(things)]

    def happens(self, percent):
        return self.below(100) < percent


def plain(text):
    """Without accents."""
    text = text.replace("œ", "oe").replace("Œ", "OE")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def slug(text):
    return "-".join("".join(c if c.isalnum() else " " for c in plain(text).lower()).split())


def luhn(digits):
    """The digit that makes a number pass Luhn's rule."""
    total = sum(sum(divmod(int(d) * (2 if at % 2 == 0 else 1), 10)) for at, d in enumerate(reversed(digits)))
    return str(-total % 10)


def apart(one, other):
    """Kilometres between two points."""
    (a, b), (c, d) = (map(math.radians, one), map(math.radians, other))
    chord = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(chord))


def point(town):
    return float(town[2]), float(town[3])


def far(dice, town):
    """A town at least 150 km away."""
    return dice.of([other for other in TOWNS if apart(point(town), point(other)) >= 150])


def near(dice, town):
    """One of the five nearest other towns."""
    others = sorted((other for other in TOWNS if other is not town), key=lambda other: apart(point(town), point(other)))
    return dice.of(others[:5])


def beside(town):
    """The neighbouring commune, as a town of its own."""
    return town[4:8]


def contracted(place):
    """"de" before a commune."""
    if place.startswith("Le "):
        return "du " + place[3:]
    return ("d’" if plain(place)[0] in "AEIOUY" else "de ") + place


class Maker:
    def __init__(self, seed):
        self.dice, self.used = Dice(seed), set()

    def siren(self):
        digits = "00" + f"{self.dice.below(1_000_000):06d}"
        return digits + luhn(digits)

    def siret(self, siren):
        digits = siren + f"{self.dice.below(30) + 1:04d}"
        return digits + luhn(digits)

    def rna(self):
        return f"W99{self.dice.below(10_000_000):07d}"

    def phone(self):
        digits = self.dice.of(PHONES) + f"{self.dice.below(10_000):04d}"
        return " ".join(digits[at : at + 2] for at in range(0, 10, 2))

    def street(self):
        return f"{self.dice.below(90) + 1} {self.dice.of(STREETS)}"

    def name(self):
        """A name not used before, as its beginning and its tail."""
        while True:
            head, tail = self.dice.of(HEADS), self.dice.of(TAILS)
            if (head, tail[0]) not in self.used:
                self.used.add((head, tail[0]))
                return head, tail

    def long_name(self):
        """A long name, its initials, and another name with the same initials."""
        first, land = self.dice.of(sorted(FIRST)), self.dice.of(sorted(LANDS))
        acts = self.dice.two(sorted(ACTS))
        spelt = []
        for which in (0, 1):
            words = [ACTS[act][which] for act in acts]
            spelt.append(f"{FIRST[first][which]} {words[0]} et {words[1]} {LANDS[land][which]}")
        initials = "".join(w[0] for w in spelt[0].replace("’", " ").replace("-", " ").split() if w[0].isupper())
        other = "".join(w[0] for w in spelt[1].replace("’", " ").replace("-", " ").split() if w[0].isupper())
        return (*spelt, plain(initials)) if plain(initials) == plain(other) else self.long_name()

    def structure(self, name, town):
        """A structure with all that may be known of it."""
        site = slug(name)[:40].strip("-")
        latitude, longitude = point(town)
        return {
            "name": name,
            "commune": town[0],
            "postcode": self.dice.of(town[1].split(",")),
            "street": self.street(),
            "phone": self.phone(),
            "email": f"contact@{site}.example",
            "web": f"https://{site}.example/",
            "legal-form": self.dice.of(FORMS),
            "latitude": f"{latitude + (self.dice.below(101) - 50) / 10_000:.4f}",
            "longitude": f"{longitude + (self.dice.below(101) - 50) / 10_000:.4f}",
        }

    def known(self, whole, keep=(), never=()):
        """What one list happens to know of a structure: name and commune, what is kept, and some of the rest."""
        side = dict(whole)
        known = {"postcode": 80, "street": 55, "phone": 30, "email": 30, "web": 40, "legal-form": 35}
        for field, percent in known.items():
            if field in never or (field not in keep and not self.dice.happens(percent)):
                side.pop(field, None)
        if not ("latitude" in keep or self.dice.happens(30)):
            side.pop("latitude", None), side.pop("longitude", None)
        return side

    def typed_wrong(self, text):
        """One typing error, inside a word."""
        places = [at for at in range(1, len(text) - 1) if text[at - 1 : at + 2].isalpha() and text[at] != text[at + 1]]
        at = self.dice.of(places)
        return self.dice.of(
            [
                text[:at] + text[at + 1] + text[at] + text[at + 2 :],
                text[:at] + text[at + 1 :],
                text[: at + 1] + text[at:],
                text[:at] + self.dice.of("aeimnrstu".replace(plain(text[at]).lower(), "")) + text[at + 1 :],
            ]
        )

    # Pairs that are one structure. Contacts are told by one side only, unless they are what the pair is about.

    CONTACTS = ("phone", "email", "web")

    def one(self, name=None):
        """An invented structure in some town."""
        if name is None:
            head, tail = self.name()
            name = f"{head} {tail[0]}"
        town = self.dice.of(TOWNS)
        return self.structure(name, town), town

    def one_typing_error(self):
        whole, _ = self.one()
        other = {**whole, "name": self.typed_wrong(whole["name"])}
        return self.known(whole), self.known(other, never=self.CONTACTS), "a typing error in the name, the same commune"

    def one_acronym(self):
        name, _, acronym = self.long_name()
        whole, _ = self.one(name)
        site = f"{acronym.lower()}-{slug(whole['commune'])}"
        whole |= {"email": f"contact@{site}.example", "web": f"https://{site}.example/"}
        says = self.dice.happens(50)
        other = {**whole, "name": acronym if self.dice.happens(50) else ".".join(acronym) + "."}
        why = "name and acronym, the same commune; the first " + ("tells the acronym" if says else "does not tell it")
        return self.known(whole | ({"acronym": acronym} if says else {})), self.known(other, never=self.CONTACTS), why

    def one_legal_form(self):
        whole, _ = self.one()
        bare = whole["name"]
        name, form = self.dice.of(
            [
                (f"Association {bare}", "declared-association"),
                (f"{bare} (SCIC)", "scic-sas"),
                (f"SCOP {bare}", "scop-sarl"),
                (f"{bare} - association loi 1901", "declared-association"),
                (f"{bare} SAS", "sas"),
            ]
        )
        whole["legal-form"] = form
        other = {**whole, "name": name}
        sides = [self.known(whole), self.known(other, never=self.CONTACTS)]
        return *(sides if self.dice.happens(50) else reversed(sides)), "the legal form stands in one name, the same commune"

    def one_without_accents(self):
        whole, _ = self.one()
        bare = "".join(c if c.isalnum() else " " for c in plain(whole["name"]).upper())
        other = {**whole, "name": " ".join(bare.split()), "commune": plain(whole["commune"]).upper().replace("-", " ")}
        return self.known(whole), self.known(other, never=self.CONTACTS), "capitals, accents and signs lost, the same commune"

    def one_moved_in_town(self):
        whole, town = self.one()
        there = self.structure(whole["name"], town)
        other = {**whole, **{f: there[f] for f in ("street", "postcode", "latitude", "longitude")}}
        keep = ("street", "postcode")
        return self.known(whole, keep), self.known(other, keep, self.CONTACTS), "the same name, another street of the same town"

    def one_moved_next_door(self):
        whole, town = self.one()
        there = self.structure(whole["name"], beside(town))
        places = ("commune", "street", "postcode", "latitude", "longitude")
        other = {**whole, **{f: there[f] for f in places}}
        shared = self.dice.of(self.CONTACTS)
        rest = tuple(f for f in self.CONTACTS if f != shared)
        keep = ("postcode", shared)
        return self.known(whole, keep), self.known(other, keep, rest), f"the same name and {shared}, the neighbouring commune"

    def one_abbreviated(self):
        words = [
            ("Foyer Saint-Aubrin de la Vallée", "Foyer St Aubrin de la Vallée"),
            ("École Sainte-Mélise et compagnie", "École Ste Mélise & Cie"),
            ("Association pour les jardins d’Esquive", "Asso. pour les jardins d’Esquive"),
            ("Coopérative du Grand Merlon", "Coop. du Gd Merlon"),
            ("Maison des associations de la Sonde", "MDA de la Sonde"),
            ("Centre social et culturel d’Ancelme", "CSC d’Ancelme"),
            ("Les Amis de Notre-Dame des Loriots", "Les Amis de N.-D. des Loriots"),
            ("Compagnie du Théâtre de l’Alambic", "Cie du Th. de l’Alambic"),
        ]
        full, short = self.dice.of(words)
        whole, _ = self.one(full)
        sides = [self.known(whole), self.known({**whole, "name": short}, never=self.CONTACTS)]
        return *(sides if self.dice.happens(50) else reversed(sides)), "words of the name abbreviated, the same commune"

    def one_by_its_contacts(self):
        head, tail = self.name()
        whole, _ = self.one(f"{head} {tail[0]}")
        bare = tail[0].removeprefix("des ").removeprefix("du ").removeprefix("de la ").removeprefix("de ")
        other = {**whole, "name": bare[0].upper() + bare[1:]}
        keep = self.dice.two(self.CONTACTS)
        return self.known(whole, keep), self.known(other, keep), f"half of the name; the same {keep[0]} and {keep[1]}"

    def one_otherwise_put(self):
        head, tail = self.name()
        whole, town = self.one(f"{head} {tail[0]}")
        bare = head.removeprefix("La ").removeprefix("Le ").removeprefix("L’")
        names = [
            f"{bare} {tail[0]} ({head[: len(head) - len(bare)].strip()})",
            f"{whole['name']}, gens {contracted(town[0])} et d’ailleurs",
            f"{whole['name']} : lieu ouvert",
            f"{bare} {tail[0]}",
        ]
        other = {**whole, "name": self.dice.of(names)}
        return self.known(whole), self.known(other, never=self.CONTACTS), "article or subtitle put otherwise, the same commune"

    def one_renamed(self):
        whole, town = self.one()
        head, tail = self.name()
        there = self.structure(f"{head} {tail[0]}", town)
        whole["legal-form"] = there["legal-form"] = "declared-association"
        siren, number = self.siren(), self.rna()
        if self.dice.happens(50):
            mine, theirs = {"siret": self.siret(siren)}, {"siren": siren}
            why = "renamed; the SIRET of one begins with the SIREN of the other"
        else:
            mine, theirs, why = {"rna": number}, {"rna": number.lower()}, "renamed; the same RNA number"
        return self.known(whole) | mine, self.known(there, never=self.CONTACTS) | theirs, why

    # Pairs that are two structures.

    def two_far_apart(self):
        whole, town = self.one()
        other = self.structure(whole["name"], far(self.dice, town))
        never = ("email", "web")
        return self.known(whole, ("postcode",)), self.known(other, ("postcode",), never), "the same name, far away"

    def two_of_a_brand(self):
        head, tail = self.name()
        town = self.dice.of(TOWNS)
        place = beside(town) if self.dice.happens(40) else near(self.dice, town)
        brand = f"{head} {tail[0]}"
        sides = [self.structure(f"{brand} {there[0]}", there) for there in (town, place)]
        keep, why = ("postcode",), "one brand, two communes"
        if self.dice.happens(50):
            for side in sides:
                side["web"] = f"https://{slug(brand)}.example/"
            keep, why = ("postcode", "web"), "one brand with one web site, two communes"
        return self.known(sides[0], keep, ("email",)), self.known(sides[1], keep, ("email",)), why

    def two_at_one_address(self):
        whole, town = self.one()
        other, _ = self.one()
        there = {f: whole[f] for f in ("commune", "postcode", "street", "latitude", "longitude")}
        keep = ("street", "postcode", "latitude")
        return self.known(whole, keep), self.known(other | there, keep), "two names at one address"

    def two_with_one_phone(self):
        whole, town = self.one()
        head, tail = self.name()
        other = self.structure(f"{head} {tail[0]}", town) | {"phone": whole["phone"]}
        return self.known(whole, ("phone",)), self.known(other, ("phone",)), "two names with one telephone, the same commune"

    def two_by_a_word(self):
        head, tail = self.name()
        town = self.dice.of(TOWNS)
        whole, other = (self.structure(f"{head} {end}", town) for end in tail)
        return self.known(whole), self.known(other), "one word makes another name, the same commune"

    def two_of_a_common_name(self):
        names = "Le Café associatif|La Ressourcerie|L’Épicerie solidaire|Le Repaire|La Maison commune|Les Jardins partagés"
        whole, town = self.one(self.dice.of(names.split("|")))
        place = beside(town)
        other = self.structure(whole["name"], place)
        for side in (whole, other):
            side |= {"siren": self.siren(), "legal-form": "declared-association"}
        sides = [self.known(side, ("postcode",), self.CONTACTS) for side in (whole, other)]
        return *sides, "the same common name, two SIREN, neighbouring communes"

    def two_section_and_union(self):
        _, tail = self.name()
        what = self.dice.of(["Foyers", "Jardiniers", "Amis", "Aînés", "Randonneurs"])
        town = self.dice.of(TOWNS)
        whole = self.structure(f"Union départementale des {what} {tail[0]}", town)
        other = self.structure(f"{what} {tail[0]} {contracted(town[0])}", town)
        return self.known(whole), self.known(other), "a union and its section of the town where it has its seat"

    def two_of_one_acronym(self):
        name, other_name, acronym = self.long_name()
        town = self.dice.of(TOWNS)
        sides = [self.structure(one, town) | {"acronym": acronym} for one in (name, other_name)]
        return *(self.known(side) for side in sides), "the same acronym of two names, the same commune"

    def two_side_by_side(self):
        whole, town = self.one()
        word = self.dice.of(["Services", "Production", "Développement", "Formation"])
        whole |= {"legal-form": "declared-association", "siren": self.siren()}
        other = {**whole, "name": f"{whole['name']} {word}", "legal-form": "scic-sas", "siren": self.siren()}
        other["phone"] = self.phone()
        keep = ("street", "postcode", "legal-form")
        why = "an association and the cooperative beside it: one address, two SIREN"
        return self.known(whole, keep), self.known(other, keep, ("email",)), why

    def two_in_one_house_of_the_web(self):
        whole, town = self.one()
        head, tail = self.name()
        other = self.structure(f"{head} {tail[0]}", near(self.dice, town))
        if self.dice.happens(50):
            host = f"membres-{slug(self.dice.of(TAILS)[0])}.example"
            for side in (whole, other):
                side["web"] = f"https://{host}/{slug(side['name'])}/"
            keep, why = ("web",), "two pages of one host, two names, two communes"
        else:
            whole["email"] = other["email"] = f"accueil@{slug(self.dice.of(TAILS)[0])}-gestion.example"
            keep, why = ("email",), "the e-mail of those who keep both their books, two names, two communes"
        return self.known(whole, keep), self.known(other, keep), why

    def rows(self):
        number = 0
        for expected, beginning in (("same", "one_"), ("different", "two_")):
            for kind in sorted(name for name in dir(self) if name.startswith(beginning)):
                for _ in range(EACH):
                    number += 1
                    a, b, why = getattr(self, kind)()
                    if self.dice.happens(50):
                        a, b = b, a
                    row = {"id": f"n{number:03d}", "expected": expected, "case": kind.replace("_", "-"), "why": why}
                    yield row | {f"a-{f}": a.get(f, "") for f in FIELDS} | {f"b-{f}": b.get(f, "") for f in FIELDS}


def text(seed):
    out = io.StringIO()
    columns = ["id", "expected", "case", "why", *(f"a-{f}" for f in FIELDS), *(f"b-{f}" for f in FIELDS)]
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(Maker(seed).rows())
    return out.getvalue()


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--seed", help="print the pairs of another seed")
    options.add_argument("--check", action="store_true", help="compare with the file, write nothing")
    given = options.parse_args()
    if given.seed:
        sys.stdout.write(text(given.seed))
    elif given.check:
        if not FILE.exists() or FILE.read_bytes() != text(SEED).encode():
            sys.exit(f"{FILE.name} is not what {Path(__file__).name} writes")
    else:
        FILE.write_bytes(text(SEED).encode())


if __name__ == "__main__":
    main()
