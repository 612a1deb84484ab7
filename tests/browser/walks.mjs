// SPDX-License-Identifier: AGPL-3.0-or-later
// What people do, step by step. Each walk is an async function of the village; what does not hold throws.
import assert from 'node:assert/strict';
import { PASSWORD, eventually, person, signIn, violations } from './village.mjs';

const DAY = 24 * 3600 * 1000;

// The number of results that a page tells.
export async function results(page) {
  return Number.parseInt(await page.locator('.summary').first().innerText(), 10);
}

export async function addressOf(page, list, title) {
  await page.goto(`${list}?q=${encodeURIComponent(title)}`);
  return page.locator('h3 a', { hasText: title }).first().getAttribute('href', { timeout: 1000 }).catch(() => null);
}

// Chooses a file of the layout of 2012 on the team's page, and looks at what it would become; without a script.
async function chooseFile(page, rows) {
  const head = 'Identifiant BDIS;Raison sociale;Présentation générale;mots-clés;Code postal;Ville;Email';
  await page.goto('/reseau');
  await page.locator('a[href="/reseau/importer"]').click();
  await page.setInputFiles('[name=file]', { name: 'annuaire.csv', mimeType: 'text/csv', buffer: Buffer.from([head, ...rows, ''].join('\n')) });
  await page.locator('form[enctype] button').click();
  await page.getByRole('button', { name: 'Renoncer et effacer le fichier' }).waitFor();
  return page.locator('main').innerText();
}

// The same, and imports it.
export async function importFile(page, rows) {
  const preview = await chooseFile(page, rows);
  await page.locator('form[action$="/importer"] button').click();
  await page.locator('.done', { hasText: 'terminé' }).waitFor();
  return preview;
}

// The text of the newest mail to an address.
export async function mailTo(village, context, address) {
  const list = await (await context.request.get(village.mails)).text();
  const line = list.split('<li>').find((one) => one.includes(address));
  const number = line?.match(/href="\/(\d+)"/)?.[1];
  return number && (await context.request.get(`${village.mails}/${number}/text`)).text();
}

// What stands before the results: where the first card is, and how many things the keyboard passes by before it.
const before = (page) => page.evaluate(() => {
  const card = document.querySelector('.cards .card');
  const reached = [...document.querySelectorAll('main a, main input, main select, main button, main summary')].filter(
    (one) => one.offsetParent && !one.closest('details:not([open]) > :not(summary)') && one.compareDocumentPosition(card) & Node.DOCUMENT_POSITION_FOLLOWING && !card.contains(one));
  return { top: card.getBoundingClientRect().top + scrollY, reached: reached.length };
});

async function chosenFiltersLeaveRoom(village) {
  const { context, page, faults } = await person(village, village.site.mesclun, { size: { width: 360, height: 740 } });
  await page.goto('/structures?departement=06');
  const { top, reached } = await before(page);
  assert.ok(top < 1800 && reached < 40, `the first card is at ${top}, behind ${reached}`);
  assert.equal(await page.locator('details.more').getAttribute('open'), null);
  assert.deepEqual(await violations(context, page), []);
  await page.getByRole('link', { name: 'Voir les résultats' }).click();
  await eventually('the results are in sight', () => page.evaluate(() => document.querySelector('#resultats').getBoundingClientRect().top < innerHeight / 2));
  const narrowed = await results(page);
  await page.locator('.chosen a', { hasText: 'Alpes-Maritimes' }).click();
  await page.waitForURL((url) => !url.search.includes('departement'));
  assert.ok((await results(page)) >= narrowed);
  assert.equal(await page.locator('.chosen').count(), 0);
  assert.deepEqual(faults, []);
}

async function onePlaceOfAnyKind(village) {
  const { page, faults } = await person(village, village.site.mesclun);
  await page.goto('/structures');
  await page.locator('.ask [name=lieu]').pressSequentially('alpes-mar');
  await eventually('a department is suggested', () => page.locator('[role=option][data-value="Alpes-Maritimes (06)"]').count());
  await page.fill('.ask [name=lieu]', 'Alpes-Maritimes (06)');
  await page.selectOption('[name=portee]', 'agit');
  await page.locator('.ask button').click();
  await page.waitForURL('**portee=agit**');
  assert.equal(await page.inputValue('[name=portee]'), 'agit');
  assert.ok(await page.locator('.chosen a', { hasText: 'agit ici : Alpes-Maritimes' }).isVisible());
  const plain = await person(village, village.site.mesclun, { script: false });
  await plain.page.goto('/structures');
  await plain.page.fill('.ask [name=lieu]', 'Vienne');
  await plain.page.locator('.ask button').click();
  await plain.page.getByRole('link', { name: 'Vienne (département)' }).click();
  assert.equal(await plain.page.inputValue('.ask [name=lieu]'), 'Vienne (86)');
  assert.ok(await plain.page.locator('.chosen a', { hasText: 'Vienne' }).isVisible());
  assert.deepEqual(faults, []);
}

