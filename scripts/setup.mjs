#!/usr/bin/env node
/**
 * Makes a fresh clone ready, then runs a script of the project's with the project's own Node.
 *
 *     node scripts/setup.mjs scripts/start.ts [arguments]
 *
 * Plain JavaScript without dependencies, for whatever Node (20 or newer) the machine has: it runs before anything is
 * installed. It prints to standard error only, so that the output of the script stays clean.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
/** How often to look whether npm, which started us, is still there. */
const PARENT_CHECK_MS = 500;

const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');
const ownNode = join(binaries, 'node');
const stampFile = join(root, 'node_modules', '.parley-setup');

/** @param {string} sentence what is wrong and what to do about it */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function checkMachine() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) {
    fail(
      `Parley needs Node ${OLDEST_NODE} or newer and this is ${process.versions.node}: install one, then run the command again.`,
    );
  }
  if (process.platform === 'win32') fail('Parley runs on Linux and macOS; on Windows use it inside WSL.');
}

/**
 * Whether what npm says it has installed is what the lock file asks for (packages for other platforms aside). A link to
 * a workspace has no version: it must be there, and lead to the same folder.
 */
function matchesLock(lockText) {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(lockText).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { link, optional, resolved, version }]) => {
    const found = installed[path];
    if (path === '' || optional) return true;
    return found !== undefined && found.version === version && (!link || found.resolved === resolved);
  });
}

/** Runs npm with its output on standard error, and gives its exit code. */
function npm(...parameters) {
  const cli = process.env.npm_execpath ?? '';
  const [command, first] = cli.endsWith('npm-cli.js') ? [process.execPath, [cli]] : ['npm', []];
  const { status, error } = spawnSync(command, [...first, ...parameters], { cwd: root, stdio: ['ignore', 2, 2] });
  if (error) fail(`npm did not start (${error.message}): install Node together with npm, then run the command again.`);
  return status;
}

function install() {
  const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const stamp = createHash('sha256').update(`${process.platform} ${process.arch}\n`).update(lockText).digest('hex');
  if (existsSync(ownNode) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  if (!existsSync(ownNode) || !matchesLock(lockText)) {
    const started = performance.now();
    // Where packages are installed, only what the lock changed is fetched; `npm ci` would delete all the others first.
    const command = existsSync(join(root, 'node_modules')) ? ['install', '--no-save'] : ['ci'];
    process.stderr.write(`packages: npm ${command[0]} …\n`);
    // Without install scripts there is no Node of our own; a user's `ignore-scripts` must not take it away silently.
    const status = npm(...command, '--ignore-scripts=false', '--no-audit', '--no-fund', '--loglevel=error');
    if (status !== 0)
      fail('npm failed (its reason is above): check the network and the registry, then run the command again.');
    if (!existsSync(ownNode))
      fail("npm left out the project's own Node: run `npm rebuild node`, then run the command again.");
    process.stderr.write(`packages installed in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  }
  writeFileSync(stampFile, stamp);
}

/** Runs the script, hands on signals, and ends with its exit code. */
function run(script, parameters) {
  const child = spawn(ownNode, [script, ...parameters], {
    cwd: root,
    // The fourth is a channel whose closing tells the script that we are gone, however that happened.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}` },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // A shell between npm and us does not hand on signals: when it is gone, so are the ones who wanted this run.
  if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid;
    const check = () => process.ppid !== parent && child.connected && child.disconnect();
    setInterval(check, PARENT_CHECK_MS).unref();
  }
  child.on('error', (error) =>
    fail(`The project's Node did not start (${error.message}): run \`npm install\`, then the command again.`),
  );
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));
}

const [script, ...parameters] = process.argv.slice(2);
if (!script) fail('usage: node scripts/setup.mjs <script> [arguments]');
checkMachine();
install();
run(script, parameters);
