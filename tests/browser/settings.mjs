// SPDX-License-Identifier: AGPL-3.0-or-later
// What an operator sets, and what takes long, on a node by itself; and the pages of territories. Each walk is an async function of the village;
// what does not hold throws.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { OPERATOR, alone } from './alone.mjs';
import { PASSWORD, SIZES, eventually, person, signIn, violations } from './village.mjs';
import { results } from './walks.mjs';

const DAY = 24 * 3600 * 1000;
const TILE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
// So many that it takes some seconds on any machine.
const ROWS = 4500;

// Ports beside those of the demonstration.
const beside = (village, more) => Number(new URL(village.site.paca).port) + more;

// A host that gives tiles, and what it was asked for.
async function tileHost(port) {
  const asked = [];
  const server = createServer((request, answer) => {
    asked.push(request.url);
    answer.writeHead(200, { 'content-type': 'image/png' }).end(TILE);
  });
  await new Promise((open) => server.listen(port, 'localhost', open));
  return { url: `http://localhost:${port}/{z}/{x}/{y}.png`, asked, end: () => server.close() };
}

async function tilesFromTheOperatorSAddress(village) {
  const node = alone(beside(village, 20));
  const host = await tileHost(beside(village, 21));
  try {
    let stop = await node.serve({ PES_TILES_URL: host.url, PES_TILES_ATTRIBUTION: 'La Carte des essais' });
    const { page, context, faults } = await person(village, node.base);
    await signIn(page, OPERATOR);
    await page.goto('/nouveau/structure');
    await page.fill('[name=name]', 'Le Comptoir des tuiles');
    await page.locator('[name=site-commune]').first().fill('Nice');
    await page.locator('main form button').last().click();
    await page.waitForURL('**?fait=publie');
    for (const path of ['/', '/annonces', page.url(), '/nouveau/annonce']) await page.goto(path, { waitUntil: 'networkidle' });
    assert.deepEqual([host.asked, faults], [[], []], 'where no map of a list is, nobody else is asked');
    await eventually('the map has tiles', async () => {
      await page.goto('/structures', { waitUntil: 'networkidle' });
      return host.asked.length;
    });
    assert.ok(host.asked.every((path) => /^\/\d+\/\d+\/\d+\.png$/.test(path)), host.asked.join());
    const elsewhere = faults.filter((fault) => !fault.includes(host.url.split('{')[0]));
    assert.deepEqual(elsewhere, [], 'that host, and no other');
    assert.match(await page.locator('.map').innerText(), /La Carte des essais/);
    assert.deepEqual(await violations(context, page), []);
    await context.close();
    await stop();
    // The same node without an address: outlines that come from itself.
    host.asked.length = 0;
    stop = await node.serve({});
    const plain = await person(village, node.base);
    await plain.page.goto('/structures', { waitUntil: 'networkidle' });
    await plain.page.locator('.map svg path, .map canvas').first().waitFor();
    assert.deepEqual([host.asked, plain.faults], [[], []]);
    await plain.context.close();
    await stop();
  } finally {
    host.end();
    node.end();
  }
}

// No browser moves a node's clock: that it is published then and not before is seen in node/src/schedule.rs and in the journal's moderation.
async function whatWaitsTellsWhenItIsPublished(village) {
  const node = alone(beside(village, 22));
  try {
    const said = async (days) => {
      const stop = await node.serve({ PES_PUBLISH_AFTER_DAYS: String(days) });
      const { page, context, faults } = await person(village, node.base, { size: SIZES[0] });
      await signIn(page, OPERATOR);
      await page.goto('/reseau');
      await page.locator('a[href="/reseau/a-relire"]').first().click();
      const entry = await page.locator('main').innerText();
      assert.deepEqual([await violations(context, page), faults], [[], []]);
      await context.close();
      await stop();
      return entry;
    };
    const stop = await node.serve({});
    const { page, context } = await person(village, node.base, { script: false });
    await page.goto('/inscription');
    for (const [field, value] of [['name', 'Léa Martin'], ['email', 'lea@courriel.example'], ['password', PASSWORD]]) await page.fill(`[name=${field}]`, value);
    await page.locator('main form button').last().click();
    await page.waitForURL('**/mon-espace*');
    await page.goto('/nouveau/annonce');
    await page.check('[name=direction][value=offer]');
    await page.check('[name=type][value=service]');
    await page.fill('[name=title]', 'Cours de vannerie');
    await page.locator('main form button').last().click();
    await page.waitForURL('**?fait=propose');
    await context.close();
    await stop();
    const day = (days) => new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: 'Europe/Paris' }).format(new Date(Date.now() + days * DAY)).replace(/^1 /, '1er ');
    for (const days of [5, 30]) {
      const entry = await said(days);
      assert.ok(entry.includes(`se publie d’elle-même le ${day(days)}`), `${day(days)}: ${entry}`);
    }
    const never = await said(0);
    assert.ok(never.includes('Cours de vannerie') && !never.includes('d’elle-même'), never);
  } finally {
    node.end();
  }
}

