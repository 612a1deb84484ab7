// SPDX-License-Identifier: AGPL-3.0-or-later
// Files of documents, from who gives one to who has it elsewhere. Each walk is an async function of the village; what does not hold throws.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { eventually, person, signIn, violations } from './village.mjs';
import { addressOf } from './walks.mjs';

const PHONE = { width: 360, height: 740 };
const PDF = Buffer.from(`%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n${' '.repeat(1_200_000)}`);

const pdf = (name, buffer = PDF) => ({ name, mimeType: 'application/pdf', buffer });
const send = (page) => page.locator('main form button').first().click();

// Saves what a link leads to: its name, and its bytes.
async function had(page) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /^Télécharger/ }).first().click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

export const files = {
  async 'a file comes with a document, and is had in another network'(village) {
    const { page } = await person(village, village.site.mesclun, { script: false, size: PHONE });
    await signIn(page, 'jeanne@mesclun.example');
    await page.goto('/nouveau/ressource');
    const title = `Statuts à reprendre ${Date.now() % 100000}`;
    await page.fill('[name=title]', title);
    await send(page);
    await page.getByText('Donnez l’adresse de la ressource, ou joignez-la en fichier.').first().waitFor();
    await page.setInputFiles('[name=document-file]', pdf('statuts.pdf', Buffer.from('<!doctype html><script>alert(1)</script>')));
    await send(page);
    await page.getByText('Ce fichier n’est pas ce que son nom annonce').first().waitFor();
    assert.equal(await page.inputValue('[name=title]'), title, 'nothing is lost');
    await page.setInputFiles('[name=document-file]', pdf('Statuts « types ».pdf'));
    await send(page);
    await page.waitForURL('**?fait=*');
    const home = new URL(page.url()).pathname;
    assert.deepEqual(await had(page), { name: 'Statuts « types ».pdf', bytes: PDF });

    const marie = await person(village, village.site.alliance, { size: PHONE });
    let there;
    await eventually('the document is in another network, with its file', async () => {
      there = await addressOf(marie.page, '/ressources', title);
      if (!there) return false;
      await marie.page.goto(there);
      return marie.page.getByRole('link', { name: 'Télécharger (PDF, 1,2 Mo)' }).count();
    }, 60_000);
    assert.deepEqual(await violations(marie.context, marie.page), []);
    assert.ok((await marie.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, 'nothing is wider than a phone');
    assert.deepEqual(await had(marie.page), { name: 'Statuts « types ».pdf', bytes: PDF });
    const file = await marie.page.getByRole('link', { name: /^Télécharger/ }).first().getAttribute('href');

    await page.goto(`${home}/modifier`);
    await page.getByLabel('Retirer le fichier').check();
    await page.fill('[name=link]', 'https://exemple.example/statuts');
    await send(page);
    await page.waitForURL('**?fait=*');
    assert.equal(await page.getByRole('link', { name: /^Télécharger/ }).count(), 0);
    await eventually('what was taken away is had nowhere', async () => (await marie.context.request.get(file)).status() === 404);
    assert.deepEqual(marie.faults.filter((fault) => !fault.includes('404')), []);
  },
};
