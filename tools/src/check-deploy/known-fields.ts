import ts from 'typescript';
import { REPO_ROOT } from '../stack/home.ts';
import { type Finding, type KubeObject, nameOf } from './kube-object.ts';
import { KUBERNETES_KINDS } from './live-kinds.ts';

/** A file that is in memory only; it stands where the packages of types are found from. */
const FILE = `${REPO_ROOT}/tools/src/check-deploy/rendered.ts`;
const OPTIONS: ts.CompilerOptions = {
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  types: [],
  lib: ['lib.es2022.d.ts'],
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
};

/** Fields that Kubernetes does not know, and values of another type than it knows them by. An API server drops such a field without a word, and
 *  the JSON Schemas allow it; TypeScript does not allow it in a literal: each object becomes one, of its kind's type. */
export function unknownFields(objects: readonly KubeObject[]): Finding[] {
  const typed = objects.filter(({ apiVersion, kind }) => KUBERNETES_KINDS[`${apiVersion} ${kind}`]);
  const kinds = [...new Map(typed.map(({ kind, apiVersion }) => [kind, `import type { I${kind} } from 'kubernetes-models/${apiVersion}/${kind}';`])).values()];
  const literals = typed.map(({ ...object }, index) => `const o${index}: I${object.kind} = ${JSON.stringify(object)};`);
  const source = ts.createSourceFile(FILE, [...kinds, ...literals].join('\n'), ts.ScriptTarget.ES2022, true);
  return diagnose(source).map((diagnostic) => {
    const line = source.getLineAndCharacterOfPosition(diagnostic.start).line - kinds.length;
    const object = typed[line];
    const says = `${pathAt(source, diagnostic.start)}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`;
    return { at: object ? nameOf(object) : FILE, says };
  });
}

function diagnose(source: ts.SourceFile): ts.DiagnosticWithLocation[] {
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, ...rest) => (name === FILE ? source : getSourceFile.call(host, name, ...rest));
  host.fileExists = (name) => name === FILE || fileExists.call(host, name);
  const program = ts.createProgram([FILE], OPTIONS, host);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].filter((one): one is ts.DiagnosticWithLocation => one.start !== undefined);
}

/** e.g. `spec.template.spec.containers.0.image` */
function pathAt(source: ts.SourceFile, position: number): string {
  const path: string[] = [];
  const descend = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.name)) path.push(node.name.text);
    if (ts.isArrayLiteralExpression(node)) {
      const index = node.elements.findIndex((element) => element.pos <= position && position < element.end);
      if (index >= 0) path.push(String(index));
    }
    ts.forEachChild(node, (child) => (child.pos <= position && position < child.end ? descend(child) : undefined));
  };
  descend(source);
  return path.join('.');
}
