import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The layers that each layer may import, apart from itself. Imports point one way. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'shared/protocol': [],
  'shared/platform': ['shared/protocol', 'shared/domain'],
  'shared/domain': ['shared/protocol'],
  'shared/usecases': ['shared/protocol', 'shared/domain'],
  'shared/store': ['shared/protocol', 'shared/domain', 'shared/platform'],
  'shared/delivery': ['shared/protocol', 'shared/domain'],
  functions: [
    'shared/protocol',
    'shared/platform',
    'shared/domain',
    'shared/usecases',
    'shared/store',
    'shared/delivery',
  ],
  infra: ['shared/domain', 'shared/platform', 'client/web'],
  'client/src': ['shared/protocol'],
  'client/web': ['shared/protocol'],
};
/** All that `infra` may import from the code it deploys. */
const KNOWN_TO_INFRA = [
  'shared/platform/aws-domains.ts',
  'shared/domain/bus-names.ts',
  'shared/platform/alarm-metrics.ts',
  'shared/platform/environment.ts',
  'shared/platform/key-prefixes.ts',
  'shared/platform/memberships-index.ts',
  'shared/platform/web-headers.ts',
  'client/web/build.ts',
];
/** What runs in browsers, and what decides without asking the outside. */
const WITHOUT_PLATFORM = ['shared/protocol', 'shared/domain', 'client/src', 'client/web'];

interface Import {
  readonly file: string;
  readonly layer: string;
  readonly target: string;
}

const imports = (await Promise.all(Object.keys(MAY_IMPORT).map(importsOf))).flat();

async function importsOf(layer: string): Promise<Import[]> {
  const entries = await readdir(join(ROOT, layer), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/node_modules|[/]dist[/]|(vite.config|build).ts$/.test(file));
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(file, 'utf8');
      const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name]) => name ?? '');
      return specifiers.map((name) => ({
        file: relative(ROOT, file),
        layer,
        target: name.startsWith('.') ? relative(ROOT, join(dirname(file), name)) : name,
      }));
    }),
  );
  return found.flat();
}

function layerOf(target: string): string | undefined {
  return Object.keys(MAY_IMPORT).find((layer) => target.startsWith(`${layer}/`));
}

it('finds the imports that it judges', () => {
  expect(imports.length).toBeGreaterThan(300);
});

it.each(Object.entries(MAY_IMPORT))('%s imports only what lies below it', (layer, below) => {
  const wrong = imports.filter(({ layer: from, target }) => {
    const to = layerOf(target);
    return from === layer && to !== undefined && to !== layer && !below.includes(to);
  });
  expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

it('infra imports names of the code it deploys and how to build it, and nothing else', () => {
  const known = imports.filter(
    ({ layer, target }) => layer === 'infra' && /^(shared|client|functions)[/]/.test(target),
  );
  expect(known.filter(({ target }) => !KNOWN_TO_INFRA.includes(target))).toEqual([]);
});

it.each(WITHOUT_PLATFORM)('%s needs neither Node nor AWS', (layer) => {
  const platform = imports.filter(
    ({ layer: from, target }) => from === layer && /^(node:|@aws-|@smithy|aws-)/.test(target),
  );
  expect(platform.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

it('has no circle of imports', () => {
  const below = Map.groupBy(imports, ({ file }) => file);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    else if (!done.has(file)) for (const { target } of below.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of below.keys()) visit(file, []);
  expect(circles).toEqual([]);
});

it('the SDK, the web app and the console cast nothing by way of unknown', async () => {
  const files = (await readdir(join(ROOT, 'client'), { recursive: true }))
    .filter((name) => /\.tsx?$/.test(name) && !/node_modules|dist/.test(name))
    .map((name) => join(ROOT, 'client', name));
  expect(files.length).toBeGreaterThan(50);
  const detours = await Promise.all(
    files.map(async (file) => (/\bas unknown as\b/.test(await readFile(file, 'utf8')) ? [relative(ROOT, file)] : [])),
  );
  expect(detours.flat()).toEqual([]);
});

it('only the module that builds keys knows their separator', async () => {
  const files = (await readdir(join(ROOT, 'shared'), { recursive: true })).filter((name) => name.endsWith('.ts'));
  const building = await Promise.all(
    files.map(async (name) => {
      const code = (await readFile(join(ROOT, 'shared', name), 'utf8')).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      return /['"`][^'"`\n]*#[^'"`\n]*['"`]/.test(code) ? [name] : [];
    }),
  );
  expect(building.flat().sort()).toEqual(['platform/key-prefixes.ts', 'store/keys.ts']);
});
