// The import map: runs dependency-cruiser over the repository by the rules of .dependency-cruiser.mjs, and prints each breach
// with its reason and remedy. It also counts: a map that read nothing would find nothing wrong.

import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import swc from '@swc/core';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

export type Breach = { readonly rule: string; readonly from: string; readonly to: string; readonly comment: string };
export type ImportMap = {
  readonly moduleCount: number;
  readonly unread: readonly string[];
  readonly breaches: readonly Breach[];
};

const rulesPath = fileURLToPath(new URL('../.dependency-cruiser.mjs', import.meta.url));
const places = ['src', 'simulation', 'bench', 'tests', 'tools'];

// dependency-cruiser's swc parser reads every file as TypeScript without JSX and breaks off at the first .tsx (its issue 1081,
// mended in its version 18). Until that is here the parser is told what the file's name says.
const parseFile = swc.parseFileSync.bind(swc);
const readByName = (path: string, options: swc.ParseOptions) =>
  parseFile(path, path.endsWith('.tsx') ? { ...options, syntax: 'typescript', tsx: true } : options);
Reflect.set(swc, 'parseFileSync', readByName);

/** Reads the repository at `root` and tells every import that is against the rules. */
export async function mapImports(root: string): Promise<ImportMap> {
  const sources = globSync(`{${places.join(',')}}/**/*.{ts,tsx,mjs}`, { cwd: root }).filter(
    (path) => !path.includes('node_modules'),
  );
  const options = await extractDepcruiseOptions(rulesPath);
  const result = await cruise(
    places.filter((place) => sources.some((path) => path.startsWith(`${place}/`))),
    { ...options, baseDir: root, validate: true },
    { ...options.enhancedResolveOptions },
  );
  const { output } = result;
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with text where data was asked for');
  const comments = new Map(options.ruleSet?.forbidden?.map((rule) => [rule.name, rule.comment ?? '']));
  return toMap(output, sources, comments);
}

function toMap(
  output: ICruiseResult,
  sources: readonly string[],
  comments: ReadonlyMap<string | undefined, string>,
): ImportMap {
  const read = new Set(output.modules.map((module) => module.source));
  return {
    moduleCount: sources.filter((path) => read.has(path)).length,
    unread: sources.filter((path) => !read.has(path)),
    breaches: output.summary.violations.map((violation) => ({
      rule: violation.rule.name,
      from: violation.from,
      to: violation.to,
      comment: comments.get(violation.rule.name) ?? '',
    })),
  };
}

/** Lines for the terminal; empty when all is well. */
export function complaints(map: ImportMap): readonly string[] {
  const lines = map.breaches.map(({ rule, from, to, comment }) => `${from} → ${to}\n  ${rule}: ${comment}`);
  if (map.moduleCount === 0) lines.push('No module was read: the import map itself is broken.');
  if (map.unread.length > 0) lines.push(`Not read, so not checked: ${map.unread.join(', ')}`);
  return lines;
}

if (import.meta.main) {
  const map = await mapImports(fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, ''));
  const lines = complaints(map);
  process.stdout.write([...lines, `${map.moduleCount} modules read, ${lines.length} complaints.`, ''].join('\n'));
  if (lines.length > 0) process.exitCode = 1;
}
