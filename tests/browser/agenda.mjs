// SPDX-License-Identifier: AGPL-3.0-or-later
// One date of a series is called off. Each walk is an async function of the village; what does not hold throws.
import assert from 'node:assert/strict';
import { SIZES, eventually, person, signIn, tabTo, violations } from './village.mjs';

const SOON = (days) => new Date(Date.now() + days * 24 * 3600 * 1000).toISOString().slice(0, 10);

// Somebody with a keyboard and no script says that the second evening is called off; neighbours see it on their own site.
async function oneDateIsCalledOff(village) {
  const jeanne = await person(village, village.site.mesclun, { script: false, size: SIZES[0] });
  const { page } = jeanne;
  await signIn(page, 'jeanne@mesclun.example');
  const title = `Veillée des conteuses ${Date.now() % 100000}`;
  await page.goto('/nouveau/evenement');
  assert.equal(await page.locator('[name=called-off]').count(), 0, 'there are no dates yet');
  for (const [name, value] of [['title', title], ['repeats-until', SOON(24)], ['place', 'Nice']]) await page.fill(`[name=${name}]`, value);
  for (const [name, value] of [['date', SOON(3)], ['time', '19:00'], ['end-time', '21:30']]) await page.locator(`[name=occurrence-${name}]`).first().fill(value);
  await page.selectOption('[name=repeats]', 'weekly');
  await page.locator('main form button').first().click();
  await page.waitForURL('**?fait=*');
  const address = new URL(page.url()).pathname;

  await page.locator('a[href$="/modifier"]').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/modifier');
  const box = page.locator(`[name=called-off][value="${SOON(10)}T19:00"]`);
  // The month of a date may be folded: a key opens it.
  const month = page.locator('details', { has: box });
  if ((await month.getAttribute('open')) === null) {
    await tabTo(page, month.locator('summary'), 400);
    await page.keyboard.press('Enter');
  }
  await tabTo(page, box, 400);
  await page.keyboard.press('Space');
  assert.ok(await box.isChecked());
  await page.keyboard.press('Enter');
  await page.waitForURL('**?fait=*');
  const record = page.locator('article.record');
  assert.equal(await record.locator('s').count(), 1);
  assert.match(await record.innerText(), /Dates annulées[^]*\(annulée\)/);

  const readers = [];
  for (const size of SIZES) {
    const there = await person(village, village.site.apeas, { size });
    const day = there.page.locator('.day', { has: there.page.locator('h3 a', { hasText: title }) });
    await eventually('the neighbours know', async () => {
      await there.page.goto(`/agenda?q=${encodeURIComponent(title)}`);
      return (await day.locator('.cancelled').count()) === 1;
    });
    assert.equal(await day.count(), 4, 'all four evenings are there');
    assert.match(await day.nth(1).locator('.time').innerText(), /Annulé à cette date/);
    assert.equal(await day.nth(1).locator('.time s').count(), 1);
    assert.equal(await there.page.locator('.day .time s').count(), 1, 'the others take place');
    assert.deepEqual(await violations(there.context, there.page), []);
    assert.ok((await there.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0);
    await there.page.goto(`/agenda?mois=${SOON(10).slice(0, 7)}&q=${encodeURIComponent(title)}`);
    assert.equal(await there.page.locator('.month s').innerText(), String(Number(SOON(10).slice(8))));
    await there.page.goto(`/recherche?q=${encodeURIComponent(title)}`);
    await eventually('its card tells', async () => (await there.page.locator('.card .off s').count()) === 1);
    assert.match(await there.page.locator('.card', { hasText: title }).innerText(), /Date annulée\s:/);
    assert.deepEqual(await violations(there.context, there.page), []);
    await there.page.locator('h3 a', { hasText: title }).first().click();
    assert.equal(await there.page.locator('article.record s').count(), 1);
    assert.deepEqual(await violations(there.context, there.page), []);
    readers.push(there);
  }
  const calendar = await (await readers[0].context.request.get(`/agenda.ics?q=${encodeURIComponent(title)}`)).text();
  assert.equal(calendar.match(/STATUS:CANCELLED/g)?.length, 1);

  // The series moves to another day: the ticked date is none any more, which is said, and all that was typed is kept.
  await page.goto(`${address}/modifier`);
  await page.locator('[name=occurrence-date]').first().fill(SOON(4));
  await page.locator('main form button').first().click();
  await page.locator('.problems').waitFor();
  assert.match(await page.locator('#champ-called-off').innerText(), /n’est pas une date de cet évènement[^]*n’est plus une date de l’évènement/);
  assert.equal(await page.locator('[name=occurrence-date]').first().inputValue(), SOON(4));
  jeanne.faults.length = 0;
  await page.locator('[name=called-off]:checked').first().uncheck();
  await page.locator('main form button').first().click();
  await page.waitForURL('**?fait=*');
  assert.equal(await page.locator('article.record s').count(), 0);
  assert.deepEqual([...jeanne.faults, ...readers.flatMap((one) => one.faults)], []);
}

export const agenda = { 'one date of a series is called off by keyboard, and struck for everybody': oneDateIsCalledOff };
