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

  async 'a picture comes with a product, is described, and is shown in another network'(village) {
    const { page } = await person(village, village.site.mesclun, { script: false, size: { width: 360, height: 740 } });
    await signIn(page, 'jeanne@mesclun.example');
    await page.goto('/nouveau/produit');
    const title = `Savon de ménage, lot ${Date.now() % 100000}`;
    // Any picture is one: here, the page as it looks.
    const buffer = await page.screenshot({ type: 'jpeg' });
    await page.fill('[name=title]', title);
    await page.setInputFiles('[name=picture-file]', { name: 'savon.jpg', mimeType: 'image/jpeg', buffer });
    await page.locator('main form button').first().click();
    await page.getByText('Décrivez l’image en une phrase').first().waitFor();
    assert.ok(await page.locator('img.preview').evaluate((img) => img.complete && img.naturalWidth > 0), 'what was sent is kept, and shown');
    await page.getByLabel('Description de l’image').fill('Une page, en guise de savon');
    await page.locator('main form button').first().click();
    await page.waitForURL('**?fait=*');
    const drawn = (reader) => reader.locator('img[alt="Une page, en guise de savon"]').first();
    await drawn(page).waitFor();
    const marie = await person(village, village.site.alliance);
    await eventually('another network shows it', async () => {
      await marie.page.goto(`/produits?q=${encodeURIComponent(title)}`);
      return (await drawn(marie.page).count()) && drawn(marie.page).evaluate((img) => img.decode().then(() => img.naturalWidth > 0, () => false));
    });
    assert.deepEqual(marie.faults, []);
  },
};
