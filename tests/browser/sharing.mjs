// SPDX-License-Identifier: AGPL-3.0-or-later
// What people tell each other: links between structures, what concerns somebody, roles, records of every kind. Each walk is an async function
// of the village; what does not hold throws.
import assert from 'node:assert/strict';
import { FOLDS, PASSWORD, eventually, person, signIn, tabTo } from './village.mjs';
import { addressOf, importFile, mailTo } from './walks.mjs';

const SOON = (days) => new Date(Date.now() + days * 24 * 3600 * 1000).toISOString().slice(0, 10);
const MARK = () => Date.now() % 100000;

// Ticks a concept of a tree, whose branch is opened first.
async function tick(page, name, value) {
  const box = page.locator(`[name="${name}"][value="${value}"]`).first();
  const branch = page.locator('details', { has: box }).last();
  if ((await branch.count()) && (await branch.getAttribute('open')) === null) await branch.locator('summary').first().click();
  await box.check();
}

// Sends the form of a page, and says where its record is.
async function send(page) {
  await page.locator('main form button').first().click();
  // Where a structure may be there already, that is asked first.
  const other = page.getByRole('button', { name: /^Non, c’est une autre/ }).first();
  await Promise.race([page.waitForURL('**?fait=*'), other.waitFor()]);
  if (await other.isVisible()) await other.click();
  await page.waitForURL('**?fait=*');
  return new URL(page.url()).pathname;
}

async function announce(page, { direction, title, skill, place = 'Nice' }) {
  await page.goto('/nouveau/annonce');
  await page.check(`[name=direction][value=${direction}]`);
  await page.check('[name=type][value=service]');
  await page.fill('[name=title]', title);
  await page.fill('[name=place]', place);
  await tick(page, 'skills', skill);
  return send(page);
}

// The texts of all mails to an address that tell of something.
async function mailsTo(village, context, address, words) {
  const list = await (await context.request.get(village.mails)).text();
  const numbers = list.split('<li>').filter((one) => one.includes(`→ ${address} `)).map((one) => one.match(/href="\/(\d+)"/)[1]);
  const texts = await Promise.all(numbers.map(async (number) => (await context.request.get(`${village.mails}/${number}/text`)).text()));
  return texts.filter((text) => text.includes(words));
}

