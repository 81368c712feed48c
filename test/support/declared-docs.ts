import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** One declaration that a package exports to its users, and what its doc comment says. */
export interface Declared {
  /** Such as `Client.connect`. */
  readonly name: string;
  readonly isCallable: boolean;
  /** The text of the doc comment, without tags. */
  readonly line: string;
  /** The code of each example. */
  readonly examples: readonly string[];
}

/** Everything exported by the declaration files in `folder`, with the members of interfaces and classes. */
export function declaredIn(folder: string): Declared[] {
  return globSync('**/*.d.ts', { cwd: folder }).flatMap((name) => {
    const file = ts.createSourceFile(name, readFileSync(path.join(folder, name), 'utf8'), ts.ScriptTarget.ES2024, true);
    return file.statements.filter(isExported).flatMap((statement) => {
      if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(declared);
      if (ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement)) {
        const members = [...statement.members].filter((member) => !ts.isPrivateIdentifier(member.name ?? statement));
        return [statement, ...members].map(declared);
      }
      return ts.isExportDeclaration(statement) ? [] : [declared(statement)];
    });
  });
}

function isExported(statement: ts.Statement): boolean {
  return ts.canHaveModifiers(statement)
    ? (ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false)
    : false;
}

function declared(node: ts.Node): Declared {
  const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const tags = ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === 'example');
  return {
    name: [...owners(node)].reverse().join('.'),
    isCallable: ts.isMethodSignature(node) || ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node),
    line: docs.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '').join(' '),
    examples: tags.map(({ comment }) => (ts.getTextOfJSDocComment(comment) ?? '').replaceAll(/^```.*$/gm, '')),
  };
}

function* owners(node: ts.Node): Generator<string> {
  for (let at: ts.Node | undefined = node; at && !ts.isSourceFile(at); at = at.parent) {
    const name = ts.getNameOfDeclaration(at as ts.Declaration);
    if (name) yield name.getText();
    else if (ts.isConstructorDeclaration(at)) yield 'constructor';
  }
}
