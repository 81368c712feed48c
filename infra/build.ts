import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { buildWebApp } from '../client/web/build.ts';
import { bundleFunctions } from './bundle.ts';

const FOLDER = import.meta.dirname;
const ROOT = join(FOLDER, '..');

/**
 * Builds the package `@parley/cdk` into `outDir`: the constructs as JavaScript with declarations, the bundle of every
 * function, and the web app. Nothing in it has to be compiled later: Node strips no types under `node_modules`.
 * @throws Error if something does not compile
 */
export function buildPackage(outDir = join(FOLDER, 'dist')): void {
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  compile(outDir);
  for (const [name, { directory }] of Object.entries(bundleFunctions())) {
    cpSync(directory, join(outDir, 'functions', name), { recursive: true });
  }
  cpSync(buildWebApp().directory, join(outDir, 'web'), { recursive: true });
}

/** Compiles what `index.ts` reaches. Folders stay as they are: constructs import names from `shared`. */
function compile(outDir: string): void {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail };
  const config = ts.getParsedCommandLineOfConfigFile(join(ROOT, 'tsconfig.json'), {}, host);
  if (!config) throw new Error('unable to read tsconfig.json');
  const program = ts.createProgram([join(FOLDER, 'index.ts')], {
    ...config.options,
    noEmit: false,
    allowImportingTsExtensions: false,
    rewriteRelativeImportExtensions: true,
    declaration: true,
    target: ts.ScriptTarget.ES2022,
    rootDir: ROOT,
    outDir,
  });
  for (const diagnostic of ts.getPreEmitDiagnostics(program)) fail(diagnostic);
  program.emit();
}

function fail(diagnostic: ts.Diagnostic): never {
  throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildPackage();