export const sharing = {
  async 'a link between structures of two networks is declared on one site and confirmed on the other'(village) {
    const jeanne = await person(village, village.site.mesclun);
    const marie = await person(village, village.site.alliance, { script: false, size: { width: 360, height: 740 } });
    await signIn(jeanne.page, 'jeanne@mesclun.example');
    await signIn(marie.page, 'marie@alliance.example');
    const lopin = await addressOf(jeanne.page, '/structures', 'Le Lopin de Simone');
    const copied = new URL(lopin, village.site.mesclun).href;
    const lavoir = await addressOf(jeanne.page, '/structures', 'Le Lavoir');
    await jeanne.page.goto(lavoir);
    await jeanne.page.getByRole('link', { name: 'Déclarer un lien avec une autre structure' }).click();
    await jeanne.page.selectOption('[name=relation-kind]', 'technical-support');
    const detail = `prêt de la buanderie, n° ${MARK()}`;
    await jeanne.page.fill('[name=object-label]', copied);
    await jeanne.page.fill('[name=detail]', detail);
    await jeanne.page.locator('[name=detail]').press('Enter');
    await jeanne.page.waitForURL('**?fait=*');
    const line = (someone) => someone.page.locator('#liens li', { hasText: detail });
    const theirs = await (async () => {
      let address = null;
      await eventually('the other network shows it', async () => {
        address ??= await addressOf(marie.page, '/structures', 'Le Lopin de Simone');
        await marie.page.goto(address);
        return line(marie).count();
      });
      return address;
    })();
    assert.match(await line(marie).innerText(), /Le Lavoir[^]*pas encore confirmé/);
    await jeanne.page.goto(lavoir);
    assert.match(await line(jeanne).innerText(), /Le Lopin de Simone[^]*pas encore confirmé/);
    assert.equal(await line(jeanne).getByRole('button', { name: 'Confirmer' }).count(), 0, 'nobody confirms their own word');
    await line(marie).getByRole('button', { name: 'Confirmer' }).focus();
    await marie.page.keyboard.press('Enter');
    await marie.page.waitForURL('**?fait=accord*');
    await marie.page.goto(theirs);
    const visitor = await person(village, village.site.apeas, { script: false });
    for (const [someone, address] of [[marie, theirs], [jeanne, lavoir], [jeanne, lopin]]) {
      await eventually(`confirmed at ${address}`, async () => {
        await someone.page.goto(address);
        return line(someone).locator('.confirmed').count();
      });
    }
    for (const title of ['Le Lopin de Simone', 'Le Lavoir']) {
      await eventually(`a third network shows it with ${title}`, async () => {
        await visitor.page.goto(await addressOf(visitor.page, '/structures', title));
        return line(visitor).locator('.confirmed').count();
      });
    }
    assert.deepEqual([...jeanne.faults, ...marie.faults, ...visitor.faults], []);
  },

  async 'a link that would tell a confided name is asked about, and stands beside its structures for members alone'(village) {
    const sami = await person(village, village.site.mesclun);
    await signIn(sami.page, 'animation@mesclun.example');
    await sami.page.goto('/nouveau/structure');
    const name = `La Réserve des Loriots n° ${MARK()}`;
    await sami.page.fill('[name=name]', name);
    await sami.page.check('[name=audience][value=network]');
    const address = new URL(await send(sami.page), village.site.mesclun).href;
    const jeanne = await person(village, village.site.mesclun, { script: false, size: { width: 360, height: 740 } });
    await signIn(jeanne.page, 'jeanne@mesclun.example');
    const lavoir = await addressOf(jeanne.page, '/structures', 'Le Lavoir');
    await jeanne.page.goto(lavoir);
    await jeanne.page.getByRole('link', { name: 'Déclarer un lien avec une autre structure' }).click();
    await jeanne.page.fill('[name=object-label]', address);
    await jeanne.page.locator('[name=detail]').press('Enter');
    const question = jeanne.page.getByRole('alert');
    assert.match(await question.innerText(), /Plus de monde lirait ce nom/);
    await question.getByRole('link', { name: 'Qui verra ce lien' }).click();
    assert.ok(await jeanne.page.locator('[name=audience][value=network]').isChecked(), 'the narrower is chosen');
    await jeanne.page.locator('[name=detail]').press('Enter');
    await jeanne.page.waitForURL('**?fait=*');
    const visitor = await person(village, village.site.mesclun, { script: false });
    for (const [someone, count] of [[jeanne, 1], [visitor, 0]]) {
      await someone.page.goto(lavoir);
      assert.equal(await someone.page.locator('#liens li', { hasText: name }).count(), count);
    }
    assert.match(await jeanne.page.locator('#liens li', { hasText: name }).innerText(), /réservé aux membres/);
    assert.deepEqual([...sami.faults, ...jeanne.faults, ...visitor.faults], []);
  },

  // The demonstration ends a day every few seconds; a week ends on Mondays all the same.
  async 'a day’s announcements come in one mail, a week’s not before Monday, and nothing twice'(village) {
    const karim = await person(village, village.site.mesclun, { script: false });
    const marie = await person(village, village.site.alliance, { script: false });
    await signIn(karim.page, 'karim@mesclun.example');
    await signIn(marie.page, 'marie@alliance.example');
    const choose = async (rhythm) => {
      await karim.page.goto('/mon-espace');
      await karim.page.locator('[name=mails]:checked').focus();
      for (let step = 0; step < 4 && !(await karim.page.locator(`[name=mails][value=${rhythm}]`).isChecked()); step += 1) {
        await karim.page.keyboard.press('ArrowDown');
      }
      await karim.page.keyboard.press('Tab');
      await karim.page.keyboard.press('Enter');
      await karim.page.waitForURL('**?fait=preferences');
      assert.ok(await karim.page.locator(`[name=mails][value=${rhythm}]`).isChecked(), rhythm);
    };
    const known = (title) => eventually(`the notice of ${title}`, async () => {
      await karim.page.goto('/mes-avis');
      return karim.page.locator('main', { hasText: title }).count();
    });
    const told = (title) => mailsTo(village, karim.context, 'karim@mesclun.example', title);
    const mark = MARK();
    const titles = ['un', 'deux'].map((number) => `Local pour le jeudi, ${number} ${mark}`);
    await choose('daily');
    for (const title of titles) await announce(marie.page, { direction: 'demand', title, skill: 'premises' });
    for (const title of titles) {
      await known(title);
      await eventually(`the mail about ${title}`, async () => (await told(title)).length);
    }
    await new Promise((later) => setTimeout(later, 2_000 * FOLDS));
    for (const title of titles) {
      const mails = await told(title);
      assert.equal(mails.length, 1, `${title} is told once`);
      assert.match(mails[0], /Vous avez choisi un message par jour[^]*Parce que la fiche de La Maison des galets indique/);
    }
    await choose('weekly');
    const late = `Local pour le vendredi ${mark}`;
    await announce(marie.page, { direction: 'demand', title: late, skill: 'premises' });
    await known(late);
    await new Promise((later) => setTimeout(later, 2_000 * FOLDS));
    assert.deepEqual(await told(late), [], 'the week is not over');
    // Whoever changes their mind takes along what waits.
    await choose('at-once');
    await eventually('the mail at once', async () => (await told(late)).length);
    assert.ok(!(await told(late))[0].includes('un message par'));
    await choose('never');
    const silent = `Local pour le samedi ${mark}`;
    await announce(marie.page, { direction: 'demand', title: silent, skill: 'premises' });
    await known(silent);
    assert.deepEqual(await told(silent), []);
    await choose('at-once');
    assert.deepEqual([...karim.faults, ...marie.faults], []);
  },

  async 'a demand’s page names what is offered for it, and the offer’s page the demand'(village) {
    const jeanne = await person(village, village.site.mesclun, { script: false });
    const marie = await person(village, village.site.alliance, { script: false });
    await signIn(jeanne.page, 'jeanne@mesclun.example');
    await signIn(marie.page, 'marie@alliance.example');
    const mark = MARK();
    const [wanted, offered, other] = [`Cherche harpe à réaccorder ${mark}`, `Accord de harpes ${mark}`, `Accord de pianos à Gap ${mark}`];
    const demand = await announce(jeanne.page, { direction: 'demand', title: wanted, skill: 'sound-podcast' });
    const offer = await announce(marie.page, { direction: 'offer', title: offered, skill: 'sound-podcast' });
    await announce(marie.page, { direction: 'offer', title: other, skill: 'sound-podcast', place: 'Gap' });
    const beside = async (page, heading, title) => {
      await page.reload();
      const part = page.locator('section', { has: page.getByRole('heading', { name: heading }) });
      return (await part.count()) && (await part.innerText()).includes(title);
    };
    await jeanne.page.goto(demand);
    await eventually('the offer beside the demand', () => beside(jeanne.page, 'Ce qui est proposé et pourrait convenir', offered));
    await jeanne.page.goto(demand);
    assert.ok(!(await jeanne.page.locator('main').innerText()).includes(other), 'too far away');
    await jeanne.page.getByRole('link', { name: offered }).click();
    await jeanne.page.waitForLoadState();
    assert.match(await jeanne.page.locator('h1').innerText(), new RegExp(offered));
    await marie.page.goto(offer);
    await eventually('the demand beside the offer', () => beside(marie.page, 'Ce qui est recherché et pourrait convenir', wanted));
    assert.deepEqual([...jeanne.faults, ...marie.faults], []);
  },

  async 'a project becomes a structure with hours, labels of their time and people, on a phone and without a script'(village) {
    const { page, faults } = await person(village, village.site.mesclun, { script: false, size: { width: 360, height: 740 } });
    await signIn(page, 'animation@mesclun.example');
    const name = `La Criée des collines ${MARK()}`;
    await page.goto('/nouveau/structure');
    await page.fill('[name=name]', name);
    await page.selectOption('[name=project-stage]', { index: 1 });
    await page.fill('[name=bearer-label]', 'Les Amis de la criée');
    await page.locator('[name=site-commune]').first().fill('Nice (06088)');
    await page.locator('[name=site-hours]').first().fill('Sa 09:00-12:30');
    const label = page.locator('select[name=label]').first();
    await label.selectOption({ index: 1 });
    const granted = (await label.locator('option:checked').innerText()).trim();
    await page.locator('[name=label-from]').first().fill('2024-03-01');
    await page.locator('[name=label-until]').first().fill('2029-02-28');
    await page.fill('[name=tags]', 'marché du soir');
    const address = await send(page);
    const sheet = await page.locator('main').innerText();
    for (const words of [granted, '2024', '2029', 'Les Amis de la criée', '12', '#marche-du-soir']) assert.ok(sheet.includes(words), `${words}: ${sheet}`);
    const visitor = await person(village, village.site.alliance, { script: false });
    let known = null;
    await eventually('another network shows it', async () => (known = await addressOf(visitor.page, '/structures', name)));
    await visitor.page.goto(known);
    const there = await visitor.page.locator('main').innerText();
    assert.ok(there.includes(granted) && there.includes('2029') && there.includes('Mesclun'), there);
    // "I belong to it": asked by a citizen, confirmed by the team, shown by the role.
    const lea = await person(village, village.site.mesclun, { script: false });
    await lea.page.goto('/inscription');
    for (const [field, value] of [['name', 'Olga Serin'], ['email', `olga${MARK()}@courriel.example`], ['password', PASSWORD]]) await lea.page.fill(`[name=${field}]`, value);
    await lea.page.locator('main form button').last().click();
    await lea.page.waitForURL('**/mon-espace*');
    await lea.page.goto(address);
    await lea.page.getByRole('link', { name: 'Je fais partie de cette structure' }).click();
    await lea.page.locator('[name=role]').first().waitFor();
    await lea.page.check('[name=person-agrees]');
    await lea.page.locator('main form button').last().click();
    await lea.page.waitForURL('**?fait=demande');
    await page.goto('/reseau');
    const asked = page.locator('li, article', { hasText: name }).last();
    await asked.getByRole('button', { name: /Confirmer|Accepter/ }).first().click();
    await page.waitForLoadState();
    await lea.page.goto('/mon-espace');
    assert.match(await lea.page.locator('main').innerText(), new RegExp(name));
    await visitor.page.goto(village.site.mesclun + address);
    assert.match(await visitor.page.locator('main').innerText(), /Olga Serin/, 'people, by role');
    assert.deepEqual([...faults, ...lea.faults], []);
  },

  async 'an ordinary company says that it is one, by keyboard'(village) {
    const { page, faults } = await person(village, village.site.mesclun);
    await signIn(page, 'animation@mesclun.example');
    await page.goto('/nouveau/structure');
    await tabTo(page, page.locator('[name=name]'));
    await page.keyboard.type(`Menuiserie Ferrand ${MARK()}`);
    await tabTo(page, page.locator('[name=is-company]'), 600);
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.waitForURL('**?fait=*');
    assert.match(await page.locator('.record .badge').innerText(), /Entreprise/);
    assert.deepEqual(faults, []);
  },

  async 'an event that comes again is typed, found, and called off'(village) {
    const { page, context, faults } = await person(village, village.site.mesclun, { script: false });
    await signIn(page, 'jeanne@mesclun.example');
    const title = `Veillée des lavandières ${MARK()}`;
    await page.goto('/nouveau/evenement');
    await page.fill('[name=title]', title);
    await page.locator('[name=occurrence-date]').first().fill(SOON(3));
    await page.locator('[name=occurrence-time]').first().fill('19:00');
    await page.locator('[name=occurrence-end-time]').first().fill('21:30');
    await page.selectOption('[name=repeats]', 'weekly');
    await page.fill('[name=repeats-until]', SOON(24));
    await page.fill('[name=place]', 'Nice');
    const address = await send(page);
    assert.match(await page.locator('main').innerText(), /semaine/);
    const there = await person(village, village.site.apeas, { script: false });
    await eventually('each of its days is in what is to come', async () => {
      await there.page.goto(`/agenda?q=${encodeURIComponent(title)}`);
      return (await there.page.locator('.day h3 a', { hasText: title }).count()) === 4;
    });
    await page.goto(`${address}/modifier`);
    await page.check('[name=event-state][value=cancelled]');
    await send(page);
    assert.match(await page.locator('article.record').innerText(), /Annulé/i);
    await eventually('the others say so too', async () => {
      await there.page.goto(`/agenda?mois=${SOON(3).slice(0, 7)}&q=${encodeURIComponent(title)}`);
      return there.page.locator('.cancelled', { hasText: title }).count();
    });
    const calendar = await (await context.request.get(`/agenda.ics?q=${encodeURIComponent(title)}`)).text();
    assert.equal(calendar.match(/STATUS:CANCELLED/g)?.length, 4);
    assert.deepEqual([...faults, ...there.faults], []);
  },

  async 'the team names an editor, whose news, product, resource, job and call are out at once, in every network'(village) {
    const sami = await person(village, village.site.mesclun);
    await signIn(sami.page, 'animation@mesclun.example');
    const ada = await person(village, village.site.mesclun, { script: false });
    const mark = MARK();
    await ada.page.goto('/inscription');
    for (const [field, value] of [['name', `Ada Plume ${mark}`], ['email', `ada${mark}@courriel.example`], ['password', PASSWORD]]) await ada.page.fill(`[name=${field}]`, value);
    await ada.page.locator('main form button').last().click();
    await ada.page.waitForURL('**/mon-espace*');
    await sami.page.goto(`/reseau/personnes?q=${encodeURIComponent(`Ada Plume ${mark}`)}`);
    const role = sami.page.locator('li, article, tr', { hasText: `Ada Plume ${mark}` }).last().locator('select');
    await tabTo(sami.page, role);
    for (let step = 0; step < 4 && (await role.inputValue()) !== 'editor'; step += 1) await sami.page.keyboard.press('ArrowDown');
    assert.equal(await role.inputValue(), 'editor');
    await sami.page.keyboard.press('Tab');
    await sami.page.keyboard.press('Enter');
    await sami.page.waitForURL('**fait=*');
    // Whoever gets another role comes in anew.
    await signIn(ada.page, `ada${mark}@courriel.example`);
    ada.faults.length = 0;
    const kinds = {
      actualite: ['/actualites', { title: 'Nos lavoirs racontés', summary: 'Une page d’histoire.', text: 'Il était une fois.' }],
      produit: ['/produits', { title: 'Lessive de cendre', 'provider-label': 'Les Cendriers' }],
      ressource: ['/ressources', { title: 'Guide du lavoir', author: 'Ada', link: 'https://lavoir.example/guide' }],
      emploi: ['/emplois', { title: 'Lavandière ou lavandier', 'employer-label': 'Les Cendriers', place: 'Nice' }],
      appel: ['/appels', { title: 'Contes de lavoir', 'bearer-label': 'Les Cendriers' }],
    };
    const elsewhere = await person(village, village.site.alliance, { script: false });
    for (const [kind, [list, fields]] of Object.entries(kinds)) {
      assert.equal((await ada.page.goto(`/nouveau/${kind}`)).status(), 200, kind);
      for (const [name, value] of Object.entries(fields)) await ada.page.fill(`[name=${name}]`, name === 'title' ? `${value} ${mark}` : value);
      if (await ada.page.locator('[name=contract]').count()) await ada.page.locator('[name=contract]').first().check();
      if (await ada.page.locator('[name=call-type]').count()) await ada.page.locator('[name=call-type]').first().check();
      await ada.page.locator('main form button').first().click();
      await ada.page.waitForURL('**?fait=publie*');
      await eventually(`${list} of another network shows it`, () => addressOf(elsewhere.page, list, `${fields.title} ${mark}`));
    }
    assert.deepEqual([...sami.faults, ...ada.faults, ...elsewhere.faults], []);
  },

  async 'whoever wants no letters about an old sheet says so by a link, without an account'(village) {
    const sami = await person(village, village.site.mesclun, { script: false });
    await signIn(sami.page, 'animation@mesclun.example');
    const number = MARK();
    const [name, email] = [`La Vieille Fontaine ${number}`, `contact${number}@fontaine.example`];
    await importFile(sami.page, [`${number};${name};Une fontaine;;6000;Nice;${email}`]);
    const visitor = await person(village, village.site.mesclun, { script: false, size: { width: 360, height: 740 } });
    let sheet = null;
    await eventually('the sheet', async () => (sheet = await addressOf(visitor.page, '/structures', name)));
    await visitor.page.goto(sheet);
    await visitor.page.locator('.note form button').click();
    await visitor.page.waitForURL('**?fait=reprise-demandee');
    assert.ok(!(await visitor.page.locator('main').innerText()).includes(email), 'the address is told to nobody');
    let mail = null;
    await eventually('the letter that was asked for', async () => (mail = await mailTo(village, visitor.context, email)));
    await visitor.page.goto(mail.match(/https?:\/\/\S+\/ne-plus-nous-ecrire\/\S+/)[0]);
    await visitor.page.locator('main form button').focus();
    await visitor.page.keyboard.press('Enter');
    await eventually('the refusal is kept', async () => {
      await sami.page.goto('/reseau/reprise');
      return /1 ne veut plus de ces messages/.test(await sami.page.locator('main .counts').innerText());
    });
    assert.deepEqual([...sami.faults, ...visitor.faults], []);
  },

  async 'two sheets of one structure in two networks are linked, and each page names the other'(village) {
    const odile = await person(village, village.site.alliance, { script: false });
    const sami = await person(village, village.site.mesclun, { script: false });
    await signIn(odile.page, 'animation@alliance.example');
    await signIn(sami.page, 'animation@mesclun.example');
    const name = `Les Ruches du Loup ${MARK()}`;
    const addresses = [];
    for (const { page } of [odile, sami]) {
      await page.goto('/nouveau/structure');
      await page.fill('[name=name]', name);
      await page.locator('[name=site-commune]').first().fill('Vence (06157)');
      addresses.push(await send(page));
    }
    const pair = sami.page.locator('.pair', { hasText: name });
    await eventually('the two are proposed', async () => {
      await sami.page.goto('/reseau/doublons');
      return pair.count();
    });
    await pair.getByRole('button', { name: /^C’est la même/ }).focus();
    await sami.page.keyboard.press('Enter');
    await sami.page.waitForURL('**&fait=lie');
    const visitor = await person(village, village.site.alliance, { script: false });
    await eventually('the other network names it', async () => {
      await visitor.page.goto(addresses[0]);
      return visitor.page.locator('.also', { hasText: 'Mesclun' }).count();
    });
    await sami.page.goto('/reseau/doublons?vue=liees');
    await pair.getByRole('button', { name: /^(Ne plus|Délier|Retirer|Défaire)/ }).first().click();
    await sami.page.waitForLoadState();
    await eventually('and no longer', async () => {
      await visitor.page.goto(addresses[0]);
      return !(await visitor.page.locator('.also').count());
    });
    assert.deepEqual([...odile.faults, ...sami.faults, ...visitor.faults], []);
  },
};
