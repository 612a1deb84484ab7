// SPDX-License-Identifier: AGPL-3.0-or-later
// A node that knows no other, with the settings of its operator: `pes init`, `pes user create`, `pes serve`.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PASSWORD, eventually } from './village.mjs';

const PROGRAM = process.env.PES ?? new URL('../../target/debug/pes', import.meta.url).pathname;
export const OPERATOR = 'operateur@seul.example';

// The node, made anew and stopped. `serve` starts it with settings such as { PES_TILES_URL: '…' }, and gives what stops it; `end` stops it too,
// and takes its folder away.
export function alone(port) {
  const folder = mkdtempSync(join(tmpdir(), 'pes-alone-'));
  const base = `http://localhost:${port}`;
  const env = { ...process.env, PES_DATA: join(folder, 'data'), PES_LISTEN: `127.0.0.1:${port}`, PES_ALLOW_PRIVATE_PEERS: 'true' };
  const run = (words, input) => {
    const { status, stderr } = spawnSync(PROGRAM, words, { env, cwd: folder, input });
    if (status !== 0) throw new Error(`pes ${words.join(' ')}: ${stderr}`);
  };
  run(['init', '--origin', base, '--name', 'Les Essais']);
  run(['user', 'create', '--role', 'administrator', '--name', 'Nora Simon', '--email', OPERATOR, '--password-stdin'], `${PASSWORD}\n`);
  let server = null;
  const serve = async (settings) => {
    server = spawn(PROGRAM, ['serve'], { env: { ...env, ...settings }, cwd: folder });
    let said = '';
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (bytes) => (said += bytes));
    const isThere = () => fetch(`${base}/connexion`).then((answer) => answer.ok, () => false);
    await eventually(`the node alone answers: ${said}`, () => (server.exitCode === null ? isThere() : Promise.reject(new Error(said))));
    return () => new Promise((stopped) => {
      server.on('exit', stopped);
      server.kill('SIGINT');
    });
  };
  const end = () => {
    server?.removeAllListeners('exit');
    server?.kill('SIGINT');
    rmSync(folder, { recursive: true, force: true });
  };
  return { base, serve, end };
}
