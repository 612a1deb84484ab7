// SPDX-License-Identifier: AGPL-3.0-or-later
// Takes the pictures of docs/pictures from a demonstration, whose data are invented: `node pictures.mjs [FOLDER]`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SIZES, person, signIn, village } from './village.mjs';

const FOLDER = process.argv[2] ?? new URL('../../docs/pictures', import.meta.url).pathname;
// No picture is longer than this, in pixels.
const LONGEST = 1500;
const soon = new Date(Date.now() + 25 * 24 * 3600 * 1000).toISOString().slice(0, 7);
const PAGES = {
  '': { accueil: '/', annuaire: '/structures?lieu=Nice&rayon=50', recherche: '/recherche?q=marmite', annonces: '/annonces', agenda: `/agenda?mois=${soon}`, actualites: '/actualites', emplois: '/emplois' },
  'jeanne@mesclun.example': { espace: '/mon-espace', 'nouvelle-annonce': '/nouveau/annonce', avis: '/mes-avis' },
  'animation@mesclun.example': { animation: '/reseau' },
};

const place = await village();
try {
  mkdirSync(FOLDER, { recursive: true });
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
      if (!email) {
        await page.goto('/structures');
        await page.locator('h3 a').first().click();
        await take('structure');
      }
      await context.close();
    }
  }
} finally {
  await place.end();
}
