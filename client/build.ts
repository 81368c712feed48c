import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import ts from 'typescript';

const ROOT = import.meta.dirname;
const SOURCE = path.join(ROOT, 'src');
/** Its types are written out, as they are inferred from schemas that stay behind. */
const PROTOCOL = 'protocol.d.ts';
/** The oldest that it runs on; the README says the same. Syntax that is newer is written in older terms, or refused. */
const FLOOR = ['chrome94', 'edge94', 'firefox93', 'safari15.4', 'node20'];

/**
 * Builds the package into `outDir`: ES modules for browsers and Node, the same for `require`, and declarations of both
 * that need nothing but themselves (and React's, for the hooks). Throws if the types have errors or point outside the
 * package.
 */
export async function buildClient(outDir = path.join(ROOT, 'dist')): Promise<void> {
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  const options: BuildOptions = {
    entryPoints: [path.join(SOURCE, 'index.ts'), path.join(SOURCE, 'react.ts')],
    outdir: outDir,
    bundle: true,
    platform: 'neutral',
    target: FLOOR,
    external: ['react'],
    minify: true,
    logLevel: 'warning',
  };
  // The socket for old versions of Node becomes a file of its own, which browsers never load.
  await build({ ...options, format: 'esm', splitting: true, chunkNames: '[name]' });
  await build({ ...options, format: 'cjs', outExtension: { '.js': '.cjs' } });
  for (const [name, text] of declarations()) {
    mkdirSync(path.dirname(path.join(outDir, name)), { recursive: true });
    writeFileSync(path.join(outDir, name), text);
    // TypeScript takes a module's kind from its declaration's name.
    const common = text.replaceAll(/(from '\.[^']+)\.js'/g, "$1.cjs'");
    writeFileSync(path.join(outDir, name.replace(/\.ts$/, '.cts')), common);
  }
}

/** The declaration files that the two entries reach, by their paths in the package. */
function declarations(): Map<string, string> {
  const configPath = path.join(ROOT, 'tsconfig.json');
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail };
  const config = ts.getParsedCommandLineOfConfigFile(configPath, {}, host);
  if (!config) throw new Error(`unable to read ${configPath}`);
  const options = {
    ...config.options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    stripInternal: true,
  };
  const program = ts.createProgram(config.fileNames, options);
  // The package's own files alone: what they import of the protocol is declared by being written out.
  for (const fileName of config.fileNames) {
    for (const diagnostic of ts.getPreEmitDiagnostics(program, program.getSourceFile(fileName))) fail(diagnostic);
  }
  const emitted = new Map<string, string>();
  for (const fileName of config.fileNames) {
    program.emit(program.getSourceFile(fileName), (name, text) => emitted.set(path.relative(SOURCE, name), text));
  }

  const reached = new Map<string, string>();
  const queue = ['index.d.ts', 'react.d.ts'];
  const wanted = new Set<string>();
  for (let name = queue.pop(); name; name = queue.pop()) {
    if (reached.has(name)) continue;
    const text = name === PROTOCOL ? '' : emitted.get(name);
    if (text === undefined) throw new Error(`unable to declare the package; ${name} is not there`);
    for (const [, names = '', imported = ''] of text.matchAll(/(\{[^}]*\} |\*)from '(\.[^']+)\.ts'/g)) {
      const target = path.join(path.dirname(name), `${imported}.d.ts`);
      if (target.startsWith('..'))
        throw new Error(`unable to declare the package; ${name} points outside: ${imported}`);
      queue.push(target);
      if (target === PROTOCOL) for (const each of names.replaceAll(/[{}]/g, '').split(',')) wanted.add(each.trim());
    }
    const foreign = /from '(?!\.|react')[^']*'|import\([^)]*\)/.exec(text);
    if (foreign) throw new Error(`unable to declare the package; ${name} points outside: ${foreign[0]}`);
    reached.set(name, text.replaceAll(/(from '\.[^']+)\.ts'/g, "$1.js'"));
  }
  reached.set(PROTOCOL, protocolTypes(program, wanted));
  return reached;
}

/**
 * The wanted protocol types, written out: the schemas that they are inferred from stay behind. Of `*`, all that is public:
 * what has a doc line.
 */
function protocolTypes(program: ts.Program, wanted: ReadonlySet<string>): string {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(path.join(SOURCE, 'protocol.ts'));
  const module = file && checker.getSymbolAtLocation(file);
  if (!module) throw new Error('unable to find the protocol types');
  const { NoTruncation, InTypeAlias, UseSingleQuotesForStringLiteralType } = ts.TypeFormatFlags;
  const flags = NoTruncation | InTypeAlias | UseSingleQuotesForStringLiteralType;
  const lines = checker.getExportsOfModule(module).flatMap((symbol) => {
    const alias = symbol.declarations?.find(ts.isTypeAliasDeclaration);
    const comment = symbol.getDocumentationComment(checker);
    const isPublic = wanted.has('*') && comment.length > 0;
    if (!alias || !(isPublic || wanted.has(symbol.name))) return [];
    if (alias.typeParameters) throw new Error(`unable to declare the package; ${symbol.name} is generic`);
    const written = checker.typeToString(checker.getDeclaredTypeOfSymbol(symbol), undefined, flags);
    const doc = ts.displayPartsToString(comment).replaceAll('\n', '\n * ');
    return [`/**\n * ${doc}\n */\nexport type ${symbol.name} = ${written};`];
  });
  return `${lines.join('\n')}\n`;
}

function fail(diagnostic: ts.Diagnostic): never {
  throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildClient();
  const bytes = readFileSync(path.join(ROOT, 'dist/index.js')).byteLength;
  console.log(`built dist, index.js has ${bytes} bytes`);
}
