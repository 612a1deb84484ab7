// SPDX-License-Identifier: AGPL-3.0-or-later
// What a reader does: searches, narrows, sorts, takes along, prints. Each walk is an async function of the village; what does not hold throws.
import assert from 'node:assert/strict';
import { eventually, person, tabTo, violations } from './village.mjs';
import { addressOf, results } from './walks.mjs';

// The names on a page, in their order.
const titles = (page) => page.locator('.cards h3 a').allInnerTexts();

// A table as a program reads it (RFC 4180, with semicolons): its rows below the head, each by the names of its columns.
function rowsOf(csv) {
  const cells = [[]];
  for (const [, quoted, plain, end] of csv.replace(/^\ufeff/, '').matchAll(/(?:"((?:[^"]|"")*)"|([^";\r\n]*))(;|\r?\n|$)/g)) {
    cells.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ';') cells.push([]);
  }
  const [head, ...rows] = cells.filter((row) => row.some(Boolean));
  return rows.map((row) => Object.fromEntries(row.map((cell, at) => [head[at], cell])));
}

// What the links at the foot of a list answer, by their media types; the head of the page names the same ones.
async function feedsOf(page, context) {
  const links = await page.locator('.feeds a[type]').evaluateAll((all) => all.map((one) => [one.type, one.href]));
  const named = await page.locator('link[rel=alternate]').evaluateAll((all) => all.map((one) => [one.type, one.href]));
  assert.deepEqual(named, links, 'programs find what people find');
  const answers = {};
  for (const [type, href] of links) {
    const answer = await context.request.get(href);
    assert.equal(answer.status(), 200, href);
    assert.equal(answer.headers()['content-type'].split(';')[0], type.split(';')[0], href);
    answers[type.split(';')[0]] = await answer.text();
  }
  return answers;
}

const entitled = (atom) => [...atom.matchAll(/<entry><title[^>]*>([^<]*)/g)].map(([, title]) => title.replaceAll('&amp;', '&').replaceAll('&#39;', '’'));

