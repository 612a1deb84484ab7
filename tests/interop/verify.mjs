// SPDX-License-Identifier: AGPL-3.0-or-later
// Verifies change-sets with Digital Bazaar's implementation of W3C Data Integrity: it must take what we signed, refuse
// what was altered, and turn the JSON-LD into the very text that was signed. No network.
//
//   node tests/interop/verify.mjs [FILE …]
import {readFileSync} from 'node:fs';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import diContext from '@digitalbazaar/data-integrity-context';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import jsigs from 'jsonld-signatures';
import jsonld from 'jsonld';

const vectors = new URL('../../docs/vectors/', import.meta.url);

function loaderFor(document) {
  const method = document.proof.verificationMethod;
  const controller = method.split('#')[0];
  const key = {
    '@context': 'https://w3id.org/security/multikey/v1', id: method, type: 'Multikey', controller,
    publicKeyMultibase: method.split('#')[1]
  };
  const known = new Map([
    [diContext.constants.CONTEXT_URL ?? 'https://w3id.org/security/data-integrity/v2', diContext.contexts.get('https://w3id.org/security/data-integrity/v2')],
    [method, key],
    [controller, {'@context': 'https://w3id.org/security/v2', id: controller, assertionMethod: [key]}]
  ]);
  return async url => {
    if(!known.has(url)) throw new Error(`not to be fetched: ${url}`);
    return {contextUrl: null, documentUrl: url, document: structuredClone(known.get(url))};
  };
}

/** Whether the implementation takes a document; `by` is the document whose key it is held against. */
async function isTaken(document, by = document) {
  const suite = new DataIntegrityProof({cryptosuite});
  const purpose = new jsigs.purposes.AssertionProofPurpose({
    controller: {'@context': 'https://w3id.org/security/v2', id: by.proof.verificationMethod.split('#')[0], assertionMethod: [by.proof.verificationMethod]}
  });
  const result = await jsigs.verify(structuredClone(document), {suite, purpose, documentLoader: loaderFor(by)});
  if(!result.verified && process.env.DEBUG) console.error(JSON.stringify(result.error, null, 1));
  return result.verified;
}

const quads = async document => {
  const text = await jsonld.canonize(document, {algorithm: 'RDFC-1.0', format: 'application/n-quads', documentLoader: loaderFor({...document, proof}), safe: true});
  return text;
};

let verified = 0, refused = 0, proof;
const files = process.argv.slice(2);
const given = files.length ? files : [new URL('upsert.jsonld', vectors)];
for(const file of given) {
  const document = JSON.parse(readFileSync(file, 'utf8'));
  if(!await isTaken(document)) throw new Error(`${file} does not verify`);
  verified++;
  const altered = [{...document, 'https://w3id.org/pes/ns#added': 'x'}];
  for(const [name, value] of Object.entries(document)) {
    if(typeof value === 'string' && name !== 'id') altered.push({...document, [name]: name === 'type' ? 'https://w3id.org/pes/ns#Other' : `${value}0`});
  }
  const value = document.proof.proofValue;
  altered.push({...document, proof: {...document.proof, proofValue: value.slice(0, -1) + (value.endsWith('2') ? '3' : '2')}});
  altered.push({...document, proof: {...document.proof, created: '2026-11-23T22:27:59Z'}});
  for(const one of altered) {
    if(await isTaken(one, document).catch(() => false)) throw new Error(`taken though altered: ${JSON.stringify(one)}`);
    refused++;
  }
}

// The JSON-LD is the signed text again: the header, and the proof's options.
if(!files.length) {
  const {proof: whole, ...header} = JSON.parse(readFileSync(given[0], 'utf8'));
  const {proofValue, ...options} = whole;
  proof = whole;
  const [document, proofOptions] = readFileSync(new URL('upsert.txt', vectors), 'utf8').split('\n\n');
  if(await quads(header) !== `${document}\n`) throw new Error('the header is another in RDF');
  if(await quads({'@context': header['@context'], ...options}) !== `${proofOptions}\n`) throw new Error('the proof options are others in RDF');
}
console.log(`${verified} verified, ${refused} refused as they should be`);
