const WIDTH = 140;

/** JSON for readers: members follow each other on lines of up to 140 characters, an object within begins a line of its own. */
export function compactJson(value: Readonly<Record<string, unknown>>, indent = ''): string {
  const inner = `${indent}  `;
  const lines: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    const nested = isObject(member);
    const text = `${JSON.stringify(name)}: ${nested ? compactJson(member, inner) : JSON.stringify(member)}`;
    const last = lines.at(-1);
    if (last !== undefined && !nested && inner.length + last.length + text.length + 2 < WIDTH) lines[lines.length - 1] = `${last}, ${text}`;
    else lines.push(text);
  }
  return `{\n${lines.map((line) => `${inner}${line}`).join(',\n')}\n${indent}}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
