// SPDX-License-Identifier: AGPL-3.0-or-later
// A demonstration that runs, and people who come to it with a browser.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const ROOT = new URL('../..', import.meta.url).pathname;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const PASSWORD = 'demonstration';
// A phone, and a desk.
export const SIZES = [{ width: 360, height: 740 }, { width: 1280, height: 900 }];
// What is kept for a day's or a week's mail is looked at this often, in seconds: as if each time were a day's end.
export const FOLDS = 5;
const SITES = ['paca', 'apeas', 'alliance', 'mesclun'];

const browserAt = [process.env.PES_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'];

// The sites of a demonstration by their names, a browser, and how to end both. Whatever a page asks of any other host counts as a fault.
export async function village(port = Number(process.env.PES_PORT ?? 18080)) {
  const folder = mkdtempSync(join(tmpdir(), 'pes-browser-'));
  const program = spawn(process.env.PES ?? join(ROOT, 'target/debug/pes'), [
    'demo', '--port', String(port), '--keep', join(folder, 'demo'), '--fold-mails-at', `*/${FOLDS} * * * * *`,
  ]);
  await new Promise((open, fail) => {
    let said = '';
    const hear = (bytes) => {
      said += bytes;
      if (said.includes('Ctrl-C ends')) open();
    };
    program.stdout.on('data', hear);
    program.stderr.on('data', hear);
    program.on('exit', (code) => fail(new Error(`the demonstration ended with ${code}: ${said}`)));
  });
  const executablePath = browserAt.find((path) => path && existsSync(path));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
  const site = Object.fromEntries(SITES.map((name, at) => [name, `http://localhost:${port + at}`]));
  const end = async () => {
    await browser.close();
    program.removeAllListeners('exit');
    program.kill('SIGINT');
    rmSync(folder, { recursive: true, force: true });
  };
  return { site, mails: `http://localhost:${port + 4}`, browser, end };
}

// Somebody's browser at a site. `faults` gathers what went wrong in it.
export async function person({ browser }, base, { size = SIZES[1], script = true } = {}) {
  const context = await browser.newContext({ viewport: size, baseURL: base, javaScriptEnabled: script, locale: 'fr-FR' });
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${base}/`) && !url.startsWith('data:')) faults.push(`asks elsewhere: ${url}`);
  });
  return { context, page, faults };
}

export async function signIn(page, email) {
  await page.goto('/connexion');
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/mon-espace');
}

// Presses Tab until something has the focus, as somebody does who has no mouse.
export async function tabTo(page, target, most = 150) {
  for (let step = 0; step < most; step += 1) {
    if (await target.evaluate((one) => one === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not come to ${target}`);
}

// What axe-core finds on a page as it stands. It comes in beside the page's policy, which lets no script in.
export async function violations(context, page) {
  const session = await context.newCDPSession(page);
  const expression = `${AXE};axe.run(document, { resultTypes: ['violations'] }).then(found => JSON.stringify(found.violations.map(
    one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 120)).join(' | '))))`;
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
  await session.detach();
  if (exceptionDetails) return [`axe does not run: ${exceptionDetails.text}`];
  return JSON.parse(result.value);
}

// Waits until something holds, however busy the machine is.
export async function eventually(what, holds, patience = 30_000) {
  const end = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${patience / 1000} s`);
    await new Promise((soon) => setTimeout(soon, 100));
  }
}