export const finding = {
  async 'a filtered list goes to other programs as it was filtered: Atom, CSV, GeoJSON'(village) {
    const { page, context, faults } = await person(village, village.site.mesclun, { script: false });
    await page.goto('/structures');
    const all = await results(page);
    await page.locator('details.more > summary').click();
    await page.locator('input[name=departement][value="06"]').check();
    await page.locator('details.more button').click();
    const count = await results(page);
    assert.ok(count > 0 && count < all, `${count} of ${all}`);
    const shown = await titles(page);
    const { 'application/atom+xml': atom, 'text/csv': csv, 'application/geo+json': map } = await feedsOf(page, context);
    assert.ok(atom.startsWith('<?xml') && entitled(atom).length === count, `${entitled(atom).length} entries of ${count}`);
    const rows = rowsOf(csv);
    const points = JSON.parse(map).features;
    assert.deepEqual([rows.length, points.length], [count, count]);
    assert.ok(points.every(({ geometry: { type, coordinates: [east, north] } }) => type === 'Point' && east > 6.6 && east < 7.8 && north > 43.4 && north < 44.4));
    const everywhere = [atom, csv, map].filter((text) => shown.every((title) => text.replaceAll('&amp;', '&').includes(title)));
    assert.equal(everywhere.length, 3, 'what the page names is in each');
    // The address is all there is to a feed: whoever subscribes to it keeps the filter.
    assert.match(await page.locator('.feeds a[type^="application/atom"]').getAttribute('href'), /departement=06/);
    assert.deepEqual(faults, []);
  },

  async 'an agenda of one department becomes a calendar, and says what is cancelled'(village) {
    const { page, context, faults } = await person(village, village.site.mesclun, { script: false });
    await page.goto('/agenda?departement=83');
    const next = page.locator('a[rel=next]');
    const seen = new Set();
    for (let month = 0; month < 3; month += 1) {
      for (const title of await page.locator('.day h3 a').allInnerTexts()) seen.add(title);
      if (await page.locator('.day .cancelled').count()) assert.match(await page.locator('.day .cancelled').first().innerText(), /Annulé/i);
      await next.click();
      await page.waitForLoadState();
    }
    assert.ok(seen.has('Fournée à quatre mains') && !seen.has('Projection : « Le village d’après »'), [...seen].join(', '));
    const { 'text/calendar': calendar } = await feedsOf(page, context);
    const entries = calendar.replaceAll('\r\n ', '').split('BEGIN:VEVENT').slice(1);
    const named = new Set(entries.map((entry) => entry.match(/SUMMARY:(.*?)\r?\n/)[1].replaceAll('\\,', ',')));
    assert.ok([...seen].every((title) => named.has(title)), `${[...named].join(', ')} of ${[...seen].join(', ')}`);
    assert.ok(!named.has('Projection : « Le village d’après »'), 'what is in another department is in another calendar');
    const cancelled = entries.filter((entry) => entry.includes('STATUS:CANCELLED'));
    assert.ok(cancelled.length && cancelled.every((entry) => entry.includes('Fournée à quatre mains')));
    assert.deepEqual(faults, []);
  },

  async 'facets are opened, ticked and applied by keyboard, and each count comes true'(village) {
    const { page, faults } = await person(village, village.site.mesclun);
    await page.goto('/structures');
    const told = async (box) => Number((await box.locator('xpath=..').locator('.count').innerText()));
    for (const name of ['departement', 'legal-form', 'reseau']) {
      const before = await results(page);
      await tabTo(page, page.locator('details.more > summary'));
      await page.keyboard.press('Enter');
      const box = page.locator(`input[name="${name}"]:not(:checked)`).first();
      const [count, value] = [await told(box), await box.getAttribute('value')];
      await tabTo(page, box);
      await page.keyboard.press('Space');
      await page.keyboard.press('Enter');
      await page.waitForURL((address) => address.searchParams.getAll(name).includes(value));
      assert.equal(await results(page), count, `${name} ${value} of ${before}`);
      assert.ok(await page.locator('.chosen a').count(), 'what is chosen is told while the filters are folded');
    }
    const address = page.url();
    const other = await person(village, village.site.mesclun, { script: false });
    await other.page.goto(address);
    assert.equal(await results(other.page), await results(page), 'the address holds all that was chosen');
    await tabTo(page, page.getByRole('link', { name: 'Tout afficher' }));
    await page.keyboard.press('Enter');
    await page.waitForURL('**/structures');
    assert.deepEqual(faults, []);
  },

  async 'a suggestion is taken over by keyboard'(village) {
    const { page, context, faults } = await person(village, village.site.mesclun);
    await page.goto('/');
    const box = page.locator('header input[name=q]');
    await tabTo(page, box);
    await page.keyboard.type('pinc');
    const all = page.getByRole('listbox').getByRole('option');
    await eventually('suggestions', () => all.count());
    await page.keyboard.press('ArrowDown');
    const first = page.locator('[role=option][aria-selected=true]');
    const wanted = await first.getAttribute('data-value');
    assert.equal(await box.getAttribute('aria-activedescendant'), await first.getAttribute('id'), 'a screen reader is told which');
    assert.deepEqual(await violations(context, page), []);
    await page.keyboard.press('ArrowUp');
    assert.equal(await first.count(), 0, 'back at what was typed');
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('listbox').isVisible(), false);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/recherche?q=*');
    assert.equal(new URL(page.url()).searchParams.get('q'), wanted);
    assert.ok((await titles(page)).includes(wanted), wanted);
    assert.deepEqual(faults, []);
  },

  async 'one box understands accents, plurals, acronyms, other words and communes'(village) {
    const { page, faults } = await person(village, village.site.mesclun, { script: false });
    const finds = async (typed, expected) => {
      await page.goto('/');
      await page.fill('header input[name=q]', typed);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/recherche?q=*');
      assert.ok((await titles(page)).some((title) => title.includes(expected)), `${typed}: ${await titles(page)}`);
    };
    await finds('ecoute', 'À l’écoute');
    await finds('l’etabli', 'L’Établi partagé');
    await finds('velos cargos', 'Vélos-cargos pour associations');
    await finds('menuisier marseille', 'L’Établi partagé');
    assert.match(await page.locator('main').innerText(), /Marseille/);
    // As it is written: what was understood can be taken back.
    await page.getByRole('link', { name: 'Chercher plutôt ces mots dans les textes' }).click();
    await page.waitForURL('**mots=*');
    assert.deepEqual(faults, []);
  },

  async 'around a place: the radius and the order are chosen by keyboard'(village) {
    const { page, faults } = await person(village, village.site.mesclun);
    await page.goto('/structures');
    const place = page.locator('.ask [name=lieu]');
    await tabTo(page, place);
    await page.keyboard.type('Nice');
    const radius = page.locator('select[name=rayon]');
    const choose = async (select, value) => {
      await tabTo(page, select);
      await page.keyboard.press('Home');
      for (let step = 0; step < 12 && (await select.inputValue()) !== value; step += 1) await page.keyboard.press('ArrowDown');
      assert.equal(await select.inputValue(), value);
      await tabTo(page, page.locator('.ask button'));
      await page.keyboard.press('Enter');
      await page.waitForLoadState();
    };
    const options = await radius.locator('option').evaluateAll((all) => all.map((one) => one.value));
    await choose(radius, options.at(-1));
    await page.waitForURL((address) => address.searchParams.get('rayon') === options.at(-1));
    const far = await results(page);
    const distances = (await page.locator('.cards .facts').allInnerTexts()).map((facts) => Number.parseFloat(facts.match(/([\d,]+)\s*km/)?.[1].replace(',', '.') ?? '0'));
    assert.ok(distances.length > 1 && distances.every((one, at) => at === 0 || distances[at - 1] <= one), `nearest first: ${distances}`);
    await choose(radius, options[0]);
    await page.waitForURL((address) => address.searchParams.get('rayon') === options[0]);
    assert.ok((await results(page)) < far);
    await choose(page.locator('select[name=tri]'), 'nom');
    await page.waitForURL((address) => address.searchParams.get('tri') === 'nom');
    const named = (await titles(page)).map((title) => title.replace(/^(Les?|La|Un|L’|À l’)\s*/i, ''));
    assert.ok(named.length > 1, 'a list in the order of names');
    await choose(page.locator('select[name=tri]'), 'recent');
    await page.waitForURL((address) => address.searchParams.get('tri') === 'recent');
    assert.deepEqual(faults, []);
  },

  async 'a territory: what stands in it, what acts in it, and the way to the whole department'(village) {
    const { page, faults } = await person(village, village.site.mesclun, { script: false });
    await page.goto('/territoire/department/06');
    assert.match(await page.locator('h1').innerText(), /Alpes-Maritimes/);
    const sections = await page.locator('main section h2').allInnerTexts();
    assert.ok(sections.length >= 3, `everything around a place: ${sections}`);
    assert.ok(await page.locator('.facts a').count(), 'wider and neighbouring places');
    await page.locator('main section a[href^="/structures?"]').first().click();
    await page.waitForURL('**/structures?*territoire=department*');
    const standing = await results(page);
    await page.selectOption('[name=portee]', 'agit');
    await page.locator('.ask button').click();
    await page.waitForURL('**portee=agit*');
    assert.ok((await results(page)) > standing, 'whoever acts in it may stand elsewhere');
    await page.locator('.chosen a', { hasText: 'Alpes-Maritimes' }).click();
    await page.waitForURL((address) => !address.searchParams.has('territoire'));
    assert.deepEqual(faults, []);
  },

  async 'where nothing is, what is nearest: beyond the circle, for a commune among the words, and around oneself'(village) {
    const { page, context, faults } = await person(village, village.site.mesclun);
    await page.goto('/structures?lieu=Hendaye&rayon=5');
    assert.match(await page.locator('main').innerText(), /Rien ne correspond à moins de 5\skm de Hendaye. Voici ce qui en est le plus près/);
    const far = await page.locator('.cards .card').allInnerTexts();
    const km = far.map((text) => Number(/à (\d+)/.exec(text)?.[1])).filter((one) => one >= 0);
    assert.ok(km.length && km.every((one, at) => at === 0 || one >= km[at - 1]), `the nearest first: ${km}`);
    assert.deepEqual(await violations(context, page), []);
    await page.selectOption('[name=rayon]', 'sans-limite');
    await page.locator('.ask button').click();
    await page.waitForURL('**rayon=sans-limite**');
    assert.ok(await page.locator('.chosen a', { hasText: 'au plus près de Hendaye' }).isVisible());
    // Where one is: asked on pressing, told rounded, and only the commune goes into the address.
    await context.grantPermissions(['geolocation'], { origin: village.site.mesclun });
    await context.setGeolocation({ latitude: 43.70312, longitude: 7.26608 });
    const asked = page.waitForRequest('**/communes/proche**');
    await page.getByRole('button', { name: 'Autour de moi' }).click();
    assert.match((await asked).url(), /lat=43\.70&lon=7\.27$/);
    await page.waitForURL('**lieu=Nice**');
    assert.equal(await page.inputValue('.ask [name=lieu]'), 'Nice (06088)');
    await context.clearPermissions();
    await page.getByRole('button', { name: 'Autour de moi' }).click();
    await page.getByText('Votre position n’a pas pu être trouvée').waitFor();
    assert.deepEqual(faults, []);
  },

  async 'the agenda is read by keyboard: from its month to a day, and to the list of what comes'(village) {
    const { page, faults } = await person(village, village.site.apeas);
    await page.goto('/agenda');
    const day = page.locator('table.month td a').first();
    if (!(await day.count())) {
      await page.locator('a[rel=next]').click();
      await day.waitFor();
    }
    assert.equal(await page.locator('table.month th abbr').count(), 7);
    await tabTo(page, day);
    const anchor = await day.getAttribute('href');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${anchor}`);
    const entries = page.locator(`${anchor} .card h3 a`);
    assert.ok(await entries.count());
    const before = await page.locator('.day .card').count();
    const summary = page.locator('details.more > summary');
    await tabTo(page, summary);
    await page.keyboard.press('Enter');
    const department = page.locator('input[name=departement]').first();
    await tabTo(page, department);
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.waitForURL('**departement=*');
    const after = await page.locator('.day .card').count();
    assert.ok(after > 0 && after < before, `${after} of ${before}`);
    await page.locator('.day h3 a').first().click();
    await page.waitForLoadState();
    assert.match(await page.locator('.record').innerText(), /Quand|Date|à \d/i);
    assert.deepEqual(faults, []);
  },

  async 'news are narrowed by their rubric, and one is read'(village) {
    const { page, faults } = await person(village, village.site.mesclun, { script: false });
    await page.goto('/actualites');
    const all = await results(page);
    await page.locator('details.more > summary').click();
    await page.locator('input[name="article-category"]').first().check();
    await page.locator('details.more button').click();
    assert.ok((await results(page)) < all);
    const title = (await titles(page))[0];
    await page.locator('.cards h3 a').first().click();
    await page.waitForLoadState();
    assert.equal(await page.locator('h1').innerText(), title);
    assert.equal(await page.locator('meta[property="og:title"]').getAttribute('content'), title);
    assert.deepEqual(faults, []);
  },

  async 'the home page shows what came from the other networks, each with its own'(village) {
    const { page, faults } = await person(village, village.site.mesclun, { script: false, size: { width: 360, height: 740 } });
    await page.goto('/');
    const part = page.locator('section', { has: page.getByRole('heading', { name: /Venu des autres réseaux/ }) });
    const from = await part.locator('.from').allInnerTexts();
    assert.ok(from.length && from.every((one) => !one.includes('Mesclun')), from.join(', '));
    await part.getByRole('link', { name: 'Tout voir' }).click();
    await page.waitForURL('**ailleurs=on*');
    assert.ok(await results(page));
    assert.deepEqual(faults, []);
  },

  async 'a structure’s page has all that it does, and where each thing leads'(village) {
    const { page, context, faults } = await person(village, village.site.apeas, { script: false });
    await page.goto(await addressOf(page, '/structures', 'Le Lavoir'));
    const sheet = await page.locator('main').innerText();
    for (const words of ['Offres d’emploi', 'Agenda', 'Liens avec d’autres structures', 'Est partenaire de', 'Où nous trouver', 'Contact', 'Mesclun']) {
      const inverse = words === 'Est partenaire de' ? /partenaire/i : new RegExp(words);
      assert.match(sheet, inverse, words);
    }
    assert.ok(!sheet.includes('04 65 71'), 'what is for the network alone stays there');
    await page.getByRole('link', { name: /Monitrice ou moniteur/ }).click();
    await page.waitForLoadState();
    assert.match(await page.locator('main').innerText(), /Le Lavoir/);
    await page.goBack();
    await page.locator('#liens a', { hasText: 'Le Bateau-Livre' }).click();
    await page.waitForLoadState();
    assert.match(await page.locator('#liens').innerText(), /Le Lavoir/, 'both ways');
    assert.ok(await page.getByRole('link', { name: 'La voir chez eux' }).isVisible());
    // The same for machines, from the same address.
    const home = await page.getByRole('link', { name: 'La voir chez eux' }).getAttribute('href');
    const graph = await context.request.get(home, { headers: { accept: 'text/turtle' } });
    assert.ok(graph.ok() && (await graph.text()).includes('Le Bateau-Livre'));
    assert.deepEqual(faults, []);
  },

  async 'what search engines are told of each page is well formed, and the sitemap leads to it'(village) {
    const { page, context } = await person(village, village.site.mesclun, { script: false });
    const map = await (await context.request.get('/sitemap.xml')).text();
    const lists = { '/structures': 'Organization', '/annonces': null, '/emplois': 'JobPosting', '/agenda': 'Event', '/actualites': 'Article', '/produits': null };
    for (const [list, type] of Object.entries(lists)) {
      await page.goto(list);
      // On the last days of a month its agenda may be empty.
      if (!(await page.locator('h3 a').count())) await page.locator('a[rel=next]').click();
      const href = await page.locator('h3 a').first().getAttribute('href');
      await page.goto(href);
      for (const empty of await page.locator('meta[content=""]').all()) assert.fail(`${await empty.getAttribute('property')} of ${href} says nothing`);
      for (const name of ['og:title', 'og:url', 'og:site_name']) {
        assert.ok(await page.locator(`meta[property="${name}"]`).getAttribute('content'), `${name} of ${href}`);
      }
      const told = JSON.parse(await page.locator('script[type="application/ld+json"]').innerText());
      assert.equal(told['@context'], 'https://schema.org', href);
      if (type) assert.match(JSON.stringify(told['@type']), new RegExp(type), href);
      if (href.startsWith('/id/')) assert.ok(map.includes(href), `${href} is in the sitemap`);
    }
  },

  async 'a list, a sheet and an agenda are printed without what only a screen needs'(village) {
    const { page } = await person(village, village.site.mesclun);
    await page.emulateMedia({ media: 'print' });
    await page.goto('/structures?departement=06');
    const record = await page.locator('h3 a').first().getAttribute('href');
    const month = new Date(Date.now() + 8 * 24 * 3600 * 1000).toISOString().slice(0, 7);
    for (const path of ['/structures?departement=06', record, `/agenda?mois=${month}`]) {
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      for (const part of ['.top nav.main', '.find', '.bottom', 'form.search', '.pager', '.map', '.feeds', 'main button', 'main a.button']) {
        for (const one of await page.locator(part).all()) assert.ok(!(await one.isVisible()), `${part} on ${path}`);
      }
      assert.ok(await page.locator('h1').first().isVisible());
      if (path !== record) assert.ok(await page.locator('.card, .day').first().isVisible());
      const bytes = await page.pdf({ format: 'A4' });
      assert.ok(bytes.subarray(0, 5).toString() === '%PDF-' && bytes.length > 5_000);
    }
  },

  async 'nothing is found: what to do is said, and one way leads out'(village) {
    const { context, page, faults } = await person(village, village.site.mesclun, { size: { width: 360, height: 740 } });
    await page.goto('/annonces?q=zzzzzzz&direction=demand');
    assert.ok(await page.locator('.empty').isVisible());
    assert.deepEqual(await violations(context, page), []);
    await page.getByRole('link', { name: 'Tout afficher' }).click();
    assert.ok(await results(page));
    await page.goto('/structures?lieu=Saint-Aubin');
    assert.ok((await page.locator('#lieu-erreur a').count()) > 1, 'of several communes of a name, one chooses');
    faults.length = 0;
    await page.locator('#lieu-erreur a').first().click();
    await page.waitForURL('**lieu=*');
    assert.equal(await page.locator('#lieu-erreur').count(), 0);
    assert.deepEqual(faults, []);
  },
};