async function oursOrEverybodys(village) {
  const { page, faults } = await person(village, village.site.mesclun, { script: false });
  await page.goto('/structures');
  const all = await results(page);
  await page.locator('[name=cercle]').selectOption({ label: 'Notre réseau' });
  await page.locator('.ask button').click();
  const ours = await results(page);
  assert.ok(ours > 0 && ours < all, `${ours} of ${all}`);
  assert.equal(await page.locator('.card .from').count(), 0, 'all of them are at home here');
  await page.locator('[name=cercle]').selectOption({ label: 'Tous les réseaux' });
  await page.locator('.ask button').click();
  assert.equal(await results(page), all);
  assert.deepEqual(faults, []);
}

async function aCompanyIsAskedFor(village) {
  const { page, faults } = await person(village, village.site.mesclun);
  await signIn(page, 'animation@mesclun.example');
  const name = `Comptoir ordinaire ${Date.now() % 100000}`;
  await page.goto('/nouveau/structure');
  await page.fill('[name=name]', name);
  await page.check('[name=is-company]');
  await page.locator('main form button').last().click();
  await page.waitForURL('**?fait=publie');
  assert.ok(await page.getByText('lieu non indiqué').isVisible());
  await eventually('the search finds it', async () => (await addressOf(page, '/recherche', name)) !== null);
  await page.goto(`/structures?q=${encodeURIComponent(name)}`);
  assert.equal(await page.locator('h3 a', { hasText: name }).count(), 0);
  await page.locator('details.more > summary').click();
  await page.check('[name=entreprises]');
  await page.locator('details.more button').click();
  await page.locator('.card', { hasText: name }).waitFor();
  assert.ok(await page.locator('.card', { hasText: name }).getByText('lieu non indiqué').isVisible());
  assert.deepEqual(faults, []);
}

async function aTerritoryHasCallsAndNews(village) {
  const { page, faults } = await person(village, village.site.mesclun);
  let found = 0;
  for (const list of ['/appels', '/actualites', '/produits']) {
    await page.goto(`${list}?lieu=PACA`);
    found += await results(page);
  }
  assert.ok(found > 0, 'calls, news and products are somewhere');
  await page.goto('/territoire/region/93');
  assert.ok((await page.locator('h2').count()) > 3, 'the page of a territory tells of them');
  assert.deepEqual(faults, []);
}

