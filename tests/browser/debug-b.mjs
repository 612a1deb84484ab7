import { eventually, person, signIn, village } from './village.mjs';
const place = await village();
try {
  for (const size of [{ width: 360, height: 740 }, { width: 1280, height: 900 }]) {
    const { page } = await person(place, place.site.mesclun, { size });
    await signIn(page, 'animation@mesclun.example');
    const shot = async (name) => page.screenshot({ path: `/tmp/b-${name}-${size.width}.png`, fullPage: true });
    await page.goto('/reseau/importer'); await shot('import');
    const head = 'Identifiant BDIS;Raison sociale;Présentation générale;mots-clés;Code postal;Ville;Email;Couleur';
    const rows = ['9001;La Fabrique des essais;Un atelier;zorglub, truc;6000;Nice;contact@etabli.example;rouge', '9002;;sans nom;;;;;', '9003;La Volière;x;machin;;Saint-Aubin;pas une adresse;'];
    await page.setInputFiles('[name=file]', { name: 'annuaire.csv', mimeType: 'text/csv', buffer: Buffer.from([head, ...rows, ''].join('\n')) });
    await page.locator('form[enctype] button').click();
    await page.locator('form[action$="/importer"] button').waitFor(); await shot('preview');
    await page.locator('form[action$="/importer"] button').click();
    await page.locator('.done').waitFor(); await shot('entered');
    await page.goto('/structures?q=Fabrique%20des%20essais');
    await eventually('x', async () => { await page.goto('/structures?q=Fabrique%20des%20essais'); return page.locator('h3 a').count(); });
    const href = await page.locator('h3 a').first().getAttribute('href'); console.log(href);
    await page.goto(href); await shot('sheet');
    await page.goto('/reseau/reprise'); await shot('campaign');
    const btn = page.getByRole('button', { name: /Écrire à/ }); console.log(await btn.count());
    if (await btn.count()) { await btn.click(); await page.waitForTimeout(3000); await page.goto('/reseau/reprise'); await shot('campaign2'); }
    await page.goto('/reseau/importer'); await shot('import2');
    await page.locator('a[href*="annuler"]').first().click(); await shot('undo');
    await page.locator('main form button').click();
    await page.locator('.done').waitFor(); await shot('undone');
    await page.goto('/reseau/importer');
    await page.setInputFiles('[name=file]', { name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from('a;b\n1;2\n') });
    await page.locator('form[enctype] button').click(); await page.waitForLoadState(); await shot('bad');
  }
} finally { await place.end(); }
process.exit(0);
