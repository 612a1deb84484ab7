// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs every walk, then looks at every page at both widths: nothing axe-core objects to, nothing wider than the window, nothing asked of
// another host, at most 150 kB before the map. `node run.mjs [PART OF A NAME]`; PES names the program, PES_CHROMIUM the browser.
import { SIZES, person, signIn, village, violations } from './village.mjs';
import { agenda } from './agenda.mjs';
import { files } from './files.mjs';
import { finding } from './finding.mjs';
import { settings } from './settings.mjs';
import { sharing } from './sharing.mjs';
import { walks } from './walks.mjs';

const LIGHT = 150_000;
// Pages of a visitor, of somebody who is signed in, and of the team.
const PAGES = {
  '': ['/', '/structures', '/structures?departement=06&lieu=Nice', '/structures?lieu=Saint-Aubin', '/recherche?q=marmite', '/recherche?q=zzzzzzz',
    '/annonces', '/emplois', '/appels', '/agenda', '/agenda?quand=mois', '/agenda?du=demain', '/annonces?depuis=mois&ailleurs=on', '/actualites', '/produits', '/ressources', '/connexion', '/inscription', '/territoire/department/06', '/territoire/region/93', '/territoire/epci/200030195', '/tag/velo', '/rien', '/code/skill'],
  'jeanne@mesclun.example': ['/mon-espace', '/mes-avis', ...['structure', 'annonce', 'emploi', 'appel', 'evenement', 'actualite', 'produit', 'ressource', 'lien'].map(
    (kind) => `/nouveau/${kind}`)],
  'animation@mesclun.example': ['/reseau', '/reseau/a-relire', '/reseau/personnes', '/reseau/signalements', '/reseau/reprise', '/reseau/importer', '/reseau/deplacements',
    '/reseau/doublons', '/reseau/doublons?vue=distinguees', '/reseau/accueil', '/reseau/mots'],
};
// What these addresses answer on purpose; the browser notes it as a fault.
const ANSWERS = { '/rien': '404', '/structures?lieu=Saint-Aubin': '422' };
// The first record of each of these lists is looked at too.
const RECORDS = ['/structures', '/annonces', '/emplois', '/appels', '/agenda', '/actualites', '/produits', '/ressources'];

const wanted = process.argv[2] ?? '';
const failed = [];
let passed = 0;

async function check(name, work) {
  if (!name.includes(wanted)) return;
  try {
    await work();
    passed += 1;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed.push(name);
    console.log(`FAILED  ${name}\n        ${String(error.message ?? error).split('\n').slice(0, 8).join('\n        ')}`);
  }
}

async function look({ context, page, faults }, path) {
  faults.length = 0;
  const answer = await page.goto(path);
  const bytes = (await answer.body()).length;
  await page.waitForLoadState('networkidle');
  const objections = await violations(context, page);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wider > 0) objections.push(`${wider} px wider than the window`);
  if (bytes > LIGHT) objections.push(`${bytes} bytes`);
  objections.push(...faults.filter((fault) => !(path in ANSWERS && fault.includes(`status of ${ANSWERS[path]}`))));
  if (objections.length) throw new Error(objections.join('\n'));
}

const place = await village();
try {
  for (const [name, walk] of Object.entries({ ...walks, ...finding, ...sharing, ...agenda, ...settings, ...files })) await check(name, () => walk(place));
  for (const size of SIZES) {
    for (const [email, paths] of Object.entries(PAGES)) {
      const someone = await person(place, place.site.mesclun, { size });
      if (email) await signIn(someone.page, email);
      for (const path of paths) await check(`${path} at ${size.width} px${email && ` for ${email}`}`, () => look(someone, path));
      if (!email) {
        for (const list of RECORDS) {
          await someone.page.goto(list);
          const href = await someone.page.locator('h3 a').first().getAttribute('href', { timeout: 2000 }).catch(() => null);
          if (href) await check(`a record of ${list} at ${size.width} px`, () => look(someone, href));
          if (href && list === '/structures') await check(`reporting a record at ${size.width} px`, () => look(someone, `${href}/signaler`));
        }
      }
      await someone.context.close();
    }
  }
} finally {
  await place.end();
}
console.log(`${passed} passed, ${failed.length} failed`);
process.exit(failed.length ? 1 : 0);