export const walks = {
  'chosen filters leave room for the results on a phone': chosenFiltersLeaveRoom,
  'one box takes a place of any kind, with and without a script': onePlaceOfAnyKind,
  'the directory is of our network or of all': oursOrEverybodys,
  'an ordinary company is in the directory for who asks for it': aCompanyIsAskedFor,
  'calls, news and products are in their territory': aTerritoryHasCallsAndNews,

  async 'the team imports an old file, having seen what it becomes, and takes it back'(village) {
    const { page, faults } = await person(village, village.site.mesclun, { script: false });
    await signIn(page, 'animation@mesclun.example');
    const name = `La Fabrique des essais ${Date.now() % 100000}`;
    const rows = [`9001;${name};Un atelier;zorglub;6000;Nice;`, '9002;;sans nom;;;;'];
    const preview = await importFile(page, rows);
    for (const words of ['1 fiche nouvelle', '1 ligne écartée', 'Ligne 3', 'Rien n’est encore écrit']) assert.ok(preview.includes(words), `${words}: ${preview}`);
    const visitor = await person(village, village.site.mesclun, { size: { width: 360, height: 740 } });
    let address = null;
    await eventually('the directory shows it', async () => (address = await addressOf(visitor.page, '/structures', name)));
    await visitor.page.goto(address);
    assert.ok(await visitor.page.locator('.note', { hasText: 'C’est votre structure' }).isVisible());
    assert.deepEqual(await violations(visitor.context, visitor.page), []);
    for (const [link, words] of [['lignes.csv', '9002;;sans nom'], ['rapport.csv', 'Raison sociale']]) {
      const answer = await page.request.get(await page.locator(`main a[href$="${link}"]`).getAttribute('href'));
      assert.ok(answer.ok() && (await answer.text()).includes(words), `${link}: ${await answer.text()}`);
    }
    // The same file again changes nothing, and is given up.
    const again = await chooseFile(page, rows);
    for (const words of ['aucune fiche nouvelle', '1 fiche inchangée']) assert.ok(again.includes(words), `${words}: ${again}`);
    await page.getByRole('button', { name: 'Renoncer et effacer le fichier' }).click();
    await page.goto('/reseau/importer');
    await page.locator('li', { hasText: 'annuaire.csv' }).first().locator('a').click();
    await page.locator('main form button').click();
    await page.locator('.done', { hasText: 'annulé' }).waitFor();
    assert.ok([404, 410].includes((await visitor.page.goto(address)).status()), "it is gone");
    assert.deepEqual(faults, []);
  },

  async 'a structure takes its sheet over by the letter that it was sent'(village) {
    const nora = await person(village, village.site.mesclun);
    await signIn(nora.page, 'animation@mesclun.example');
    const number = Date.now() % 100000;
    const [name, email] = [`L’Établi des essais ${number}`, `contact${number}@etabli.example`];
    await importFile(nora.page, [`${number};${name};Un atelier;;6000;Nice;${email}`]);
    assert.deepEqual(await violations(nora.context, nora.page), []);
    await nora.page.goto('/reseau/reprise');
    assert.deepEqual(await violations(nora.context, nora.page), []);
    assert.match(await nora.page.locator('.letter').innerText(), /votre fiche est en ligne, reprenez-la/);
    await nora.page.getByRole('button', { name: /Écrire à/ }).click();
    await nora.page.waitForURL('**?fait=ecrit');
    let mail = null;
    const marie = await person(village, village.site.mesclun, { size: { width: 360, height: 740 } });
    await eventually('the letter', async () => (mail = await mailTo(village, marie.context, email)));
    assert.ok(mail.includes(name) && mail.includes('Ce n’est pas nous'), mail);
    await marie.page.goto(mail.match(/https?:\/\/\S+\/reprendre\/\S+/)[0]);
    await marie.page.locator('main a[href^="/inscription"]').click();
    for (const [field, value] of [['name', 'Marie'], ['email', `marie${number}@etabli.example`], ['password', 'un long mot de passe']]) {
      await marie.page.fill(`[name=${field}]`, value);
    }
    await marie.page.locator('main form button').last().click();
    await marie.page.waitForURL('**/reprendre/**');
    await marie.page.locator('main form button').click();
    await marie.page.waitForURL('**?fait=repris');
    assert.ok(await marie.page.locator('a[href$="/modifier"]').isVisible());
    assert.equal(await marie.page.locator('.note').count(), 0);
    await nora.page.goto('/reseau/reprise');
    assert.ok((await nora.page.locator('main').innerText()).includes('1 fiche reprise depuis'));
    assert.deepEqual([...marie.faults, ...nora.faults], []);
  },

  async 'a citizen on a phone finds a structure with the box of any page'(village) {
    const { page, faults } = await person(village, village.site.mesclun, { size: { width: 360, height: 740 } });
    await page.goto('/');
    const box = page.locator('header input[name=q]');
    await box.pressSequentially('marmi');
    await eventually('a suggestion', () => page.locator('[role=option]', { hasText: 'armite' }).count());
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
    await page.fill('.ask [name=lieu]', 'Nice');
    await page.locator('.ask button').click();
    const near = await results(page);
    assert.ok(near <= some && (await page.locator('.facts', { hasText: 'km' }).count()) > 0);
    await page.getByRole('link', { name: 'Tout afficher' }).click();
    assert.equal(await results(page), all);
    await page.goto('/recherche?q=zzzzzzz');
    assert.ok(await page.locator('.empty').isVisible());
  },

  async 'a reader takes the agenda along'(village) {
    const { page, context } = await person(village, village.site.apeas);
    await page.goto('/agenda');
    assert.ok(await page.getByRole('heading', { name: 'À venir' }).isVisible());
    assert.ok(await page.locator('.day .card').count(), 'whatever day it is, what comes next is there');
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

  async 'an animator asks for changes, publishes, and sees to what a visitor reports'(village) {
    const lea = await person(village, village.site.mesclun, { size: { width: 360, height: 740 }, script: false });
    const mark = Date.now() % 100000;
    await lea.page.goto('/inscription');
    await lea.page.fill('[name=name]', 'Léa Martin');
    await lea.page.fill('[name=email]', `lea${mark}@courriel.example`);
    await lea.page.fill('[name=password]', PASSWORD);
    await lea.page.locator('main form button').last().click();
    await lea.page.waitForURL('**/mon-espace*');
    const title = `Cours de vannerie ${mark}`;
    const propose = async (title) => {
      await lea.page.goto('/nouveau/annonce');
      await lea.page.check('[name=direction][value=offer]');
      await lea.page.check('[name=type][value=service]');
      await lea.page.fill('[name=title]', title);
      await lea.page.locator('main form button').last().click();
      await lea.page.waitForURL('**?fait=propose');
      return new URL(lea.page.url()).pathname;
    };
    const address = await propose(title);
    const sami = await person(village, village.site.mesclun);
    await signIn(sami.page, 'animation@mesclun.example');
    const entry = () => sami.page.locator('article.waiting', { hasText: title });
    await sami.page.goto('/reseau');
    await sami.page.locator('a[href="/reseau/a-relire"]').click();
    sami.faults.length = 0;
    await entry().getByRole('button', { name: 'Demander des modifications' }).click();
    assert.match(await sami.page.locator('.problems').innerText(), /au moins une phrase/);
    // What is answered with 422 on purpose is a fault to the browser.
    sami.faults.length = 0;
    await entry().getByLabel('Une phrase').fill('Dans quelle commune ?');
    await entry().getByRole('button', { name: 'Demander des modifications' }).click();
    await sami.page.locator('.done').waitFor();
    await lea.page.goto('/mon-espace');
    assert.match(await lea.page.locator('main').innerText(), /Dans quelle commune/);
    await lea.page.goto(`${address}/modifier`);
    await lea.page.fill('[name=place]', 'Nice');
    await lea.page.locator('main form button').first().click();
    await lea.page.waitForURL('**?fait=propose');
    await sami.page.goto('/reseau/a-relire');
    await entry().getByRole('button', { name: 'Publier' }).click();
    await sami.page.locator('.done').waitFor();
    const visitor = await person(village, village.site.mesclun, { script: false });
    await visitor.page.goto(address);
    await visitor.page.getByRole('link', { name: 'Signaler cette fiche' }).click();
    await visitor.page.getByLabel('Ce n’est plus actuel').check();
    await visitor.page.fill('[name=sentence]', 'Le cours est fini.');
    await visitor.page.locator('main form button').last().click();
    await visitor.page.locator('.done').waitFor();
    // Two more wait, and one for its author: the pages are looked at with something on them.
    for (const number of [1, 2, 3, 4]) await propose(`${title}, n° ${number}`);
    await lea.page.goto(`${address}/modifier`);
    await sami.page.goto('/reseau/a-relire');
    const other = sami.page.locator('article.waiting', { hasText: `${title}, n° 3` });
    await other.getByLabel('Cocher').check();
    await sami.page.getByLabel('Une phrase pour toutes').fill('Une seule annonce suffit : réunissez-les.');
    await sami.page.getByRole('button', { name: 'Demander des modifications pour les fiches cochées' }).click();
    await sami.page.locator('.done').waitFor();
    const refused = sami.page.locator('article.waiting', { hasText: `${title}, n° 4` });
    assert.match(await refused.innerText(), /se publie d’elle-même le/, 'the day on which it publishes itself is said');
    await refused.getByLabel('Une phrase').fill('C’est la même que la première.');
    await refused.getByRole('button', { name: 'Refuser' }).focus();
    await sami.page.keyboard.press('Enter');
    await sami.page.locator('.done').waitFor();
    await lea.page.goto('/mon-espace');
    assert.match(await lea.page.locator('main').innerText(), /C’est la même que la première/);
    await sami.page.goto('/reseau/signalements');
    assert.match(await sami.page.locator('article', { hasText: title }).innerText(), /Le cours est fini/);
    assert.deepEqual([...lea.faults, ...sami.faults, ...visitor.faults], []);
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
      // Of the second it is asked whether it is not the first.
      if (written !== name) await page.getByRole('button', { name: /^Non, c’est une autre/ }).first().click();
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

  async 'a structure moves to another network when both teams say so'(village) {
    const marie = await person(village, village.site.alliance, { script: false });
    await signIn(marie.page, 'animation@alliance.example');
    const name = `La Nacelle ${Date.now() % 100000}`;
    await marie.page.goto('/nouveau/structure');
    await marie.page.fill('[name=name]', name);
    await marie.page.locator('main form button').last().click();
    await marie.page.waitForURL('**?fait=*');
    const { page, faults } = await person(village, village.site.mesclun, { script: false, size: { width: 360, height: 740 } });
    await signIn(page, 'animation@mesclun.example');
    const sheet = page.getByRole('link', { name, exact: true });
    await eventually('the other network knows it', async () => {
      await page.goto(`/structures?q=${encodeURIComponent(name)}`);
      return sheet.count();
    });
    await sheet.click();
    await page.waitForLoadState();
    const before = page.url();
    await page.getByRole('link', { name: 'Accueillir cette structure dans notre réseau' }).click();
    await page.getByRole('button', { name: 'Accueillir', exact: true }).click();
    await page.waitForURL('**?fait=accueillie');
    assert.match(await page.locator('main').innerText(), new RegExp(`Arrivées en attente[^]*${name}`));
    const leave = marie.page.getByRole('link', { name: `Laisser partir… : ${name}` });
    await eventually('the old home hears of it', async () => {
      await marie.page.goto('/reseau/deplacements');
      return leave.count();
    });
    await leave.click();
    await marie.page.getByRole('button', { name: 'Laisser partir', exact: true }).click();
    await marie.page.waitForURL('**?fait=laissee');
    await eventually('the old name leads to the new one', async () => {
      await page.goto(before);
      return page.url() !== before && (await page.getByRole('heading', { name }).count());
    });
    assert.deepEqual([...faults, ...marie.faults], []);
  },

  async 'a member chooses how often to be written to, by keyboard'(village) {
    const { page, faults } = await person(village, village.site.mesclun, { script: false });
    await signIn(page, 'jeanne@mesclun.example');
    const choose = async (key) => {
      await page.goto('/mon-espace');
      await page.locator('[name=mails]:checked').focus();
      await page.keyboard.press(key);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.waitForURL('**?fait=preferences');
      assert.match(await page.locator('.done').innerText(), /Votre choix est enregistré/);
      return page.locator('[name=mails]:checked').getAttribute('value');
    };
    assert.equal(await choose('ArrowDown'), 'daily');
    assert.equal(await choose('ArrowUp'), 'at-once');
    assert.deepEqual(faults, []);
  },

  async 'what was typed is kept, and what is wrong is said beside its field'(village) {
    const { page, faults } = await person(village, village.site.mesclun, { script: false, size: { width: 360, height: 740 } });
    await signIn(page, 'jeanne@mesclun.example');
    await page.goto('/nouveau/annonce');
    const title = `Prêt de bancs ${Date.now() % 100000}`;
    await page.check('[name=direction][value=offer]');
    await page.check('[name=type][value=product]');
    await page.fill('[name=title]', title);
    await page.fill('[name=place]', 'Atlantide');
    await page.locator('main form button').first().click();
    await page.locator('.problems').waitFor();
    // What is answered with 422 on purpose is a fault to the browser.
    faults.length = 0;
    assert.equal(await page.inputValue('[name=title]'), title);
    assert.equal(await page.getAttribute('[name=place]', 'aria-invalid'), 'true');
    await page.locator('.problems a').first().click();
    await page.locator('[name=place]').focus();
    await page.fill('[name=place]', 'Nice');
    await page.keyboard.press('Enter');
    await page.waitForURL('**?fait=*');
    assert.match(await page.locator('main').innerText(), new RegExp(`${title}[^]*Nice`));
    assert.deepEqual(faults, []);
  },

  async 'a commune and a structure are found while typing, by keyboard'(village) {
    const { page, context, faults } = await person(village, village.site.mesclun);
    await page.goto('/structures');
    const place = page.locator('[name=lieu]');
    await place.pressSequentially('vence');
    await eventually('suggestions', () => page.locator('[role=listbox]:visible [role=option]').count());
    await eventually('they are announced', async () => /proposition/.test((await page.locator('form#filtres [role=status]').allInnerTexts()).join(' ')));
    assert.deepEqual(await violations(context, page), []);
    await page.keyboard.press('ArrowDown');
    assert.equal(await place.getAttribute('aria-activedescendant'), await page.locator('[aria-selected=true]').getAttribute('id'));
    await page.keyboard.press('Escape');
    assert.equal(await place.getAttribute('aria-expanded'), 'false');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.match(await place.inputValue(), /^Vence \(06157\)$/);
    await page.keyboard.press('Enter');
    await page.waitForURL('**lieu=Vence*');
    await signIn(page, 'jeanne@mesclun.example');
    await page.goto('/nouveau/lien');
    const name = page.locator('[name=object-label]');
    await name.pressSequentially('la tomme');
    const option = page.locator('[role=option]', { hasText: 'Alliance Provence' });
    await option.waitFor();
    assert.match(await option.innerText(), /La Tomme vagabonde\s+Barcelonnette · Alliance Provence/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.match(await page.inputValue('[name=object]'), /\/id\/structure\//);
    assert.match(await page.locator('.linked').innerText(), /mène à sa fiche/);
    await name.pressSequentially('!');
    assert.equal(await page.inputValue('[name=object]'), '', 'another name is not hers');
    await page.keyboard.press('Backspace');
    await page.locator('[role=option]', { hasText: 'Alliance Provence' }).click();
    await page.locator('[name=relation-kind]').selectOption('partner');
    await page.locator('main form button').first().click();
    await page.waitForURL('**?fait=publie');
    for (const [path, field, value] of [['/nouveau/lien', 'object-label', 'marmites'], ['/nouveau/structure', 'name', 'Le Lavoir']]) {
      await page.goto(path);
      await page.fill(`[name=${field}]`, value);
      if (field === 'name') await page.locator('[name=site-commune]').first().fill('Le Luc (83073)');
      await page.locator('main form button').last().click();
      await page.locator('.question').waitFor();
      assert.deepEqual(await violations(context, page), []);
    }
    assert.deepEqual(faults, []);
  },

  async 'without a script a name leads to a choice, and a structure that is there is shown before it is saved again'(village) {
    const { page, faults } = await person(village, village.site.mesclun, { script: false, size: { width: 360, height: 740 } });
    await signIn(page, 'jeanne@mesclun.example');
    await page.goto('/nouveau/lien');
    await page.fill('[name=object-label]', 'marmites');
    await page.locator('main form button').first().click();
    await page.locator('.question').waitFor();
    assert.ok(await page.getByLabel('Aucune de celles-ci').isVisible());
    await page.getByLabel('Les Marmites paysannes – Toulon · Alliance Provence').check();
    await page.locator('main form button').first().click();
    await page.waitForURL('**?fait=publie');
    assert.match(await page.locator('main').innerText(), /Les Marmites paysannes/);
    await page.goto('/nouveau/structure');
    for (const [field, value] of [['name', 'La roue tourne'], ['tagline', 'Des vélos'], ['site-commune', 'Nice']]) {
      await page.locator(`[name=${field}]`).first().fill(value);
    }
    await page.locator('main form button').last().click();
    await page.locator('.question').waitFor();
    assert.match(await page.locator('.question').innerText(), /La Roue tourne[^]*le même nom[^]*C’est elle/);
    assert.equal(await page.inputValue('[name=tagline]'), 'Des vélos');
    await page.locator('.question button').click();
    await page.waitForURL('**?fait=propose');
    assert.deepEqual(faults, []);
  },

  async 'from a structure one comes to all there is around it'(village) {
    const { page, faults } = await person(village, village.site.mesclun, { script: false });
    await page.goto('/structures?q=nice');
    await page.locator('h3 a').first().click();
    await page.locator('address a').first().click();
    await page.waitForURL('**/territoire/commune/*');
    const commune = await page.locator('h1').innerText();
    await page.locator('main section a', { hasText: /voir|tout|toutes|tous/i }).first().click();
    await page.waitForURL('**territoire=commune*');
    assert.match(await page.locator('main').innerText(), new RegExp(commune));
    assert.deepEqual(faults, []);
  },
};
