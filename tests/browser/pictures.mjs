// SPDX-License-Identifier: AGPL-3.0-or-later
// Takes the pictures of docs/pictures from a demonstration, whose data are invented: `node pictures.mjs [FOLDER]`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PASSWORD, SIZES, eventually, person, signIn, village } from './village.mjs';

const FOLDER = process.argv[2] ?? new URL('../../docs/pictures', import.meta.url).pathname;
// No picture is longer than this, in pixels.
const LONGEST = 1500;
const soon = new Date(Date.now() + 25 * 24 * 3600 * 1000).toISOString().slice(0, 7);
const PAGES = {
  '': { accueil: '/', annuaire: '/structures?lieu=Nice&rayon=50', recherche: '/recherche?q=marmite', annonces: '/annonces', agenda: `/agenda?mois=${soon}`, actualites: '/actualites', emplois: '/emplois', appels: '/appels', territoire: '/territoire/department/06' },
  'jeanne@mesclun.example': { espace: '/mon-espace', 'nouvelle-annonce': '/nouveau/annonce', avis: '/mes-avis' },
  'animation@mesclun.example': { animation: '/reseau', 'a-relire': '/reseau/a-relire', doublons: '/reseau/doublons' },
};
// The record of this kind with this title.
const RECORDS = {
  structure: ['structure', 'Le Lavoir'], evenement: ['event', 'Bourse aux livres'], actualite: ['article', 'dix-millième repas'],
  produit: ['product', 'Affiches et livrets'], 'achat-groupe': ['exchange', 'bocaux en verre'],
};
const OLD_FILE = [
  'Identifiant BDIS;Raison sociale;Présentation générale;mots-clés;Code postal;Ville;Email',
  '201;La Bobine;Des vêtements réparés;couture, zorglub;6000;Nice;',
  '202;Le Hangar à vélos;Atelier associatif;vélo;83000;Toulon;contact@hangar.example',
  '203;;sans nom;;;;',
  '204;Le Moulin commun;Une cuma;;04300;Forcalquier;',
  '',
].join('\n');

async function send(page) {
  await page.locator('main form button').last().click();
  await page.waitForURL('**?fait=*');
}

// What a picture of the team's pages needs: entries that wait, and two sheets of one structure.
async function prepare(place) {
  const { page, context } = await person(place, place.site.mesclun);
  await page.goto('/inscription');
  for (const [field, value] of [['name', 'Léa Martin'], ['email', 'lea@courriel.example'], ['password', PASSWORD]]) await page.fill(`[name=${field}]`, value);
  await page.locator('main form button').last().click();
  await page.waitForURL('**/mon-espace*');
  for (const [title, text] of [['Cours de vannerie', 'Le jeudi soir, osier fourni.'], ['Prêt d’un broyeur à végétaux', 'Une journée, contre un coup de main.']]) {
    await page.goto('/nouveau/annonce');
    await page.check('[name=direction][value=offer]');
    await page.check('[name=type][value=service]');
    await page.fill('[name=title]', title);
    await page.fill('[name=description]', text);
    await send(page);
  }
  await context.close();
  const team = await person(place, place.site.mesclun);
  await signIn(team.page, 'animation@mesclun.example');
  await doubleOf(team.page);
  await team.page.locator('.question button').click();
  await team.page.waitForURL('**?fait=*');
  await eventually('the two are compared', async () => {
    await team.page.goto('/reseau/doublons');
    return team.page.locator('.pair').count();
  });
  await team.context.close();
}

// Types a structure that is there already, as far as the question whether it is.
async function doubleOf(page) {
  await page.goto('/nouveau/structure');
  for (const [field, value] of [['name', 'La roue tourne'], ['tagline', 'Des vélos pour tout le monde'], ['site-commune', 'Nice (06088)']]) {
    await page.locator(`[name=${field}]`).first().fill(value);
  }
  await page.locator('main form button').last().click();
  await page.locator('.question').waitFor();
}

const place = await village();
try {
  mkdirSync(FOLDER, { recursive: true });
  await prepare(place);
  for (const size of SIZES) {
    for (const [email, pages] of Object.entries(PAGES)) {
      const { page, context } = await person(place, place.site.mesclun, { size });
      if (email) await signIn(page, email);
      const take = async (name) => {
        await page.waitForLoadState('networkidle');
        const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), LONGEST);
        const clip = { x: 0, y: 0, width: size.width, height };
        await page.screenshot({ path: join(FOLDER, `${name}-${size.width}.jpg`), type: 'jpeg', quality: 50, fullPage: true, clip });
      };
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(path);
        await take(name);
      }
      for (const [name, [kind, title]] of Object.entries(email ? {} : RECORDS)) {
        await page.goto(`/recherche?kind=${kind}&q=${encodeURIComponent(title)}`);
        await page.locator('h3 a', { hasText: title }).first().click();
        await page.waitForURL((url) => url.pathname !== '/recherche');
        await take(name);
      }
      if (email.startsWith('jeanne')) {
        await doubleOf(page);
        await take('deja-la');
      }
      if (email.startsWith('animation')) {
        await page.goto('/reseau/importer');
        await page.setInputFiles('[name=file]', { name: 'annuaire-2012.csv', mimeType: 'text/csv', buffer: Buffer.from(OLD_FILE) });
        await page.locator('form[enctype] button').click();
        await page.locator('form[action$="/importer"] button').waitFor();
        await take('import');
      }
      await context.close();
    }
  }
} finally {
  await place.end();
}
