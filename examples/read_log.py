# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a log of PES and checks all of it, from docs/PROTOCOL.md alone.

    python3 examples/read_log.py LOCATION [CHANNEL]      LOCATION: a folder such as docs/vectors, or a node's origin
    python3 examples/read_log.py --self-test             alters the vectors in many places and wants each refused

It proves that every change-set was signed by the node whose first key event lies beside it, that none is missing, added or
moved, and that each payload is what was committed to. It does not prove that this node-id is the network's: compare it with what
/.well-known/pes says there. It reads epoch 1 of a node that has never exchanged its keys.
Needs Python 3.11 and the package `cryptography`.
"""
import base64, hashlib, pathlib, random, re, shutil, sys, tempfile, urllib.request

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PES, XSD, SEC = "https://w3id.org/pes/ns#", "http://www.w3.org/2001/XMLSchema#", "https://w3id.org/security#"
RDF_TYPE, CREATED = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://purl.org/dc/terms/created"
IRI = r'<([A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*)>'
LINE = re.compile(IRI + " " + IRI + r' (?:' + IRI + r'|("(?:[^"\\\n\r]|\\.)*")(?:\^\^' + IRI + r"|@([a-z]{1,8}(?:-[a-z0-9]{1,8})*))?) \.")
ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}

class Refused(Exception):
    """A sentence that says what is wrong."""

def want(condition, why):
    if not condition: raise Refused(why)

def base58(text):
    alphabet, number = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", 0
    want(set(text) <= set(alphabet), "not base58")
    for character in text:
        number = number * 58 + alphabet.index(character)
    return b"\0" * (len(text) - len(text.lstrip("1"))) + number.to_bytes((number.bit_length() + 7) // 8, "big")

def multibase(text, prefix, length):
    want(text[:1] == "z", "not multibase")
    data = base58(text[1:])
    want(data[: len(prefix)] == prefix and len(data) == len(prefix) + length, "not of the expected kind")
    return data[len(prefix):]

def verify(key, signature, message, what):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        raise Refused(f"the signature on {what} does not verify")

def unescape(literal):
    text = re.sub(r"\\(u[0-9A-F]{4}|.)", lambda m: ESCAPES.get(m[1]) or chr(int(m[1][1:], 16)), literal[1:-1])
    back = {v: "\\" + k for k, v in ESCAPES.items()}
    again = "".join(back.get(c) or (f"\\u{ord(c):04X}" if c < " " or c == "\x7f" else c) for c in text)
    want(f'"{again}"' == literal, "a literal is not escaped in the canonical way")
    return text

def statements(text, what):
    """The statements of canonical N-Triples: (subject, predicate, value, datatype or None for a link)."""
    want(text.endswith("\n"), f"{what}: the last line has no end")
    lines, found = text[:-1].split("\n"), []
    want(all(a.encode() < b.encode() for a, b in zip(lines, lines[1:])), f"{what}: lines out of order")
    for line in lines:
        match = LINE.fullmatch(line)
        want(match, f"{what}: not a canonical line: {line[:80]}")
        subject, predicate, link, literal, datatype, language = match.groups()
        want(datatype != XSD + "string", f"{what}: xsd:string is not written")
        found.append((subject, predicate, link or unescape(literal), None if link else language or datatype or ""))
    return found

class ChangeSet:
    def __init__(self, text):
        parts = text.split("\n\n")
        want(len(parts) == 3 and len(text.encode()) <= 8192 and len(parts[0]) < 4096, "a change-set has three parts")
        self.text, (self.header, self.options) = text, (part + "\n" for part in parts[:2])
        found = statements(self.header, "header")
        self.iri = found[0][0]
        want(all(subject == self.iri for subject, *_ in found), "the header speaks of another thing")
        self.said = {predicate: (value, kind) for _, predicate, value, kind in found if predicate != PES + "prefix"}
        self.prefixes = [value for _, predicate, value, _ in found if predicate == PES + "prefix"]
        self.origin, self.channel, self.epoch, self.seq = re.fullmatch(r"(https?://[^/]+)/log/([a-z]+)/([1-9]\d*)/(0|[1-9]\d*)", self.iri).groups()
        self.log = f"{self.origin.split('://')[1]}/log/{self.channel}/{self.epoch}"
        for name, value, kind in [("log", self.log, ""), ("epoch", self.epoch, XSD + "integer"), ("seq", self.seq, XSD + "integer"), ("protocol", "1", XSD + "integer")]:
            want(self.said.get(PES + name) == (value, kind), f"{self.iri}: pes:{name} does not fit the IRI")
        method, created = self.options.rsplit("<", 1)[1][:-4], self.options.split('"')[1]
        proof = f"<{self.iri}#proof> "
        want(self.options == f'{proof}<{CREATED}> "{created}"^^<{XSD}dateTime> .\n{proof}<{RDF_TYPE}> <{SEC}DataIntegrityProof> .\n'
             f'{proof}<{SEC}cryptosuite> "eddsa-rdfc-2022"^^<{SEC}cryptosuiteString> .\n{proof}<{SEC}proofPurpose> <{SEC}assertionMethod> .\n'
             f"{proof}<{SEC}verificationMethod> <{method}> .\n", f"{self.iri}: proof options")
        want(method.startswith(self.origin + "/node#"), f"{self.iri}: the key is not one of its node")
        self.key, self.value = method.split("#")[1], parts[2].rstrip("\n")

    def get(self, name):
        return self.said.get(PES + name, (None, None))[0]

    def verify(self, key):
        want(self.key == key, f"{self.iri}: signed by {self.key}, not by {key}")
        data = hashlib.sha256(self.options.encode()).digest() + hashlib.sha256(self.header.encode()).digest()
        verify(multibase(key, b"\xed\x01", 32), multibase(self.value, b"", 64), data, self.iri)

    def check_payload(self, payload):
        record, digest = self.get("record"), multibase(self.get("commitment") or "", b"\x12\x20", 32)
        want(len(payload) == int(self.get("payloadLength")) and hashlib.sha256(payload).digest() == digest, f"{self.iri}: the payload is another")
        found = statements(payload.decode(), f"payload of {self.iri}")
        want(all(s == record or s.startswith(record + "#") for s, *_ in found), f"{self.iri}: the payload speaks of another record")
        salts = [value for s, p, value, _ in found if p == PES + "salt" and s == record]
        want(len(salts) == 1 and re.fullmatch("[0-9a-f]{32}", salts[0]), f"{self.iri}: no salt")

def fetch(location, path):
    if not location.startswith("http"):
        return (pathlib.Path(location) / path).read_bytes()
    with urllib.request.urlopen(f"{location}/{path}", timeout=30) as answer:
        want(answer.url == f"{location}/{path}", "redirected")
        return answer.read(32 << 20)

def frames(data, width):
    while data:
        length = int.from_bytes(data[:width], "big")
        want(len(data) >= width + length, "a bundle ends within a frame")
        yield data[width: width + length]
        data = data[width + length:]

def root(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root(leaves[:middle]) + root(leaves[middle:])).digest()

def checkpoint(note, key):
    text, signatures = note.rsplit("\n\n", 1)
    log, size, digest = text.split("\n")[:3]
    raw = multibase(key, b"\xed\x01", 32)
    key_id = hashlib.sha256(log.encode() + b"\n\1" + raw).digest()[:4]
    for line in signatures.splitlines():
        dash, name, value = line.split(" ")
        data = base64.b64decode(value, validate=True)
        if (dash, name, data[:4]) == ("—", log, key_id):
            verify(raw, data[4:], (text + "\n").encode(), f"the head of {log}")
            return log, int(size), base64.b64decode(digest, validate=True)
    raise Refused(f"the head of {log} is not signed by its node")

def read_log(location, channel, key, log_key):
    log, size, wanted = checkpoint(fetch(location, f"log/{channel}/1/checkpoint").decode(), log_key)
    entries, payloads = [], []
    for first in range(0, size, 256):
        width, digits = min(256, size - first), f"{first // 256:03}"
        path = "/".join([f"x{digits[i:i + 3]}" for i in range(0, len(digits) - 3, 3)] + [digits[-3:]]) + (f".p/{width}" if width < 256 else "")
        entries += frames(fetch(location, f"log/{channel}/1/tile/entries/{path}"), 2)
        if channel != "keys":
            payloads += frames(fetch(location, f"log/{channel}/1/payloads/{path}"), 4)
    want(len(entries) == size and (channel == "keys" or len(payloads) == size), f"{log}: not as many change-sets as its head says")
    want(root([hashlib.sha256(b"\0" + entry).digest() for entry in entries]) == wanted, f"{log}: another root than its head says")
    for seq, entry in enumerate(entries):
        change_set = ChangeSet(entry.decode())
        want((change_set.log, int(change_set.seq)) == (log, seq), f"{change_set.iri} stands at {seq} of {log}")
        change_set.verify(key)
        payload = payloads[seq] if payloads else b""
        if payload:
            change_set.check_payload(payload)
        yield change_set, payload

def digest_of(change_sets):
    state = {}
    for one in change_sets:
        record, operation = one.get("record"), one.get("operation")
        if record and not state.get(record, ("",))[0].endswith("#Delete"):
            state[record] = (operation, f"{record} {one.channel} {one.epoch} {one.seq} {operation} {one.get('commitment') or '-'}\n")
    return hashlib.sha256("".join(sorted(line for _, line in state.values())).encode()).hexdigest()

def check(location, channel="public", say=print):
    genesis = ChangeSet(next(frames(fetch(location, "log/keys/1/tile/entries/000.p/1"), 2)).decode())
    genesis.verify(genesis.get("rootKey"))
    list(read_log(location, "keys", genesis.get("rootKey"), genesis.get("logKey")))
    say(f"node-id {hashlib.sha256(genesis.text.encode()).hexdigest()}")
    found = list(read_log(location, channel, genesis.get("logKey"), genesis.get("logKey")))
    for one, payload in found:
        say(f"{one.seq} {one.get('operation').split('#')[1]} {one.get('record')} payload {'ok' if payload else 'none'}")
    say(f"{len(found)} change-sets verified, state digest {digest_of(one for one, _ in found)}")

def self_test(vectors, seed=2026):
    dice, files = random.Random(seed), ["log/public/1/tile/entries/000.p/5", "log/public/1/payloads/000.p/5", "log/public/1/checkpoint", "log/keys/1/tile/entries/000.p/1"]
    for number in range(200):
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "vectors"
            shutil.copytree(vectors, copy)
            data = bytearray((copy / files[number % 4]).read_bytes())
            bit = dice.randrange(len(data) * 8)
            data[bit // 8] ^= 1 << bit % 8
            (copy / files[number % 4]).write_bytes(data)
            try:
                check(str(copy), say=lambda _: None)
            except (Refused, ValueError, KeyError, AttributeError, TypeError, IndexError):
                continue
            raise SystemExit(f"bit {bit} of {files[number % 4]} was altered and not found (seed {seed})")
    print(f"200 altered copies refused (seed {seed})")

if __name__ == "__main__":
    if sys.argv[1:2] in ([], ["-h"], ["--help"]): sys.exit(print(__doc__) if sys.argv[1:] else __doc__)
    here = pathlib.Path(__file__).parent.parent / "docs" / "vectors"
    try:
        self_test(here) if sys.argv[1:] == ["--self-test"] else check(*sys.argv[1:3])
    except (Refused, OSError, ValueError, AttributeError) as refused:
        sys.exit(f"refused: {refused}")