async function anImportTellsHowFarItIs(village) {
  const node = alone(beside(village, 24));
  try {
    const stop = await node.serve({});
    const { page, context, faults } = await person(village, node.base, { size: SIZES[0], script: false });
    await signIn(page, OPERATOR);
    await page.goto('/reseau/importer');
    const head = 'Identifiant BDIS;Raison sociale;Présentation générale;mots-clés;Code postal;Ville;Email';
    const rows = Array.from({ length: ROWS }, (_, at) => `${at + 1};Atelier numéro ${at + 1};Un atelier;vélo;;;`);
    await page.setInputFiles('[name=file]', { name: 'longue.csv', mimeType: 'text/csv', buffer: Buffer.from([head, ...rows, ''].join('\n')) });
    await page.locator('form[enctype] button').click();
    await page.locator('form[action$="/importer"] button').waitFor({ timeout: 120_000 });
    await page.locator('form[action$="/importer"] button').click();
    const seen = [];
    // The page comes again by itself, without a script.
    await eventually('the import is done', async () => {
      if (await page.locator('.done', { hasText: 'terminé' }).count().catch(() => 0)) return true;
      // All of it at once: a moment later it is another page.
      const { words, value, most, label, wider } = await page.evaluate(() => {
        const bar = document.querySelector('progress');
        const wider = document.documentElement.scrollWidth - innerWidth;
        return { words: document.querySelector('main')?.innerText ?? '', value: bar?.value, most: bar?.max, label: bar?.getAttribute('aria-label'), wider };
      }).catch(() => ({ words: '' }));
      if (!/Enregistrement\s:/.test(words)) return false;
      if (seen.at(-1) !== value) seen.push(value);
      assert.match(words, /Enregistrement\s: .* sur 4\s?500\. Cette page se met à jour toute seule/);
      assert.match(label, /L’import est en cours/);
      assert.ok(most === ROWS && wider <= 0, `${most}, ${wider} px too wide`);
      return false;
    }, 180_000);
    assert.ok(seen.length > 1, `the bar was seen to move: ${seen}`);
    assert.ok(seen.every((value, at) => at === 0 || value > seen[at - 1]), `and only forward: ${seen}`);
    await eventually('the list has all of them', async () => {
      await page.goto('/structures');
      return (await page.locator('.summary').first().innerText()).replace(/\s/g, '').startsWith(String(ROWS));
    });
    assert.ok((await page.locator('.card', { hasText: 'lieu non indiqué' }).count()) > 0);
    assert.deepEqual(faults, []);
    await context.close();
    await stop();
  } finally {
    node.end();
  }
}

async function fromACommuneToItsIntercommunalityAndRegion(village) {
  for (const size of SIZES) {
    const { page, context, faults } = await person(village, village.site.mesclun, { size, script: false });
    const scripted = await person(village, village.site.mesclun, { size });
    await page.goto('/territoire/commune/06088');
    const counts = {};
    for (const kind of ['epci', 'region']) {
      await page.goto('/territoire/commune/06088');
      await page.locator(`main .facts a[href^="/territoire/${kind}/"]`).click();
      await page.waitForURL(`**/territoire/${kind}/*`);
      assert.ok((await page.locator('main h2').count()) > 0, `${kind}: there is something`);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, kind);
      await scripted.page.goto(page.url());
      assert.deepEqual(await violations(scripted.context, scripted.page), [], kind);
      const [name, list] = [await page.locator('h1').innerText(), page.locator('main section', { has: page.getByRole('heading', { name: 'Structures' }) }).locator('p a').last()];
      const told = Number((await list.innerText()).match(/\d+/)[0]);
      await list.click();
      await page.waitForURL(`**territoire=${kind}*`);
      counts[kind] = await results(page);
      assert.equal(counts[kind], told, `${kind}: as many as its page tells`);
      assert.ok((await page.locator('main').innerText()).includes(name), name);
    }
    assert.ok(counts.epci > 0 && counts.region >= counts.epci, JSON.stringify(counts));
    // Up from the intercommunality too; and what is no territory is nowhere.
    await page.goto('/territoire/commune/06088');
    await page.locator('main .facts a[href^="/territoire/epci/"]').click();
    await page.waitForURL('**/territoire/epci/*');
    await page.locator('main .facts a[href^="/territoire/region/"]').click();
    await page.waitForURL('**/territoire/region/*');
    assert.deepEqual([...faults, ...scripted.faults], []);
    assert.equal((await page.goto('/territoire/epci/000000000')).status(), 404);
    await context.close();
    await scripted.context.close();
  }
}

export const settings = {
  'tiles come from the address that the operator sets, and from nowhere without one': tilesFromTheOperatorSAddress,
  'what waits tells on which day it is published by itself, as the operator set it': whatWaitsTellsWhenItIsPublished,
  'a long import tells how far it is, and the page comes again by itself': anImportTellsHowFarItIs,
  'from a commune one comes to its intercommunality and its region': fromACommuneToItsIntercommunalityAndRegion,
};
