// SPDX-License-Identifier: AGPL-3.0-or-later
// What people do, step by step. Each walk is an async function of the village; what does not hold throws.
import assert from 'node:assert/strict';
import { eventually, person, signIn } from './village.mjs';

const DAY = 24 * 3600 * 1000;

// The number of results that a page tells.
async function results(page) {
  return Number.parseInt(await page.locator('.summary').first().innerText(), 10);
}

async function addressOf(page, list, title) {
  await page.goto(`${list}?q=${encodeURIComponent(title)}`);
  return page.locator('h3 a', { hasText: title }).first().getAttribute('href', { timeout: 1000 }).catch(() => null);
}

export const walks = {
  async 'a citizen on a phone finds a structure with the box of any page'(village) {
    const { page, faults } = await person(village, village.site.mesclun, { size: { width: 360, height: 740 } });
    await page.goto('/');
    const box = page.locator('header input[name=q]');
    await box.pressSequentially('marmi');
    await eventually('a suggestion', () => page.locator('datalist option[value*="armite"]').count());
    await box.fill('marmites paysanes');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/recherche?q=*');
    assert.ok(await page.locator('h3 a', { hasText: 'Marmites paysannes' }).count(), 'a typing error is forgiven');
    await page.locator('h3 a', { hasText: 'Marmites paysannes' }).first().click();
    await page.waitForLoadState();
    assert.match(await page.locator('h1').first().innerText(), /Marmites paysannes/);
    assert.deepEqual(faults, []);
  },

  async 'a citizen looks through the directory on the map, by keyboard'(village) {
    const { page, faults } = await person(village, village.site.mesclun);
    await page.goto('/structures');
    const point = page.locator('.map-point, .map-cluster').first();
    await point.waitFor();
    assert.ok(await page.locator('.map').isVisible());
    await page.goto('/structures?lieu=Nice&rayon=10');
    await point.waitFor();
    await page.locator('.map-point, .map-cluster').first().focus();
    await page.keyboard.press('Enter');
    await eventually('a point opens, or a cluster parts', async () =>
      (await page.locator('.leaflet-popup a').count()) > 0 || (await page.locator('.map-point').count()) > 0);
    await page.locator('.map-view').focus();
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowUp');
    const search = page.locator('.map-search');
    await search.waitFor();
    await search.click();
    await page.waitForURL('**/structures?*bbox=*');
    assert.match(page.url(), /bbox=[-\d.]+(%2C|,)/);
    assert.deepEqual(faults, []);
  },

  async 'without a script the list says everything, and every filter works'(village) {
    const { page } = await person(village, village.site.mesclun, { script: false });
    await page.goto('/structures');
    assert.equal(await page.locator('.map').isVisible(), false);
    const all = await results(page);
    await page.locator('details.more > summary').click();
    await page.locator('input[name=departement]').first().check();
    await page.locator('details.more button').click();
    const some = await results(page);
    assert.ok(some > 0 && some < all, `${some} of ${all}`);
    await page.getByLabel('Autour de').fill('Nice');
    await page.locator('.ask button').click();
    const near = await results(page);
    assert.ok(near <= some && (await page.locator('.facts', { hasText: 'km' }).count()) > 0);
    await page.locator('.clear a').click();
    assert.equal(await results(page), all);
    await page.goto('/recherche?q=zzzzzzz');
    assert.ok(await page.locator('.empty').isVisible());
  },

  async 'a reader takes the agenda along'(village) {
    const { page, context } = await person(village, village.site.apeas);
    await page.goto('/agenda');
    await page.locator('a[rel=next]').click();
    await page.waitForURL('**/agenda?*mois=*');
    for (const [link, begins] of [['.ics', 'BEGIN:VCALENDAR'], ['.atom', '<?xml'], ['.csv', '\u{feff}']]) {
      const href = await page.locator(`.feeds a[href*="${link}"]`).getAttribute('href');
      const answer = await context.request.get(href);
      assert.ok(answer.ok() && (await answer.text()).startsWith(begins), href);
    }
  },

  async 'three networks buy together'(village) {
    const jeanne = await person(village, village.site.mesclun);
    await signIn(jeanne.page, 'jeanne@mesclun.example');
    await jeanne.page.goto('/nouveau/annonce');
    const title = `Bocaux de verre, lot ${Date.now() % 100000}`;
    const until = new Date(Date.now() + 60 * DAY).toISOString().slice(0, 10);
    await jeanne.page.check('[name=direction][value=demand]');
    for (const [name, value] of [['title', title], ['unit', 'bocaux'], ['threshold', '300'], ['quantity', '120'], ['expires', until]]) {
      await jeanne.page.fill(`[name=${name}]`, value);
    }
    const kind = jeanne.page.locator('[name=type]');
    if (await jeanne.page.locator('select[name=type]').count()) await kind.selectOption('product');
    else await jeanne.page.check('[name=type][value=product]');
    await jeanne.page.locator('main form button[name=go], main form button').last().click();
    await jeanne.page.waitForURL('**?fait=*');
    const parts = [['apeas', 'ines@apeas.example', '100'], ['alliance', 'marie@alliance.example', '110'], ['mesclun', 'paul@mesclun.example', '90']];
    for (const [network, email, quantity] of parts) {
      const { page } = await person(village, village.site[network]);
      await signIn(page, email);
      let address = null;
      await eventually(`${network} shows it`, async () => (address = await addressOf(page, '/annonces', title)));
      await page.goto(address);
      await page.fill('#groupement [name=quantity]', quantity);
      await page.locator('#groupement form.join button').click();
      await page.waitForURL('**?fait=accord*');
    }
    await eventually('the threshold is reached where it began', async () => {
      await jeanne.page.reload();
      return jeanne.page.locator('#groupement .done').count();
    });
    // What whoever began it takes is told with the others' parts.
    assert.equal(await jeanne.page.locator('#groupement .parts li').count(), 4);
    assert.deepEqual(jeanne.faults, []);
  },

  async 'the team finds two sheets of one structure, links them and parts them'(village) {
    const { page, faults } = await person(village, village.site.mesclun, { script: false });
    await signIn(page, 'animation@mesclun.example');
    const name = `Les Loriots du Paillon ${Date.now() % 100000}`;
    for (const written of [name, name.toLowerCase()]) {
      await page.goto('/nouveau/structure');
      await page.fill('[name=name]', written);
      await page.locator('[name=site-commune]').first().fill('Nice (06088)');
      await page.locator('main form button').last().click();
      await page.waitForURL('**?fait=*');
    }
    const pair = page.locator('.pair', { hasText: name });
    await eventually('the two are proposed', async () => {
      await page.goto('/reseau/doublons');
      return pair.count();
    });
    assert.match(await pair.first().innerText(), /le même nom, la même commune/);
    await pair.first().getByRole('button', { name: /^C’est la même/ }).click();
    await page.waitForURL('**&fait=lie');
    await page.goto('/reseau/doublons?vue=liees');
    await pair.first().locator('h2 a').first().click();
    await page.waitForLoadState();
    assert.match(await page.locator('.also').innerText(), /Notre réseau en a une autre fiche/);
    await page.goto('/reseau/doublons?vue=liees');
    await pair.first().getByRole('button', { name: /^Ce sont deux structures/ }).click();
    await page.waitForURL('**&fait=distingue');
    await page.goto('/reseau/doublons');
    assert.equal(await pair.count(), 0);
    assert.deepEqual(faults, []);
  },

  async 'the team chooses what the home page shows and aligns a word, without a script'(village) {
    const { page, faults } = await person(village, village.site.mesclun, { script: false });
    await signIn(page, 'animation@mesclun.example');
    await page.goto('/reseau/accueil');
    for (const box of await page.locator('[name=front-kinds]').all()) await box.uncheck();
    await page.check('[name=front-kinds][value=event]');
    await page.locator('main form button').last().click();
    await page.waitForURL('**?fait=accueil');
    await page.goto('/');
    await page.getByRole('link', { name: 'Tout voir' }).click();
    await page.waitForURL('**/recherche?ailleurs=on&kind=event&tri=recent');
    await page.goto('/nouveau/structure');
    await page.fill('[name=name]', `La Remise ${Date.now() % 100000}`);
    await page.fill('[name=tags]', 'seconde vie');
    await page.locator('main form button').last().click();
    await page.waitForURL('**?fait=*');
    const word = page.locator('.mine li', { hasText: '#seconde-vie' });
    await eventually('the word is in use', async () => {
      await page.goto('/reseau/mots');
      return word.count();
    });
    await word.getByRole('link', { name: /^(Rattacher|Changer)/ }).click();
    await page.getByLabel('Chercher un thème').fill('réemploi');
    await page.locator('form[role=search] button').last().click();
    await page.locator('select[name=concept]').selectOption({ index: 0 });
    await page.getByRole('button', { name: 'Rattacher ce mot' }).click();
    await page.waitForURL('**?fait=rattache');
    assert.ok(await page.locator('.mine li', { hasText: 'rattaché à' }).count());
    await page.locator('.mine li', { hasText: 'rattaché à' }).first().getByRole('link', { name: /^Changer/ }).click();
    await page.getByRole('button', { name: 'Ne plus rattacher' }).click();
    await page.waitForURL('**?fait=detache');
    assert.deepEqual(faults, []);
  },
};
